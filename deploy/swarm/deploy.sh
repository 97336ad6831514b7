#!/bin/sh
# Deploys Jasne to a Swarm, or brings one that is there to another version, number of replicas or settings. To be run on
# a manager, always the same one: its volume STACK_vault keeps the secrets. Safe to repeat; README.md beside it has more.
#
#   IMAGES=registry.example/jasne VERSION=1.4.0 deploy/swarm/deploy.sh [--renew mongo-registry] …
#
# Ends with 1 when a service was rolled back; the others then have the new version, and what was rolled back the old one.
set -eu
umask 077

STACK=${STACK:-jasne} IMAGES=${IMAGES:-jasne} VERSION=${VERSION:-latest}
# how Swarm finds the images: `never` for ones that were built on this machine and are in no registry
RESOLVE=${RESOLVE:-changed}
# seconds until all replicas of a service must run
PATIENCE=${PATIENCE:-600}
export STACK IMAGES VERSION

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

fail() { echo "deploy: $*" >&2; exit 1; }

# as root in the container, because the secrets are given to other users; they leave it as an archive, and no container
# but this one sees the vault. Usage: setup MODULE ARGUMENTS-OF-DOCKER-RUN -- ARGUMENTS-OF-THE-MODULE
setup() {
  module=$1; shift
  arguments=
  while [ "$1" != -- ]; do arguments="$arguments $1"; shift; done
  shift
  # shellcheck disable=SC2086 # none of them has blanks
  docker run --rm --read-only --tmpfs /tmp --user 0:0 --cap-drop ALL --cap-add CHOWN --cap-add DAC_OVERRIDE \
    --security-opt no-new-privileges --mount "type=volume,source=${STACK}_vault,target=/vault" $arguments \
    "$IMAGES/tools:$VERSION" \
    sh -ec 'module=$1; shift; python -m "$module" --places /tmp/places "$@" >&2; tar -C /tmp/places -c .' \
    sh "deploy.setup.$module" "$@" >"$work/given.tar"
  tar -C "$work" -xf "$work/given.tar"
}

# makes the secret or config NAME of a file unless there is one of this content, and tells the stack what it is called
keep() {
  kind=$1 name=$2 file=$3
  full="${STACK}_${name}_$(sha256sum <"$file" | cut -c 1-12)"
  docker "$kind" inspect "$full" >/dev/null 2>&1 ||
    docker "$kind" create --label "jasne.stack=$STACK" "$full" "$file" >/dev/null
  export "$(echo "${kind}_$name" | tr '[:lower:]' '[:upper:]')=$full"
}

deploy() { docker stack deploy --resolve-image "$RESOLVE" --with-registry-auth --compose-file "$here/$1" "$STACK"; }

update_of() { docker service inspect --format '{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}' "${STACK}_$1"; }

replicas_of() {
  docker service ls --filter "name=${STACK}_$1" --format '{{.Name}} {{.Replicas}}' |
    sed -n "s/^${STACK}_$1 \([0-9/]*\).*/\1/p"
}

settled() {
  case "$(update_of "$1")" in updating | rollback_started) return 1 ;; esac
  running=$(replicas_of "$1")
  [ "${running%/*}" = "${running#*/}" ]
}

# until all replicas run and no update does; one look is not enough, because an update begins a moment after it is asked
await() {
  end=$(($(date +%s) + PATIENCE)) calm=0
  while [ "$calm" -lt 3 ]; do
    [ "$(date +%s)" -lt "$end" ] || fail "$service is not there: docker service ps --no-trunc ${STACK}_$service"
    sleep 1
    calm=$((calm + 1))
    for service in "$@"; do
      settled "$service" || { calm=0; break; }
    done
  done
  for service in "$@"; do
    state=$(update_of "$service")
    case "$state" in
      rollback* | paused) echo "deploy: $service: $state: docker service ps --no-trunc ${STACK}_$service" >&2; failed=1 ;;
      *) echo "$service: $(replicas_of "$service")" ;;
    esac
  done
}

