# What a contributor runs. The environment in .venv is made, and kept up with pyproject.toml, by itself.
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help test live check docs golden ci

help:  ## show this list
	@sed -nE 's/^([a-z]+):.*## /\1\t/p' Makefile | expand -t 10

test: .venv/ready  ## run the tests (those on a real Asterisk too, where one is provisioned)
	$(BIN)/pytest

live: .venv/ready  ## provision real Asterisks in a cache folder and run the tests that need them
	DIALC_LIVE=required DIALC_ASTERISK="$$(sh tests/live/provision.sh | tail -n 1)" \
	DIALC_ASTERISK_16="$$(sh tests/live/provision.sh bullseye | tail -n 1)" $(BIN)/pytest tests/live

check: .venv/ready  ## style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict

docs: .venv/ready  ## build the documentation into docs/_build/html, warnings are errors
	$(BIN)/sphinx-build -q -W --keep-going -b html -d docs/_build/doctrees docs docs/_build/html

golden: .venv/ready  ## rewrite the files in tests/golden; read the difference before you commit it
	DIALC_GOLDEN=write $(BIN)/pytest -q tests -k golden

ci:  ## all that CI runs
	bash .ci/run

.venv/ready: pyproject.toml
	python3 -m venv .venv
	$(BIN)/pip install -q -e '.[test,docs]'
	@touch $@
