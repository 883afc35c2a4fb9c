# Every verb sets up what it needs. Only python3 (3.11 or newer, with venv), make and a package index are taken for granted.
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 4

.DEFAULT_GOAL := help
.PHONY: help demo test bench lint format lock clean

help:  ## list these verbs
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 10

demo: .venv/run  ## screen 300 messy leads against the local Twilio, on virtual time
	@$(BIN)/voicebot demo

test: .venv/dev  ## run every test
	@$(BIN)/pytest -n $(JOBS)

bench: .venv/run  ## measure the budgets side by side, as ratios
	@$(BIN)/python -m bench

lint: .venv/dev  ## ruff and mypy, strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: .venv/dev  ## let ruff lay out the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: .venv/dev  ## choose the newest allowed versions anew and pin them by hash
	@$(BIN)/pip install --quiet uv
	@echo 'setuptools>=77' | $(BIN)/uv pip compile --upgrade --universal --generate-hashes --no-header --quiet \
	  --python-version 3.11 pyproject.toml - -o requirements.lock
	@echo 'setuptools>=77' | $(BIN)/uv pip compile --upgrade --universal --generate-hashes --no-header --quiet \
	  --python-version 3.11 --extra dev pyproject.toml - -o requirements-dev.lock

clean:  ## remove what was installed and what the demo left
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis demo build *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'voicebot needs Python 3.11 or newer; name one with: make PYTHON=python3.12' >&2; exit 1; }
	@echo 'Setting up .venv (once) ...'
	@$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python requirements.lock pyproject.toml
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

.venv/dev: .venv/run requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
