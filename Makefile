# Everything a person does with Tradepost. Needs Python 3.11 or newer, pip and make.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header

.PHONY: setup run test browser-test endurance-test bench lint format messages requirements

setup: .venv/installed

.venv/installed: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the pinned requirements into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@echo "Installing what tests and checks need into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.env:
	@cp .env.example .env

# The site and its worker; both end with Ctrl-C. Mail leads to this port, unless .env says where.
run: setup .env
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_demo
	@echo
	@echo "  The site:   http://127.0.0.1:$(PORT)/"
	@echo "  The admin:  http://127.0.0.1:$(PORT)/admin/"
	@echo "  On the demo content log in as admin, editor, manager or july; the password is demo."
	@echo
	@grep -q '^SITE_URL=' .env || export SITE_URL="$${SITE_URL:-http://127.0.0.1:$(PORT)}"; \
	$(MANAGE) run_worker & worker=$$!; trap 'kill $$worker 2>/dev/null; wait' EXIT; \
	trap 'exit 0' INT TERM; $(MANAGE) runserver 127.0.0.1:$(PORT)

test: .venv/installed-dev
	@$(BIN)/python -m pytest -n 2 --ignore=tests/browser --ignore=tests/endurance $(ARGS)

# Whether the site looks and works in a real browser: Debian's Chromium, or the one at $$CHROMIUM.
browser-test: .venv/installed-dev
	@REQUIRE_BROWSER=1 $(BIN)/python -m pytest -n 2 tests/browser $(ARGS)

# Whether inquiries and mail survive that the site's processes are killed under load: a minute.
endurance-test: .venv/installed-dev
	@$(BIN)/python -m pytest tests/endurance $(ARGS)

bench: setup
	@$(BIN)/python -m bench

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --check --lint --quiet
	DEBUG=on $(BIN)/mypy .

format: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint templates --reformat --quiet

# Collect the texts of the interface for translation, and compile what is translated. Needs gettext.
messages: .venv/installed-dev
	DEBUG=on $(MANAGE) makemessages --all --no-obsolete --no-location \
		--ignore .venv --ignore tests --ignore demo
	DEBUG=on $(MANAGE) compilemessages --ignore .venv

# Pin what pyproject.toml allows, newest first. Needs uv.
requirements:
	$(COMPILE) --upgrade pyproject.toml -o requirements.txt
	$(COMPILE) --upgrade --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
