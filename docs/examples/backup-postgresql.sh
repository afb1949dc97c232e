#!/bin/sh
# Copies a desk on PostgreSQL while it runs: backup-postgresql.sh /srv/amends /backup/amends/2026-11-22
# AMENDS_DATABASE_URL names the database. The copy holds the desk's secrets: keep it as safe as the desk.
set -eu
umask 077
home=$1
copy=$2

mkdir -p "$copy"
pg_dump --format=custom --no-owner --file="$copy/amends.dump" "$AMENDS_DATABASE_URL"
cp -p "$home/secret.key" "$copy/"
cp -Rp "$home/secrets" "$copy/"
