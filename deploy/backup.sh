#!/bin/sh
# Writes all data of the compose system into one file: deploy/backup.sh jasne-2026-11-22.tar.gz
#
# The system stands still for as long as copying takes, so that stores and bus are of one moment. It holds the secrets,
# too, and what people wrote: keep it as such. COMPOSE_FILE and COMPOSE_PROJECT_NAME are docker compose's own.
set -eu
file=${1:?"usage: deploy/backup.sh FILE"}
[ ! -e "$file" ] || { echo "$file is there already" >&2; exit 1; }
umask 077

# the way in first, so that nobody is answered by half a system; what keeps data last, when all is written
running=$(docker compose ps --services --status running)
go_on() { rm -f "$file.unfinished"; [ -z "$running" ] || docker compose start $running; }
trap go_on EXIT
docker compose stop gateway-door gateway registry consultations events
docker compose stop nats mongo

docker compose run --rm --no-deps -T volumes tar -cz mongo-data nats-data vault > "$file.unfinished"
gzip --test "$file.unfinished"
mv "$file.unfinished" "$file"
echo "wrote $file, $(du -h "$file" | cut -f1)"
