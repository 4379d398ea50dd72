# Everything a person does with Tradepost. Needs Python 3.11 or newer, pip and make.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: setup run test bench lint requirements messages

setup: .venv/installed

.venv/installed: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

