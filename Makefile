# Chores, a word each. Every one makes the environment it needs, and again when
# the requirements change. README.md says the same in plain commands.

.DEFAULT_GOAL := help
.PHONY: help run demo test test-slow test-spark lint audit format bench bench-short truth snapshot requirements clean

VENV ?= .venv
BIN := $(VENV)/bin
# The first Python that is new enough; PYTHON=/path/to/python chooses another.
PYTHON ?= $(shell for name in python3 python3.15 python3.14 python3.13 python3.12 python3.11; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	echo $$name; break; fi; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: $(VENV)/.site ## start the site and open it in a browser
	$(BIN)/python -m streamlit run app.py --server.address localhost --server.fileWatcherType none

demo: $(VENV)/.dev ## the site beside a small Hub and a small Yahoo of its own, to watch a refresh
	$(BIN)/python -m tests.fakes

test: $(VENV)/.dev ## all tests; those in a browser need Chromium
	$(BIN)/python -m pytest -n auto

test-slow: $(VENV)/.dev ## faults, kills, floods and crowds, for as long as it takes
	$(BIN)/python -m pytest -n auto -m slow --timeout 1800

test-spark: $(VENV)/.spark ## the roll-up on a Spark cluster of two workers; needs Java 17
	$(BIN)/python -m pytest -n 0 -m spark --timeout 600 tests/spark

lint: $(VENV)/.dev ## style, types, import rules, unused requirements
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

audit: $(VENV)/.dev ## weaknesses of the workflows, known vulnerabilities of the packages (network)
	$(BIN)/zizmor --offline .github
	$(BIN)/pip-audit --requirement requirements.txt --no-deps --disable-pip --strict \
		--progress-spinner off

format: $(VENV)/.dev ## put the code into its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## how fast it all is: a refresh, every page, the roll-up, the family tree
	$(BIN)/python -m bench.refresh
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.browser
	$(BIN)/python -m bench.memory
	$(BIN)/python -m bench.after_refresh
	$(BIN)/python -m bench.rollup
	$(BIN)/python -m bench.lineage

bench-short: $(VENV)/.dev ## a look at the speed of two pages beside the plain app, in half a minute
	$(BIN)/python -m bench.pages --store snapshot --pages / /leaderboard --sessions 8 --seconds 2 \
		--rounds 1 --no-unhurried --no-budget

truth: $(VENV)/.site ## every published figure beside what the loaded data say of it
	$(BIN)/python -m core.truth

snapshot: $(VENV)/.site ## build data/snapshot from data/figures
	$(BIN)/python -m core.snapshot

requirements: $(VENV)/.dev ## pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-emit-find-links \
		--custom-compile-command "make requirements" pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-emit-find-links \
		--custom-compile-command "make requirements" --group dev -c requirements.txt \
		-o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-emit-find-links \
		--custom-compile-command "make requirements" --extra spark -c requirements.txt \
		pyproject.toml -o requirements-spark.txt

clean: ## remove the environment and all caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.site: requirements.txt
	@if [ -z "$(PYTHON)" ] || ! command -v "$(PYTHON)" >/dev/null; then \
		echo "Python 3.11 or newer is missing$(if $(PYTHON), ($(PYTHON) cannot be started)). Get it from"; \
		echo "python.org or your system's packages, or name it: make PYTHON=/path/to/python"; \
		exit 1; fi
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is too old: Python 3.11 or newer is needed."; exit 1; }
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then rm -rf $(VENV); \
		"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make an environment. On Debian and Ubuntu its venv module is a"; \
		echo "package of its own: apt install python3-venv"; exit 1; }; fi
	@echo "Installing the site's packages into $(VENV) ..."
	@$(PIP) install -r requirements.txt || { \
		echo "The packages could not be installed. The lines above say why; the usual reason is"; \
		echo "that the Python package registry cannot be reached."; exit 1; }
	@touch $@

$(VENV)/.dev: $(VENV)/.site requirements-dev.txt
	@echo "Installing the developers' packages into $(VENV) ..."
	@$(PIP) install -r requirements-dev.txt || { \
		echo "The developers' packages could not be installed. The lines above say why; the usual"; \
		echo "reason is that the Python package registry cannot be reached."; exit 1; }
	@touch $@

$(VENV)/.spark: $(VENV)/.dev requirements-spark.txt
	@echo "Installing PySpark into $(VENV) ..."
	@$(PIP) install -r requirements-spark.txt || { \
		echo "PySpark could not be installed. The lines above say why; the usual reason is that"; \
		echo "the Python package registry cannot be reached."; exit 1; }
	@touch $@
