# On a machine with Python (3.10 or newer) and git: `make graph` builds the graph of the seed article,
# `make test` runs the tests. Each sets up what it needs.
PYTHON ?= python3
OUT ?= out
BIN := .venv/bin

.PHONY: graph test check docs evaluate chromium clean

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet -e .
	touch $@

.venv/installed-for-tests: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet -e '.[test]'
	touch $@ .venv/installed .venv/installed-for-docs

.venv/installed-for-docs: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet -e '.[docs]'
	touch $@ .venv/installed

graph: .venv/installed ## the graph of the seed article, in out/
	$(BIN)/stancegraph build seeds --out $(OUT)

test: .venv/installed-for-tests chromium ## all tests
	$(BIN)/python -m pytest

check: .venv/installed-for-tests ## formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: .venv/installed-for-docs ## guide and reference as a site, in build/docs; anything broken in it is an error
	$(BIN)/python -m sphinx -E -W --keep-going -q -d build/doctrees docs build/docs
	@echo "See build/docs/index.html"

evaluate: .venv/installed ## every figure on the development sets, which lie in DATA
	$(BIN)/stancegraph evaluate --data $(DATA)

chromium: ## the browser in which the page is tested
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  root=$$([ "$$(id -u)" -eq 0 ] || echo sudo); \
	  $$root apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$root apt-get install -y -qq --no-install-recommends chromium; }

clean:
	rm -rf .venv $(OUT)
