# Writes the three lists: each holds the one before, in the same versions. Hashes and versions only.
set -eu
export CUSTOM_COMPILE_COMMAND="make lock"
compile() {
  "$LOCKER" --quiet --strip-extras --generate-hashes --allow-unsafe \
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host pyproject.toml "$@"
}
compile --output-file requirements/runtime.txt
compile --extra embedded --constraint requirements/runtime.txt --output-file requirements/embedded.txt
compile --extra embedded --extra dev --constraint requirements/embedded.txt --output-file requirements/dev.txt
