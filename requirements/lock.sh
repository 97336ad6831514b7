# Writes the four lists, all in the same versions: of `make run`, of the two kinds of image, of development.
# Hashes and versions only.
set -eu
export CUSTOM_COMPILE_COMMAND="make lock"
compile() {
  "$LOCKER" --quiet --strip-extras --generate-hashes --allow-unsafe \
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host pyproject.toml "$@"
}
compile --extra service --extra gateway --extra embedded --output-file requirements/embedded.txt
compile --extra service --constraint requirements/embedded.txt --output-file requirements/service.txt
compile --extra gateway --constraint requirements/embedded.txt --output-file requirements/gateway.txt
compile --extra service --extra gateway --extra embedded --extra dev \
  --constraint requirements/embedded.txt --output-file requirements/dev.txt
