# Everything from nothing: needs Python >= 3.11 with its venv module, git and make. See README.md.

PYTHON ?= python3
PORT ?= 8080
UV_VERSION := 0.13.9

UV := .uv/bin/uv
RUN := .venv/bin
SYNC := UV_PYTHON_DOWNLOADS=never $(UV) sync --quiet --locked --inexact --python $(PYTHON)

# The appliance is installed by the system's own Python, which alone sees the system's lgpio.
OS_PYTHON = $(if $(filter file,$(origin PYTHON)),/usr/bin/python3,$(PYTHON))
INSTALLER = $(OS_PYTHON) -B -m bedside.install

.PHONY: demo test check bench screenshots words format lock clean help install upgrade uninstall deb has-python

help:  ## Show what can be made.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/run.stamp  ## Play a simulated night and serve its morning report (PORT=8080).
	@$(RUN)/bedside demo --port $(PORT)

test: .venv/test.stamp  ## Style, types, layers, tests and coverage.
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/codespell
	$(RUN)/mypy
	$(RUN)/lint-imports --no-cache
	$(RUN)/pytest --numprocesses auto --dist loadfile --cov --cov-report=term

bench: .venv/bench.stamp  ## Accuracy and speed, beside a peer in the same run.
	$(RUN)/bedside bench

screenshots: .venv/test.stamp  ## Pictures of every page, into ./screenshots (needs Chromium).
	$(RUN)/python -m bedside.bench.screenshots

words: .venv/test.stamp  ## Collect the words of the pages, for a translation to follow.
	$(RUN)/pybabel --quiet extract -F pyproject.toml -k N_ --omit-header --no-location --sort-output \
	  -o bedside/web/words/bedside.pot bedside/web

format: .venv/test.stamp  ## Put the code into its one style.
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

lock: $(UV)  ## Renew uv.lock after a change of pyproject.toml.
	UV_PYTHON_DOWNLOADS=never $(UV) lock

install: has-python  ## Make this machine the appliance, as root (DRY=1: only say how; DESTDIR=...: only lay files out).
	@$(INSTALLER) install $(if $(DESTDIR),--root "$(DESTDIR)") $(if $(DRY),--dry)

upgrade: has-python  ## Put this checkout in force; goes back by itself if it does not come up healthy (DRY=1).
	@$(INSTALLER) upgrade $(if $(DRY),--dry)

uninstall: has-python  ## Remove the appliance; the nights stay unless PURGE=1 (DRY=1).
	@$(INSTALLER) uninstall $(if $(DESTDIR),--root "$(DESTDIR)") $(if $(DRY),--dry) $(if $(PURGE),--purge)

deb: has-python  ## Build a Debian package for machines like this one into dist/.
	@$(INSTALLER) deb

has-python:
	@command -v $(OS_PYTHON) >/dev/null || { \
	  echo "bedside needs Python, and there is no $(OS_PYTHON); mend it with: sudo apt-get install -y python3-venv" >&2; exit 1; }

clean:  ## Remove what make has made.
	rm -rf .venv .uv demo-night bench-results screenshots dist

.venv/run.stamp: $(UV) uv.lock
	$(SYNC)
	@touch $@

.venv/test.stamp: $(UV) uv.lock
	$(SYNC) --all-extras --group test
	@touch $@

.venv/bench.stamp: $(UV) uv.lock
	$(SYNC) --all-extras --group bench
	@touch $@

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "bedside needs Python 3.11 or newer and '$(PYTHON)' is not; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is missing; mend it with: sudo apt-get install -y python3-venv" >&2; exit 1; }
	@rm -rf .uv && $(PYTHON) -m venv .uv
	@.uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
