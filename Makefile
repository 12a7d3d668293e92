# make run | test | setup | check | ingest | bench | soak | screenshots
#
# TORCH_INDEX: where the public package index would bring a CUDA build of torch, name a wheel index with CPU builds here (see README).
# BENCHMARKS:  a folder of document sets with judged queries; what it lacks is skipped and said.

PYTHON      ?= python3
TORCH_INDEX ?=
BENCHMARKS  ?= ../shared/benchmarks
CORPUS      ?= corpus
INDEX       ?= index

BIN       := .venv/bin
INSTALLED := .venv/.installed
PACKAGES  := src ingest tests benchmarks app.py

export PIP_DISABLE_PIP_VERSION_CHECK = 1
ifneq ($(TORCH_INDEX),)
export PIP_EXTRA_INDEX_URL = $(TORCH_INDEX)
endif

.PHONY: run test setup check format ingest bench soak screenshots fit-triage fit-asking fit-relevance
.DEFAULT_GOAL := run

run: setup
	@$(BIN)/python -m ingest --corpus $(CORPUS) --index $(INDEX) --ensure
	@TAPERBOT_CORPUS=$(CORPUS) TAPERBOT_INDEX=$(INDEX) exec $(BIN)/python app.py

test: setup
	$(BIN)/python -m pytest

setup: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --progress-bar off --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --progress-bar off --constraint constraints.txt --editable '.[dev]'
	@touch $@

check: setup
	$(BIN)/ruff format --check $(PACKAGES)
	$(BIN)/ruff check $(PACKAGES)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff format $(PACKAGES)
	$(BIN)/ruff check --fix $(PACKAGES)

ingest: setup
	$(BIN)/python -m ingest --corpus $(CORPUS) --index $(INDEX)

bench: setup
	$(BIN)/python -m benchmarks.run --data $(BENCHMARKS)

soak: setup
	$(BIN)/python -m benchmarks.soak

fit-triage: setup
	$(BIN)/python -m taperbot.triage.fit

fit-asking: setup
	$(BIN)/python -m benchmarks.fit_asking --write

fit-relevance: setup
	$(BIN)/python -m benchmarks.fit_relevance --write

screenshots: setup
	$(BIN)/python -m benchmarks.screenshots
