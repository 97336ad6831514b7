# Writes the four lists, all in the same versions: of `make run`, of the two kinds of image, of development.
# Hashes and versions only.
set -eu
export CUSTOM_COMPILE_COMMAND="make lock"
compile() {
  "$LOCKER" --quiet --strip-extras --generate-hashes --allow-unsafe \
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host pyproject.toml "$@"
}
compile --all-extras --output-file requirements/dev.txt
for_others="--constraint requirements/dev.txt --output-file"
compile --extra service --extra gateway --extra embedded $for_others requirements/embedded.txt
compile --extra service --extra traces $for_others requirements/service.txt
compile --extra gateway --extra traces $for_others requirements/gateway.txt
