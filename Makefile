# Everything starts here. Needs python3 (3.11 or newer), git and make; `make` alone lists what there is.
.NOTPARALLEL:
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON := .venv/bin/python
LOCAL := $(PYTHON) -m config.local
RUN := $(LOCAL) run
PYTEST_ARGS ?= -n 2
UV := uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock' --quiet $(if $(UPGRADE),--upgrade)

# $(call install,LOCK FILES): the first Python that is new enough makes .venv and fills it, if that is not done yet.
define install
@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
		exec "$$python" -I config/local/environment.py $(1); \
	fi; \
done; \
echo "Python 3.11 or newer is needed and was not found (tried python3 and python3.11 to python3.14)."; exit 1
endef

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo "  Settings: PORT=8000  OMS_DATA=.local  WEB_CONCURRENCY=…  OMS_DEMO=0  DATABASE_URL=…  CELERY_BROKER_URL=…"

.PHONY: up
up: ## start the whole system on this machine and keep it running until Ctrl-C
	$(call install,requirements.lock)
	@exec $(LOCAL) up

.PHONY: down
down: ## stop what runs here
	@if [ -x $(PYTHON) ]; then exec $(LOCAL) down; else echo "Nothing is running here."; fi

.PHONY: reset
reset: ## stop what runs here and remove everything it stored (YES=1: do not ask)
	$(call install,requirements.lock)
	@exec $(LOCAL) reset

.PHONY: test
test: dev ## check everything and run all tests against a database of its own (PYTEST_ARGS=…)
	@exec $(RUN) -- "$(MAKE)" --no-print-directory --keep-going checks pytest

.PHONY: check
check: dev ## style, types, layers, migrations and deployment settings, without the tests
	@exec $(RUN) -- "$(MAKE)" --no-print-directory --keep-going checks

.PHONY: bench
bench: dev ## measure, with a database that writes as carefully as in production
	@exec $(RUN) --durable --valkey -- $(PYTHON) -m tests.bench

.PHONY: chaos
chaos: dev ## kill every part of a shop under load in turn, and prove that nothing was lost (CHAOS_ARGS=…)
	@exec $(PYTHON) -m tests.chaos $(CHAOS_ARGS)

.PHONY: screenshots
screenshots: dev ## make the pictures of the documentation anew
	@exec $(RUN) --valkey -- $(PYTHON) -m tests.screenshots

.PHONY: connectors
connectors: dev ## run every connector against its double and write the table of docs/connectors.md
	@exec $(RUN) -- env CONNECTORS_WRITE=1 $(PYTHON) -m pytest tests/orders/channels/outgoing/test_conformance.py -q

.PHONY: lock
lock: ## write both lock files from pyproject.toml (needs uv; UPGRADE=1: with the newest versions)
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/"; exit 1; }
	$(UV) pyproject.toml --output-file requirements.lock
	$(UV) pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock

.PHONY: dev
dev:
	$(call install,requirements-dev.lock)
	@$(PYTHON) -m config.local.libraries

# --- inside `config.local run`, where DATABASE_URL and the rest are set -------------------------------
.PHONY: checks
checks: ruff formatting types layers migrations deployment

.PHONY: ruff
ruff:
	$(PYTHON) -m ruff check .

.PHONY: formatting
formatting:
	$(PYTHON) -m ruff format --check .

.PHONY: types
types:
	$(PYTHON) -m mypy

.PHONY: layers
layers:
	.venv/bin/lint-imports --no-logo

.PHONY: migrations
migrations:
	$(PYTHON) manage.py makemigrations --check --dry-run

.PHONY: deployment
deployment:
	env DEBUG=0 HTTPS=1 ALLOWED_HOSTS=orders.example.com CSRF_TRUSTED_ORIGINS=https://orders.example.com \
		$(PYTHON) manage.py check --deploy --fail-level WARNING

.PHONY: pytest
pytest:
	$(PYTHON) -m pytest $(PYTEST_ARGS)
