# The commands of Tradepost. Needs Python 3.11 or newer, pip and make.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header

.PHONY: setup secret-key database run dev test browser-test endurance-test soak bench bench-growth lint \
	format diagram messages requirements upgrade

setup: .venv/installed

.venv/installed: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the pinned requirements into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@echo "Installing the development requirements into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Writes a random SECRET_KEY to .env unless .env or the environment has one.
secret-key: setup
	@[ -n "$$SECRET_KEY" ] || grep -qs '^SECRET_KEY=.' .env || { \
		touch .env; chmod 600 .env; \
		[ -z "$$(tail -c 1 .env)" ] || echo >> .env; \
		$(BIN)/python -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50))' >> .env; \
		echo "Wrote a random SECRET_KEY to .env"; }

staticfiles/staticfiles.json: requirements.txt $(shell find static -type f) | secret-key
	@echo "Collecting the static files"
	@DEBUG=off $(MANAGE) collectstatic --noinput --verbosity 0

# Unless .env or the environment has a SITE_URL, this is a trial on one machine with demo content.
ifeq ($(SITE_URL)$(shell grep -s '^SITE_URL=.' .env),)
TRIAL := yes
run dev: export SITE_URL := http://127.0.0.1:$(PORT)
run dev: export DEMO := on
endif

# The production server and the worker; Ctrl-C stops both.
run: export DEBUG := off
run: staticfiles/staticfiles.json database
	@$(call with_worker,$(MANAGE) run_server --port $(PORT))

# The same with Django's development server, which reloads changed code and shows errors.
dev: export DEBUG := on
dev: database
	@$(call with_worker,$(MANAGE) runserver 127.0.0.1:$(PORT))

database: secret-key
	@$(MANAGE) migrate --verbosity 0
ifdef TRIAL
	@$(MANAGE) load_demo --password demo
endif
	@echo
	@echo "  The site:   http://127.0.0.1:$(PORT)/"
	@echo "  The admin:  http://127.0.0.1:$(PORT)/$$($(MANAGE) shell -v0 -c 'from django.conf import settings; print(settings.ADMIN_PATH)')/"
ifdef TRIAL
	@echo "  Log in as admin, editor, writer, manager or july; the password is demo"
endif
	@echo

# Job control gives each process its own group, so that Ctrl-C reaches only the shell, which then
# signals each process once: granian hangs if a second signal follows immediately.
with_worker = set -m 2>/dev/null; $(MANAGE) run_worker & worker=$$!; $(1) & server=$$!; \
	trap 'kill $$worker $$server 2>/dev/null; wait' EXIT; trap 'exit 0' HUP INT TERM; wait $$server

test: .venv/installed-dev
	@$(BIN)/python -m pytest -n auto --maxprocesses 8 \
		--ignore=tests/browser --ignore=tests/endurance $(ARGS)

# The tests in a real browser: Debian's Chromium, or the one at $$CHROMIUM.
browser-test: .venv/installed-dev
	@REQUIRE_BROWSER=1 $(BIN)/python -m pytest -n 2 tests/browser $(ARGS)

# Checks that no inquiry or e-mail is lost when processes are killed under load. Takes minutes.
endurance-test: .venv/installed-dev
	@$(BIN)/python -m pytest tests/endurance $(ARGS)

# Uses a site while its parts fail at random; nothing may be lost. Takes up to ten minutes. Needs
# PostgreSQL and Redis, which it starts itself; ARGS="--write" updates docs/reliability.md.
soak: .venv/installed-dev
	@$(BIN)/python -m tests.soak $(ARGS)

# Measures the site's pages beside their peers. Needs wrk; takes up to ten minutes.
bench: setup
	@$(BIN)/python -m bench

# Every page with 1,000 and with 1,000,000 rows. Filling the databases the first time takes long.
bench-growth: setup
	@$(BIN)/python -m bench.growth $(ARGS)

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --check --lint --quiet
	DEBUG=on $(BIN)/mypy .
	$(BIN)/lint-imports --no-logo
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml \
		accounts bench config contacts core demo inquiries news products manage.py

format: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint templates --reformat --quiet

# Updates the import diagram in docs/develop.md.
diagram: .venv/installed-dev
	@PYTHONPATH=. $(BIN)/python docs/diagram.py

# Collects the interface texts for translation and compiles the translations. Needs gettext.
messages: .venv/installed-dev
	DEBUG=on $(MANAGE) makemessages --all --no-obsolete --no-location \
		--ignore .venv --ignore tests --ignore demo
	DEBUG=on $(MANAGE) compilemessages --ignore .venv

# Pins new requirements of pyproject.toml; `make upgrade` updates the existing pins. Needs uv.
requirements:
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	$(COMPILE) --python-version 3.11 -c requirements.txt bench/peers/requirements/wagtail.in \
		-o bench/peers/requirements/wagtail.txt

upgrade:
	$(MAKE) requirements COMPILE="$(COMPILE) --upgrade"