# a volume that is made for NATS belongs to root, and NATS does not run as root; the volume may be on another node
give_volume_to_nats() {
  docker service create --detach --quiet --name "${STACK}_volume" --mode replicated-job --restart-condition none \
    --no-resolve-image --with-registry-auth --constraint "node.labels.jasne.nats == true" --user 0:0 \
    --cap-drop ALL --cap-add CHOWN --mount "type=volume,source=${STACK}_nats-data,target=/data" \
    "$IMAGES/tools:$VERSION" chown 10002:10002 /data >/dev/null
  end=$(($(date +%s) + PATIENCE))
  while :; do
    state=$(docker service ps --format '{{.CurrentState}}' "${STACK}_volume")
    case "$state" in Complete*) break ;; Failed* | Rejected*) end=0 ;; esac
    [ "$(date +%s)" -lt "$end" ] || fail "the volume of NATS: docker service ps --no-trunc ${STACK}_volume"
    sleep 0.5
  done
  docker service rm "${STACK}_volume" >/dev/null
  # Swarm leaves the container of a job behind; one on another node is left to that node's own tidying
  docker ps --all --quiet --filter "label=com.docker.swarm.service.name=${STACK}_volume" |
    while read -r container; do docker rm --force "$container" >/dev/null; done
}

[ "$(docker info --format '{{.Swarm.ControlAvailable}}')" = true ] ||
  fail "this engine is no manager of a Swarm: docker swarm init, or run this on one"
nodes=$(docker node ls --quiet)
for data in mongo nats; do
  docker node ls --quiet --filter "node.label=jasne.$data=true" | grep -q . && continue
  [ "$(echo "$nodes" | wc -l)" = 1 ] ||
    fail "which node is to keep the data? docker node update --label-add jasne.$data=true NODE"
  docker node update --label-add "jasne.$data=true" "$nodes" >/dev/null
done
if ! docker volume inspect "${STACK}_vault" >/dev/null 2>&1 &&
  docker secret ls --quiet --filter "label=jasne.stack=$STACK" | grep -q .; then
  fail "the volume ${STACK}_vault is not on this manager; secrets made anew would not fit what is deployed"
fi
[ -e "$here/settings.env" ] || : >"$here/settings.env"

setup secrets --network none -- "$@"
keep secret mongo_root_password "$work/mongo/root_password"
keep secret mongo_keyfile "$work/mongo/keyfile"
keep secret nats_passwords "$work/nats/passwords"
for process in registry consultations events gateway; do
  keep secret "${process}_nats_url" "$work/$process/nats_url"
done
keep config jwks "$work/jwks/jwks.json"
keep config nats "$here/../nats/nats.conf"
keep config nats_users "$here/../nats/users.conf"

failed=
docker service inspect "${STACK}_nats" >/dev/null 2>&1 || give_volume_to_nats
deploy data.yml
await mongo nats
[ -z "$failed" ] || exit 1

setup database --network "${STACK}_inner" --
for service in registry consultations events; do
  keep secret "${service}_store_url" "$work/$service/store_url"
done

# the image that runs, or the one of this version
present() {
  there=$(docker service ls --filter "name=${STACK}_$1" --format '{{.Image}}')
  echo "${there:-$IMAGES/$1:$VERSION}"
}

# one door on one port cannot be replaced without a moment in which nobody answers, and it seldom changes: the one that
# is there stays, unless DOOR_IMAGE names another
DOOR_IMAGE=${DOOR_IMAGE:-$(present door)}
# services first: an older one refuses a field that it does not know
GATEWAY_IMAGE=$(present gateway)
export DOOR_IMAGE GATEWAY_IMAGE
deploy stack.yml
await registry consultations events gateway door
[ -z "$failed" ] || exit 1
if [ "$GATEWAY_IMAGE" != "$IMAGES/gateway:$VERSION" ]; then
  GATEWAY_IMAGE=$IMAGES/gateway:$VERSION
  deploy stack.yml
  await gateway
  [ -z "$failed" ] || exit 1
fi
