# Everything from nothing: needs Python >= 3.11 with its venv module, git and make. See README.md.

PYTHON ?= python3
PORT ?= 8080
UV_VERSION := 0.13.9

UV := .uv/bin/uv
RUN := .venv/bin
SYNC := UV_PYTHON_DOWNLOADS=never $(UV) sync --quiet --locked --inexact --python $(PYTHON)

.PHONY: demo test check bench format lock clean help

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
	$(RUN)/pytest --cov --cov-report=term

bench: .venv/bench.stamp  ## Accuracy and speed, beside a peer in the same run.
	$(RUN)/bedside bench

format: .venv/test.stamp  ## Put the code into its one style.
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

lock: $(UV)  ## Renew uv.lock after a change of pyproject.toml.
	UV_PYTHON_DOWNLOADS=never $(UV) lock

clean:  ## Remove what make has made.
	rm -rf .venv .uv demo-night bench-results

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
