# The one list of commands: people, the pre-commit hooks and .ci/run all call these.
# In an activated virtual environment `make setup` comes first; PYTHON=… picks another interpreter.

PYTHON ?= python3

.PHONY: help setup format lint types test rules vcdb bench wheel check clean

help:  ## show these commands
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST)

setup:  ## install the tool with everything for working on it, and the git hooks
	$(PYTHON) -m pip install --editable ".[dev]"
	$(PYTHON) -m pre_commit install

format:  ## lay out the Python files and mend what can be mended
	$(PYTHON) -m ruff check --fix-only --quiet .
	$(PYTHON) -m ruff format .

lint:  ## style, layout, and the order of imports between the rooms
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

types:  ## mypy
	$(PYTHON) -m mypy

test:  ## all tests
	$(PYTHON) -m pytest

rules:  ## read every rule and template, and run the rules' own examples
	$(PYTHON) -m leakresp rules check
	$(PYTHON) -m leakresp rules test

vcdb:  ## run the VERIS community database, unpacked in the folder VCDB, through convert and assess
	LEAKRESP_VCDB="$(VCDB)" $(PYTHON) -m pytest tests/test_interchange.py -k community_database

bench:  ## measure speed and memory against the goals
	$(PYTHON) -m bench

wheel:  ## build the wheel and try it alone, away from this folder
	PYTHON="$(PYTHON)" bash .ci/wheel

check: lint types rules test wheel  ## everything a change has to pass

clean:  ## remove what can be made again
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
