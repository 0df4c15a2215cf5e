# Two commands for everybody: `make run` and `make test`. Both set up what a fresh machine lacks.
.PHONY: run test check bench setup setup-test lock shots clean
SHELL := /bin/bash
BIN := .venv/bin
export PYTHONPATH := .
# Each process of the tests reads hundreds of modules: compiled once, not every time.
unexport PYTHONDONTWRITEBYTECODE
WORKERS ?= 2

run: setup
	@exec $(BIN)/fengqiao run

setup:
	@deploy/set_up.sh run

setup-test:
	@deploy/set_up.sh test

# The fast part: format, lint, types, layers, guards, unit tests.
check: setup-test
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -n $(WORKERS) tests/guards tests/unit

# The whole suite.
test: check
	$(BIN)/pytest -n $(WORKERS) tests --ignore=tests/guards --ignore=tests/unit

# Figures as ratios measured in one run; never part of the tests.
bench: setup-test
	$(BIN)/python -m bench

# requirements.lock: everything; requirements-run.lock: what a server needs of it, half the weight.
LOCKED := --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -q
lock:
	$(BIN)/uv pip compile pyproject.toml --extra test $(LOCKED) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra server --constraint requirements.lock $(LOCKED) -o requirements-run.lock

clean:
	rm -rf .venv node_modules webapp/static/dist .mypy_cache .ruff_cache .import_linter_cache
