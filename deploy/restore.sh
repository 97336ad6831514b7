#!/bin/sh
# Puts back what deploy/backup.sh wrote, in place of all data that is there: deploy/restore.sh jasne-2026-11-22.tar.gz
set -eu
file=${1:?"usage: deploy/restore.sh FILE"}
# before anything is taken away
contents=$(tar -tzf "$file") || { echo "$file is no backup: it cannot be read" >&2; exit 1; }
for folder in mongo-data/ nats-data/ vault/; do
  echo "$contents" | grep -qx "$folder" || { echo "$file is no backup: it has no $folder" >&2; exit 1; }
done

docker compose down
docker compose run --rm --no-deps -T volumes sh -c 'find . -mindepth 2 -delete && tar -xz' < "$file"
docker compose up --detach --wait
