# Two commands: `make run` and `make test`. Both make .venv from the lock when it is missing or older than the lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint format lock bench clean

run: $(VENV)/.run
	@$(BIN)/pullquote run

test: $(VENV)/.test
	@$(BIN)/python -m pytest -n 2

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -p no:randomly tests/test_architecture.py

format: $(VENV)/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The locks are universal: one file for every Python >= 3.11 and platform. Needs uv (`pip install uv`).
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --extra build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --extra build --extra dev --extra bench -c requirements.lock pyproject.toml -o requirements-dev.lock

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	$(BIN)/python -m compileall -q bot adapters storage
	@touch $@

$(VENV)/.test: requirements-dev.lock pyproject.toml $(VENV)/.run
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV)
