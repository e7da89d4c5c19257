# Two commands on a fresh machine: `make run` and `make test`. Python >= 3.11 and make are assumed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
GUIDES ?=
# Test files are shared out, in their order, to as many processes as there are processors, four at
# most.
PYTEST := $(BIN)/python -m pytest --numprocesses=logical --maxprocesses=4 --dist=loadfile \
  --no-loadscope-reorder
HOST   ?= 127.0.0.1
PORT   ?= 7860

.DEFAULT_GOAL := help
.PHONY: help setup run test check covered lint format types contracts lock browser baseline openapi clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(READY) ## a .venv with everything

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)

run: $(READY) ## the chat window on the starter guides (GUIDES=folder ingests that folder first)
	@$(BIN)/guide corpus starter
	@$(if $(GUIDES),$(BIN)/guide ingest "$(GUIDES)" || echo "Not every file could be read; serving what could." >&2)
	@$(BIN)/guide serve --host $(HOST) --port $(PORT)

test: $(READY) browser ## all tests
	@$(PYTEST)

check: lint contracts types browser covered ## the whole gate: lint, import contracts, types, tests with coverage

covered: $(READY)
	@$(PYTEST) --cov --cov-report=term --cov-fail-under=90

lint: $(READY) ## ruff, rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(READY) ## mend format and what ruff can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(READY) ## mypy, strict
	@$(BIN)/mypy

contracts: $(READY) ## who may import whom
	@$(BIN)/lint-imports

browser: ## Chromium for the browser tests, by apt where that is possible
	@sh tests/install_chromium.sh

lock: $(READY) ## write constraints.txt anew from what is installed
	@$(BIN)/python -m pip list --format=freeze --exclude-editable --exclude pip --exclude setuptools --exclude wheel | sed 's/+cpu//' > constraints.txt

baseline: $(READY) ## accept the answers to the starter questions as they are now
	@$(BIN)/python -m tests.test_eval_gate

openapi: $(READY) ## write docs/openapi.json anew from the API
	@$(BIN)/python -m tests.test_api_openapi

clean: ## remove the .venv and caches; guides and index in the data folder stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage *.egg-info build dist
