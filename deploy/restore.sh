#!/bin/sh
# Puts back what deploy/backup.sh wrote, in place of all data that is there: deploy/restore.sh jasne-2026-11-22.tar.gz
set -eu
file=${1:?"usage: deploy/restore.sh FILE"}
gzip --test "$file"

docker compose down
docker compose run --rm --no-deps -T volumes sh -c 'find . -mindepth 2 -delete && tar -xz' < "$file"
docker compose up --detach --wait
