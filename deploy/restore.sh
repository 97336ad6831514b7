#!/bin/sh
# Puts back what deploy/backup.sh wrote, in place of all data that is there: deploy/restore.sh jasne-2026-11-22.tar.gz
set -eu
file=${1:?"usage: deploy/restore.sh FILE"}
# before anything is taken away
contents=$(tar -tzf "$file") || { echo "$file is no backup: it cannot be read" >&2; exit 1; }
for name in mongo-data/ nats-data/ vault/ vault/mongo-root; do
  echo "$contents" | grep -qx "$name" || { echo "$file is no backup: it has no $name" >&2; exit 1; }
done

docker compose down
# beside what is there, which goes only when all has come: a disk that gets full must not leave half of it and nothing else
docker compose run --rm --no-deps -T volumes sh -ec '
  rm -rf ./*/.restored
  trap "rm -rf ./*/.restored" EXIT
  tar -xz --transform "flags=rSh;s,^[^/]*,&/.restored,"
  for volume in *; do
    find "$volume" -mindepth 1 -maxdepth 1 ! -name .restored -exec rm -rf {} +
    find "$volume/.restored" -mindepth 1 -maxdepth 1 -exec mv -t "$volume" {} +
    chown --reference "$volume/.restored" "$volume"
    chmod --reference "$volume/.restored" "$volume"
  done' < "$file"
docker compose up --detach --wait
