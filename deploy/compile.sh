#!/bin/sh
# Compiles the inner loops of the schedule engine to machine code (ADR 46): deploy/compile.sh MYPYC FOLDER. The folder (an absolute path),
# made anew, then goes before the checkout on PYTHONPATH. Nothing is put beside the sources: nobody runs code older than what they edit.
set -eu
mypyc=$1
folder=$2
cd "$(dirname "$0")/.."

rm -rf "$folder" "$folder.new"
mkdir -p "$folder.new"
cp -R schedule "$folder.new"
(
    cd "$folder.new"
    # Not `contract` and `outcome`: a msgspec.Struct is compiled already, and mypyc cannot make one.
    set -- schedule/days.py schedule/dayset.py
    for module in child engine expecting explaining judging law pieces planning projecting reckoning; do
        set -- "$@" "schedule/japan/$module.py"
    done
    if ! said=$("$mypyc" "$@" 2>&1); then
        echo "$said" >&2
        exit 1
    fi
    rm -rf build
)
mv "$folder.new" "$folder"
