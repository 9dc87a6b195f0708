#!/bin/sh
# Writes every secret that compose.yaml hands out, each to a file of deploy/secrets. What is there already stays.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
# The folder is closed; the files are open to the containers' users, which is how compose hands over files.
chmod 700 secrets
cd secrets

keep() { # name: store standard input, unless the secret exists
    if [ -e "$1" ]; then cat >/dev/null; else
        (umask 077 && cat >"$1.new")
        chmod 444 "$1.new"
        mv "$1.new" "$1"
    fi
}
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
url() { # name, scheme and user, file of the password, host and rest
    printf '%s:%s@%s' "$2" "$(cat "$3")" "$4" | keep "$1"
}

for name in log app projector mailer auditor keys redis; do random | keep "${name}_password"; done
random | keep kek
[ -e hagukumi_dkim_key.pem ] || openssl genrsa 2048 2>/dev/null | keep hagukumi_dkim_key.pem
url database_url postgresql://hagukumi log_password log/hagukumi
for part in app projector mailer auditor; do
    url "hagukumi_${part}_database_url" "postgresql://ward_$part" "${part}_password" log/hagukumi
done
url hagukumi_keys_url postgresql://hagukumi_keys keys_password keys/hagukumi_keys
url redis_url redis:// redis_password redis:6379/0
echo "Put into DNS: hagukumi._domainkey.YOUR-DOMAIN TXT \"v=DKIM1; k=rsa; p=$(openssl rsa -in hagukumi_dkim_key.pem -pubout -outform DER 2>/dev/null | openssl base64 -A)\""
echo "deploy/secrets is complete but for tls.crt and tls.key. Keep a copy of deploy/secrets/kek on another medium."
