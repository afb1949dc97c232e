#!/bin/sh
# Puts a copy into an EMPTY database and an empty folder, and proves it:
#   AMENDS_DATABASE_URL=postgresql://…/amends_new restore-postgresql.sh /backup/amends/2026-11-22 /srv/amends-new
# No worker and no web server may use that database meanwhile.
set -eu
umask 077
copy=$1
home=$2
amends=${AMENDS:-/opt/amends/.venv/bin/amends}

mkdir -p "$home"
pg_restore --no-owner --exit-on-error --single-transaction --dbname="$AMENDS_DATABASE_URL" "$copy/amends.dump"
cp -p "$copy/secret.key" "$home/"
cp -Rp "$copy/secrets" "$home/"

AMENDS_HOME=$home "$amends" verify
AMENDS_HOME=$home "$amends" refold --check
