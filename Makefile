# Every command that a developer, a tester or CI needs. `make help` lists them.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

BIN := .venv/bin
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard companion/translations/*/LC_MESSAGES/*.po))

.PHONY: help setup run demo test test-cluster test-tools check lint format screens nightly bench bench-full \
  translations lock vendor clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv from the lock file; quick when nothing changed
	@tools/setup.sh
	@$(MAKE) --silent translations

run: setup ## start the companion; an empty database opens a demo and prints its links (PORT=8000)
	@$(BIN)/companion run

demo: setup ## open a half-finished session and print one link per role (ARGS="--bots 8")
	@$(BIN)/companion demo $(ARGS)

test: setup test-tools ## run the tests (ARGS="tests/core -x" to choose)
	@$(BIN)/pytest --numprocesses 2 -m "not slow and not alone and not cluster" $(ARGS) || [ $$? -eq 5 ]  # 5: none of that kind
	@$(BIN)/pytest -m alone $(ARGS) || [ $$? -eq 5 ]

test-cluster: setup test-tools ## run the tests of two nodes behind nginx, with PostgreSQL and Redis (ARGS="-k kill")
	@$(BIN)/pytest -m cluster tests/cluster $(ARGS)

test-tools: setup ## bring what tests need beside Python: browsers, PostgreSQL, Redis, nginx and a C compiler
	@tools/browser.sh
	@tools/firefox.sh
	@tools/postgres.sh
	@tools/cluster.sh
	@tools/compiler.sh

check: setup lint ## everything CI runs: format, lint, types, import order, tests
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory test-cluster

lint: setup ## format, lint, types and import order, without the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict --cache-dir .mypy_cache_strict companion/core companion/service companion/ports companion/records
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## put the Python files in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screens: setup test-tools ## take the pictures in docs/screens/ from the running demo
	$(BIN)/python -m tools.screens $(ARGS)

nightly: setup test-tools ## the long tests: 200 kills, many more examples, slow ones
	COMPANION_KILLS=200 $(BIN)/pytest tests/live/test_crash.py
	$(BIN)/pytest --hypothesis-profile=nightly tests/core
	COMPANION_EVENINGS=400 $(BIN)/pytest tests/live/test_noninterference.py
	COMPANION_FASTPATH=off $(BIN)/pytest tests/live
	COMPANION_SERVER=gevent $(BIN)/pytest tests/live
	COMPANION_SERVER=gevent COMPANION_FASTPATH=off $(BIN)/pytest tests/live
	$(BIN)/pytest -m slow || [ $$? -eq 5 ]  # 5: nothing is marked slow today

bench: setup ## measure a tap beside Node, stock Flask-SocketIO and C, in five minutes (ARGS=--smoke: half a minute)
	@tools/compiler.sh
	$(BIN)/python -W ignore -m benchmarks $(ARGS)

bench-full: setup ## the same with storms, 10,000 sockets, slow disks and growth: writes docs/performance.md
	@tools/compiler.sh
	$(BIN)/python -W ignore -m benchmarks.full $(ARGS)

translations: $(CATALOGUES) ## compile the catalogues (setup does it too)

%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

lock: setup ## write requirements/*.txt anew after a change in pyproject.toml (ARGS=--upgrade)
	tools/lock.sh $(ARGS)

vendor: setup ## fetch static/vendor anew
	tools/node/vendor.sh

clean: ## remove what setup, tests and tools left behind (not the database)
	rm -rf .venv .mypy_cache .mypy_cache_strict .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	rm -rf tools/*/node_modules docs/examples/node_modules benchmarks/peers/node_modules benchmarks/.work
	rm -f $(CATALOGUES)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
