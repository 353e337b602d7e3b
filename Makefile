# Everything a developer needs, from Python >= 3.11 and make alone. `make help` lists the targets.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PY     := $(BIN)/python
# The package holidays wants an older python-dateutil, so its tests have an environment of their own.
HOLIDAYS := .venvs/holidays

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-fast test-all lint typing floors coverage holidays docs schema bench torture mutants mutants-storage format clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-15s %s\n", $$1, $$2}'

demo: $(VENV)/.runtime ## install goalkit with its three dependencies and run examples/demo.py
	$(PY) examples/demo.py

test: lint typing floors coverage holidays docs ## everything that must pass

test-fast: $(VENV)/.dev ## the tests alone, with fewer generated examples
	HYPOTHESIS_PROFILE=fast $(PY) -m pytest -q

test-all: ## the tests on every supported Python and both ends of python-dateutil
	./tools/test-all

lint: $(VENV)/.dev ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

typing: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

floors: $(VENV)/.dev ## import-linter: who may import whom
	$(BIN)/lint-imports

coverage: $(VENV)/.dev ## the tests, with every line and branch covered
	$(PY) -m pytest -q --cov --numprocesses auto --dist loadfile

holidays: $(HOLIDAYS)/.test ## the tests that need the package holidays, which fail without it
	$(HOLIDAYS)/bin/python -m pytest -q --holidays \
		tests/test_interop_holidays.py tests/test_vectors.py src/goalkit/interop/holidays.py

docs: $(VENV)/.dev ## the documentation, where a warning is an error
	$(PY) -m sphinx --fresh-env --nitpicky --fail-on-warning --quiet -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

schema: $(VENV)/.dev ## write the JSON schema of a plan again
	$(PY) -m goalkit.documents.schema

bench: $(VENV)/.dev ## the benchmarks
	$(PY) -m benchmarks.rollup
	$(PY) -m benchmarks.judging
	$(PY) -m benchmarks.cadence
	$(PY) -m benchmarks.storage --quick
	$(PY) -m benchmarks.storage_json --quick
	$(PY) -m benchmarks.storage_volume --quick
	$(PY) -m benchmarks.kpis
	$(PY) -m pytest benchmarks -q -p no:randomly -o python_files='bench_*.py' -o python_functions='bench_*'

torture: $(VENV)/.dev ## the stores under kills, full disks, damage and races, for as long as it takes
	GOALKIT_TORTURE=1 $(PY) -m pytest -q tests/test_storage_*.py

mutants: $(VENV)/.dev ## change metrics, policies and roll-up in small ways, and show which changes no test notices
	$(PY) -m pip install --quiet --disable-pip-version-check --group mutation
	HYPOTHESIS_PROFILE=fast $(BIN)/mutmut run
	$(BIN)/mutmut results

# As many changes as COUNT says, as many at the same time as PROCESSES says; run it again to go on with a run
# that was broken off. Each SEED is a sample of its own.
COUNT ?= 400
PROCESSES ?= 1
SEED ?= 2
mutants-storage: $(VENV)/.dev ## change the storage package in a random sample of small ways, and tell which share no test notices
	$(PY) -m pip install --quiet --disable-pip-version-check --group mutation
	$(PY) tools/mutants_storage.py --count $(COUNT) --seed $(SEED) --processes $(PROCESSES)

format: $(VENV)/.dev ## format, and repair what can be repaired
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean: ## remove what was built or installed
	rm -rf $(VENV) .venvs build dist docs/_build .coverage .mypy_cache .ruff_cache \
		.pytest_cache .hypothesis .import_linter_cache .benchmarks mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --upgrade-deps, because the pip that comes with Python 3.11 does not know --group yet.
$(PY) $(HOLIDAYS)/bin/python:
	@python="$$(./tools/find-python '$(PYTHON)')" && set -x && "$$python" -m venv --upgrade-deps $(@:/bin/python=)

# The stamps say what is installed. They depend on pyproject.toml, so a new requirement or a new
# version installs again; a change of the source does not, because the install is editable.
$(VENV)/.runtime: pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@ $(VENV)/.runtime

$(HOLIDAYS)/.test: pyproject.toml | $(HOLIDAYS)/bin/python
	$(HOLIDAYS)/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[holidays]" --group test
	@touch $@
