# Hagukumi (育み). `make` alone lists the targets. A bare machine with Python 3.11+ and make is enough: the first target that
# needs the dependencies fetches them into .venv, and again only when pyproject.toml or uv.lock changed.

BIN := .venv/bin
COMPILED := build/compiled
PYTHON ?= python3
export PYTHON

# Two processes, each with a server of its own; a module stays whole, as it may have a browser or a service to itself.
BESIDE := --numprocesses 2 --dist loadscope --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run test lint types unit bench compiled soak fuzz screenshots format clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run ## Start the service on http://127.0.0.1:8000 with a demo family
	$(BIN)/hagukumi serve

test: lint types unit ## Everything a change must pass

lint: .venv/dev ## Style, formatting, and which package may import which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: .venv/dev ## Type check
	$(BIN)/mypy
	$(BIN)/mypy tests bench

unit: .venv/dev ## The tests alone
	$(BIN)/pytest -m "not soak" $(BESIDE)

bench: .venv/dev $(if $(shell command -v cc),compiled) ## Measure, each figure beside a reference taken in the same run
	PYTHONSAFEPATH=1 PYTHONPATH=$(CURDIR)/$(COMPILED):$(CURDIR) $(BIN)/python -m bench

compiled: $(COMPILED) ## Compile the schedule engine into build/compiled, to go first on PYTHONPATH (needs a C compiler)

soak: .venv/dev ## Long runs: faults, kill -9, load
	$(BIN)/pytest -m soak --timeout 3600

fuzz: .venv/dev ## Property tests with fifty times as many examples, other ones each time
	$(BIN)/pytest -m hypothesis --hypothesis-profile fuzz --timeout 3600

screenshots: .venv/dev ## Take the pictures of the pages that the README and the manifest show
	$(BIN)/python tests/screenshots.py

format: .venv/dev ## Put the code into its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## Remove what was fetched and built; never data/
	rm -rf .venv .venv-tools build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(COMPILED): .venv/dev deploy/compile.sh $(shell find schedule -name '*.py' -o -name '*.toml')
	deploy/compile.sh $(CURDIR)/$(BIN)/mypyc $(CURDIR)/$@

.venv/run: pyproject.toml uv.lock
	uv=$$(deploy/uv.sh) && "$$uv" sync --quiet --frozen --no-dev --inexact --compile-bytecode
	touch $@

.venv/dev: pyproject.toml uv.lock
	uv=$$(deploy/uv.sh) && "$$uv" sync --quiet --frozen --compile-bytecode
	touch $@ .venv/run
