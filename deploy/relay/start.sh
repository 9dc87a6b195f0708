#!/bin/sh
# The configuration lies in memory, as the file system is read-only.
set -eu
cp --archive /usr/share/postfix-etc/. /etc/postfix/
cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
install --directory --owner postfix --group postfix --mode 0700 /var/lib/postfix
postconf -e "myhostname = ${MAIL_DOMAIN:?the domain mail is sent from}"
# 2525 instead of 25: a port that needs no rights. Outside the notifier's network it is not published.
postconf -M "2525/inet=2525 inet n - n - - smtpd"
# Published as port 25: reports come in here.
postconf -M '2526/inet=2526 inet n - n - - smtpd -o smtpd_relay_restrictions=$returns_only'
postconf -MX smtp/inet
postconf -F "*/*/chroot = n" # a chroot would need copies of the resolver's files
# Addresses of families do not reach the log of the container. Message ids do: `hagukumi mail reseed` reads what was taken over.
mkfifo /tmp/log
sed --unbuffered --regexp-extended '/ message-id=</!s/[^ <=:,]+@[^ >:,]+/(address)/g' </tmp/log &
exec postfix start-fg >/tmp/log
