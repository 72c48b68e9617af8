# LoRA Lab: `make run` serves the page, `make test` checks everything.
#
# Needs make, Python 3.10 to 3.13 and the package registry. Everything goes into .venv, once: a
# stamp there is written after an installation that went well, and holds until the requirements,
# the constraints or the Python change.

PORT ?= 7860
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# A Python that is new enough, not too new, and able to make an environment with pip in it.
SUITABLE := import ensurepip, sys, venv; sys.exit(not (3, 10) <= sys.version_info < (3, 14))
IDENTITY := import os, sys; print(sys.version.split()[0], os.path.realpath(sys.executable))

# An environment that is there stays in use; else the Python tested most comes first.
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for python in $(BIN)/python python3.11 python3.12 python3.10 python3.13 \
	python3 python; do "$$python" -c '$(SUITABLE)' 2>/dev/null && echo "$$python" && break; done)
endif
PYTHON_IDENTITY := $(shell "$(PYTHON)" -c '$(IDENTITY)' 2>/dev/null)

# Debian's name, Ubuntu's, Google's: whichever the tests find is the browser they drive.
BROWSERS := chromium chromium-browser google-chrome

.DEFAULT_GOAL := help
.PHONY: help run test install lint format bench screenshots sbom clean browser

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1 - \2/p' Makefile

run: $(VENV)/.installed ## serve the lab on localhost:7860 (PORT=8000 make run: elsewhere)
	@PORT="$(PORT)" exec $(BIN)/python app.py

install: $(VENV)/.installed ## make .venv with all that `make run` needs

test: browser lint ## run every test, those in a real browser included, on all cores
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --dist loadfile \
		--no-loadscope-reorder $(ARGS)

lint: $(VENV)/.tested ## check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.tested ## mend style and format where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Not those that need what the tests do not: a GPU, or Hugging Face's datasets.
BENCHMARKS := $(filter-out %/machine.py %/gpu.py %/text_epoch.py,$(wildcard tests/benchmarks/*.py))

bench: $(VENV)/.tested ## run the benchmarks
	@for script in $(BENCHMARKS); do PYTHONPATH=. $(BIN)/python "$$script" || exit; done

screenshots: browser ## take the README's screenshots again
	PYTHONPATH=. $(BIN)/python tests/screenshots.py

# The packages of a fresh installation, not of one that the tests have added to, nor pip itself.
sbom: $(VENV)/.python ## list all that a running lab is made of, as CycloneDX, in dist/
	"$(PYTHON)" -m venv --clear dist/tools
	dist/tools/bin/python -m pip install --quiet --requirement requirements-release.txt
	"$(PYTHON)" -m venv --clear --without-pip dist/env
	dist/tools/bin/python -m pip --python dist/env/bin/python install --quiet \
		--report dist/installed.json --requirement requirements.txt --constraint constraints.txt
	dist/tools/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
		--output-reproducible --output-file dist/sbom.cdx.json dist/env/bin/python
	dist/tools/bin/python -m assets.bill dist/sbom.cdx.json dist/installed.json
	rm -rf dist/env dist/tools dist/installed.json

clean: ## remove .venv and what the tools leave behind
	rm -rf $(VENV) dist .hypothesis .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment is made anew when it holds another Python than the one asked for.
ifneq "$(shell cat $(VENV)/.python 2>/dev/null)" "$(or $(PYTHON_IDENTITY),none)"
.PHONY: $(VENV)/.python
endif
$(VENV)/.python:
	@"$(PYTHON)" -c '$(SUITABLE)' 2>/dev/null || { \
		echo "$(if $(PYTHON),PYTHON=$(PYTHON) is not a,Found no) Python 3.10 to 3.13 with venv and pip:" \
		"install one (on Debian: python3-venv), or name one, PYTHON=/path/to/python3 make" >&2; \
		exit 1; }
	@if test "$$($(BIN)/python -c '$(IDENTITY)' 2>/dev/null)" = "$(PYTHON_IDENTITY)"; \
		then "$(PYTHON)" -m venv $(VENV); else "$(PYTHON)" -m venv --clear $(VENV); fi
	@echo "$(PYTHON_IDENTITY)" > $@

$(VENV)/.installed: requirements.txt constraints.txt $(VENV)/.python
	$(PIP) install --requirement requirements.txt --constraint constraints.txt
	@touch $@

$(VENV)/.tested: requirements-dev.txt $(VENV)/.installed
	$(PIP) install --requirement requirements-dev.txt --constraint constraints.txt
	@touch $@

# Playwright's own browser is fetched where the system has none; it keeps what it has fetched.
browser: $(VENV)/.tested
	@for name in $(BROWSERS); do command -v $$name >/dev/null && exit; done; \
		$(BIN)/python -m playwright install chromium
