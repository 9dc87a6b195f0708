#!/bin/sh
# Prints the path of a uv that this checkout can use, and first puts one into .venv-tools when the machine has none.
set -eu
cd "$(dirname "$0")/.."
tools=$PWD/.venv-tools
wanted="uv>=0.9,<1"
python=${PYTHON:-python3}

recent_enough() { # uv 0.9 or newer, as pyproject.toml demands
    "$1" --version 2>/dev/null | awk '{ split($2, v, "."); ok = v[1] > 0 || v[2] >= 9 } END { exit !ok }'
}

for uv in "$tools/bin/uv" uv; do
    if recent_enough "$uv"; then
        command -v "$uv"
        exit
    fi
done

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Hagukumi needs Python 3.11 or newer as $python (make PYTHON=/path/to/python says which)." >&2
    exit 1
fi

echo "Fetching uv into .venv-tools" >&2
rm -rf "$tools"
# Debian's Python comes without venv, pip or both: whichever is there will do.
{
    "$python" -m venv "$tools" && "$tools/bin/python" -m pip install --quiet "$wanted"
} >&2 2>/dev/null || {
    rm -rf "$tools"
    "$python" -m pip install --quiet --target "$tools" "$wanted"
} >&2 || {
    rm -rf "$tools"
    echo "Could not fetch uv: this needs the network and either Python's venv or pip" >&2
    echo "(Debian: apt-get install python3-venv). Or install uv yourself: https://docs.astral.sh/uv/" >&2
    exit 1
}
echo "$tools/bin/uv"
