# One verb per task. Everything needed is installed into .venv from the hash-locked lists in requirements/.
PORT ?= 8080
DATA_DIR ?= .data
export PORT DATA_DIR

PYTHON ?= python$(shell cat .python-version)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test bench capacity lint format token seed contracts lock clean help

help: ## this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

run: $(VENV)/embedded ## start everything on this machine; PORT= and DATA_DIR= choose where
	@exec $(BIN)/python -m deploy.embedded

test: $(VENV)/dev ## all tests; they start their own servers
	@$(BIN)/python -m pytest -n auto --dist loadfile $(TESTS)

bench: $(VENV)/embedded ## what the gateway costs, as ratios measured in one run (about two minutes); writes bench.json
	@$(BIN)/python -m deploy.bench

capacity: $(VENV)/embedded ## how much of each process a request takes (about a minute), for sizing: docs/operations.md
	@$(BIN)/python -m deploy.bench.capacity

lint: $(VENV)/dev ## ruff, mypy, import-linter
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && PYTHONPATH=. $(BIN)/lint-imports

format: $(VENV)/dev ## let ruff put the code in form
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

token: $(VENV)/embedded ## print a token: make token ROLE=official [ORGANIZATION=org_…] [SUBJECT=…] [HOURS=8]
	@$(BIN)/python -m deploy.embedded.token $(addprefix --role ,$(ROLE)) $(addprefix --organization ,$(ORGANIZATION)) $(addprefix --subject ,$(SUBJECT)) $(addprefix --hours ,$(HOURS))

seed: $(VENV)/embedded ## add generated records to a running system: make seed ORGANIZATIONS=931
	@$(BIN)/python -m deploy.embedded.seed --organizations $(or $(ORGANIZATIONS),931) $(addprefix --seed ,$(SEED))

contracts: $(VENV)/embedded ## write schema.graphql and asyncapi.yaml
	@$(BIN)/python -m deploy.contracts

lock: $(VENV)/dev ## resolve the versions anew and write requirements/
	@LOCKER=$(abspath $(BIN)/pip-compile) sh requirements/lock.sh

clean: ## remove the environment; the data stays
	rm -rf $(VENV) tests/gateway/conformance/node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(VENV)/python:
	@command -v $(PYTHON) >/dev/null && $(PYTHON) -c 'import sys; sys.exit("{}.{}".format(*sys.version_info) != "$(shell cat .python-version)")' 2>/dev/null \
	  || { echo "Python $(shell cat .python-version) is needed, and '$(PYTHON)' is not it: install it, or name it with PYTHON="; exit 1; }
	@$(PYTHON) -m venv $(VENV) && touch $@

$(VENV)/embedded: $(VENV)/python requirements/embedded.txt
	@echo "installing what make run needs into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/embedded.txt && touch $@

$(VENV)/dev: $(VENV)/python requirements/dev.txt
	@echo "installing what development needs into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt && touch $@ $(VENV)/embedded
