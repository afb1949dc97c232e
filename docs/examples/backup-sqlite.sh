#!/bin/sh
# Copies a desk on SQLite while it runs, and proves the copy: backup-sqlite.sh /srv/amends /backup/amends/2026-11-22
# The copy is itself a folder for AMENDS_HOME. It holds the desk's secrets: keep it as safe as the desk.
set -eu
umask 077
home=$1
copy=$2
amends=${AMENDS:-/opt/amends/.venv/bin/amends}

mkdir -p "$copy"
# SQLite's own online backup: a plain `cp` of a database that is written to would be torn.
"$(dirname "$amends")/python" - "$home/db.sqlite3" "$copy/db.sqlite3" <<'END'
import sqlite3
import sys

source, target = (sqlite3.connect(path, timeout=20) for path in sys.argv[1:])
source.backup(target)
END
cp -p "$home/secret.key" "$copy/"
cp -Rp "$home/secrets" "$copy/"
# What was erased, so that a restore can be told. When restoring, keep the newest one that there is.
[ ! -f "$home/erased.jsonl" ] || cp -p "$home/erased.jsonl" "$copy/"

# A backup that nobody has opened is a hope.
AMENDS_HOME=$copy "$amends" verify
AMENDS_HOME=$copy "$amends" refold --check
