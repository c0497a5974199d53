#!/bin/sh
# Run inside the new root file system when the packages are in it, by both ways of building (Dockerfile, debootstrap): leaves out what a telephone exchange
# does not need, and takes away every right that could be lent.
set -eu

rm -rf /var/cache/apt/* /var/cache/debconf /var/lib/apt/lists/* /var/lib/dpkg/info /var/log/* /usr/sbin/policy-rc.d
rm -rf /usr/share/doc /usr/share/man /usr/share/info /usr/share/locale /usr/share/snmp /usr/share/alsa
rm -rf /usr/share/perl /usr/share/perl5 /usr/lib/*-linux-gnu/perl /usr/lib/*-linux-gnu/gconv
# Everything that is said in a call comes from the app.
rm -rf /usr/share/asterisk/sounds /usr/share/asterisk/moh /usr/share/asterisk/phoneprov /usr/share/asterisk/static-http /usr/share/asterisk/agi-bin
# Examples; the app's own files are mounted in their place.
rm -rf /etc/asterisk /var/spool/asterisk /var/lib/asterisk
find / -xdev -type f -perm /6000 -exec chmod a-s {} +

# Where the app mounts its folders; everything else is read-only at run time.
mkdir -p /etc/asterisk /run/asterisk /var/lib/asterisk /var/log/asterisk /var/spool/asterisk /var/lib/openclaw
# Providers' certificates for SIP over TLS, at the path that Asterisk is told.
test -s /etc/ssl/certs/ca-certificates.crt
/usr/sbin/asterisk -V
