# The two commands of the README are `make demo` and `make test`; each sets up what it needs in .venv.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.mvr-set-up

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-models check coverage mutants bench bench-music bench-gpu bench-sketch bench-trust
.PHONY: bench-writing bench-page bench-timeline clean

help:  ## list these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(STAMP)  ## make .venv and install mvr in it, with everything the tests need

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "mvr needs Python 3.11 or newer; try: make PYTHON=python3.12 setup")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

demo: $(STAMP)  ## render projects/demo and print the film's path
	$(BIN)/mvr render projects/demo

test: $(STAMP)  ## every test, a file a core
	$(BIN)/python -m pytest -n logical --dist loadfile

test-models: $(STAMP)  ## install the gpu extra, and run the tests of what runs models; none is skipped
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,gpu]'
	MVR_TEST_MODELS=1 $(BIN)/python -m pytest -n logical --dist loadfile -m models

check: $(STAMP)  ## lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

coverage: $(STAMP)  ## run the engine's tests; every line and branch of the engine must be taken
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest tests/engine
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

mutants: $(STAMP)  ## break the engine in many small ways, and tell which of them no test notices
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[mutants]'
	$(BIN)/python -m tests.mutants

bench: $(STAMP)  ## measure, print a table and write docs/benchmarks.md
	$(BIN)/python -m tests.bench

bench-music: $(STAMP)  ## measure what is heard in ../shared/music, where it is, against its annotations
	$(BIN)/python -m tests.bench_music

bench-gpu: $(STAMP)  ## measure models of full size with random weights on a GPU, and write docs/benchmarks-gpu.md
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,gpu]'
	$(BIN)/python -m tests.bench_gpu

bench-sketch: $(STAMP)  ## measure the sketch: speed, memory, cuts, flashes, how it follows the kick
	$(BIN)/python -m tests.bench_sketch

bench-trust: $(STAMP)  ## play 10,000 random edit scripts, 200 kills and 1,000 flipped bytes; half an hour and more
	$(BIN)/python -m tests.bench_trust

bench-writing: $(STAMP)  ## 200 plans by a tiny model that says noise, and the cost of holding it to a form
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,gpu]'
	$(BIN)/python -m tests.bench_writing

bench-timeline: $(STAMP)  ## 500 random timelines, a film of two hours, and what an edit of the timeline costs
	$(BIN)/python -m tests.bench_timeline

bench-page: $(STAMP)  ## measure the page in a browser: saves, scrolling, a day of events; wants chromium
	$(BIN)/python -m tests.bench_page

clean:  ## remove .venv and everything rendered by the example projects
	rm -rf .venv mutants projects/*/.mvr projects/*/mvr-out
