# make run    the demo school at http://127.0.0.1:8000          make up    your own school, from an empty start
# make test   everything that must hold, as in CI               make help  the rest
# make run PORT=8001   where 8000 is taken
.DEFAULT_GOAL := help
.PHONY: help run up fresh test lint messages screens long soak check lock
export PYTHONPATH := $(CURDIR)/src
PYTHON := .venv/bin/python
PORT := 8000
LANGUAGES := src/tongxing/locale/zh_Hans/LC_MESSAGES/django

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

run: environment-run $(LANGUAGES).mo ## the demo school at http://127.0.0.1:8000
	@exec $(PYTHON) -m tongxing.doors.cli demo --data data/demo --port $(PORT)

up: environment-run $(LANGUAGES).mo ## your own school: a one-time link leads to its first page
	@exec $(PYTHON) -m tongxing.doors.cli up --data data/school --port $(PORT)

fresh: ## forget the demo school; the next `make run` builds a new one
	rm -rf data/demo

test: environment-test $(LANGUAGES).mo ## lint, types, architecture, unit, scenarios, browser; SQLite and PostgreSQL
	@$(PYTHON) tools/test.py

lint: environment-test ## the quick checks of `make test`
	@$(PYTHON) tools/test.py --only static

messages: environment-run ## extract the sentences, list what has no Chinese yet, compile
	@$(PYTHON) tools/messages.py

screens: environment-test $(LANGUAGES).mo ## pictures of every page into docs/screens
	@$(PYTHON) tools/screens.py

long: environment-test $(LANGUAGES).mo ## what takes too long for every day: 500 phones at once, every page for every role
	@$(PYTHON) tools/test.py --only long
	@PYTHONPATH=src:. $(PYTHON) -m bench.devices 500

soak: environment-test ## a million random operations on the aid books, and a county that pays at once
	@$(PYTHON) tools/test.py --only long -- src/tongxing/aid
	@$(PYTHON) tools/test.py --only postgres -- -m long src/tongxing/aid

check: environment-run ## verify database, audit chain and keys of the demo school
	@$(PYTHON) -m tongxing.doors.cli check --data data/demo

lock: ## compile requirements*.txt from requirements*.in
	@tools/lock

.PHONY: environment-run environment-test
environment-run:
	@tools/environment run
environment-test:
	@tools/environment test

$(LANGUAGES).mo: $(LANGUAGES).po | environment-run
	@$(PYTHON) tools/messages.py --compile
