#!/bin/sh
# Replaces the containers of services by ones of the image and settings that are there now, one after the other, while
# the others answer: `deploy/roll.sh registry gateway`, or all four without a name. A new one that does not become
# healthy is taken away again, and the old ones stay. COMPOSE_FILE and COMPOSE_PROJECT_NAME are docker compose's own.
set -eu

containers() { docker compose ps --quiet "$@" | tr '\n' ' '; }

# not by `up --wait`: that would wait for the old ones, too, and they may be what has to be mended
becomes_healthy() {
  while :; do
    case $(docker inspect --format '{{.RestartCount}} {{.State.Health.Status}}' "$1") in
      *' healthy') return 0 ;;
      # one that ends after a while and is started again is `starting` whenever one looks, for ever
      [0-2]' starting') sleep 0.5 ;;
      *) return 1 ;;
    esac
  done
}

# what was begun when somebody stops this is taken away: the next run would take it for one more replica
trying=
take_back() {
  [ -n "$trying" ] || return 0
  for new in $(containers --all "$trying"); do
    case " $before " in *" $new "*) ;; *) docker rm --force "$new" >/dev/null ;; esac
  done
}
trap take_back EXIT
trap 'exit 130' INT TERM

roll() {
  old=$(containers "$1")
  count=$(echo "$old" | wc -w)
  [ "$count" -gt 0 ] || { echo "$1 is not running" >&2; exit 1; }
  for container in $old; do
    before=$(containers --all "$1")
    failed= trying=$1
    docker compose up --detach --no-deps --no-recreate --scale "$1=$((count + 1))" "$1" || failed=yes
    for new in $(containers --all "$1"); do
      case " $before " in *" $new "*) continue ;; esac
      [ -z "$failed" ] && becomes_healthy "$new" && continue
      # what it has to say goes with it
      docker inspect --format '{{.Name}}: {{.State.Status}}, {{.State.Health.Status}}, exit code {{.State.ExitCode}}, started again {{.RestartCount}} times' "$new" >&2
      docker logs --tail 20 "$new" >&2
      docker rm --force "$new" >/dev/null
      failed=yes
    done
    [ -z "$failed" ] || { echo "$1: the new container does not become healthy; the old ones go on" >&2; exit 1; }
    trying=
    # it goes on answering for DRAIN_SECONDS, then ends what is at hand
    docker stop --time 30 "$container" >/dev/null
    docker rm "$container" >/dev/null
    echo "$1: replaced $(echo "$container" | cut -c1-12)"
  done
}

[ $# -gt 0 ] || set -- registry consultations events gateway
for service in "$@"; do roll "$service"; done
