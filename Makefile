# `make demo` and `make test` are each enough by themselves on a fresh machine.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= auto
# Browsers wait more than they work.
BROWSERS ?= 6

# Every worker and every server that a test starts would else compile all modules once more.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test test-fast test-browser soak bench lint format pins clean

setup: $(READY)

$(READY): requirements-test.txt pyproject.toml .ci/setup .ci/browser
	@PYTHON="$(PYTHON)" VENV="$(VENV)" .ci/setup
	@touch $@

demo: setup
	$(BIN)/jinlin demo $(ARGS)

# Browsers wait much of their time: they run beside the rest, which takes what they leave, and
# their report comes at the end.
BESIDE := $(VENV)/browser-tests.log
test: setup
	@$(BIN)/python -m compileall -q server sync
	@$(MAKE) --no-print-directory test-browser >$(BESIDE) 2>&1 & beside=$$!; \
	trap "kill $$beside; exit 130" INT TERM; \
	nice $(MAKE) --no-print-directory lint test-fast; rest=$$?; \
	echo "The tests in a browser go on; their report follows when they end."; \
	wait $$beside; browsers=$$?; cat $(BESIDE); [ $$rest = 0 ] && [ $$browsers = 0 ]

test-fast: setup
	$(BIN)/pytest -n $(WORKERS) --ignore=tests/browser --ignore=tests/bench

# What failed beside others is tried once more alone, and said; what fails then is wrong.
IN_BROWSER := $(BIN)/pytest -o cache_dir=$(abspath $(VENV))/browser-tests
test-browser: setup
	@VENV="$(VENV)" .ci/browser --install >/dev/null
	$(IN_BROWSER) -n $(BROWSERS) --dist loadfile --no-loadscope-reorder tests/browser || { \
		echo "Once more, each alone: six browsers on a busy machine may wait longer than a test."; \
		$(IN_BROWSER) -n 0 --last-failed --last-failed-no-failures none tests/browser; }

# Hours of bad days: histories of the rules, of the phone's own modules, a server killed again and
# again, and whatever the API says may be sent. FROM= takes other seeds; a failing one is printed
# with how to play it again.
SEEDS ?= 20000
FROM ?= 0
soak: setup
	$(BIN)/python -m tests.simulation --seeds $(SEEDS) --from $(FROM) --jobs 2
	$(BIN)/python -m tests.simulation.phones --seeds 1000 --from $(FROM)
	$(BIN)/python -m tests.simulation.phones --mutants
	$(BIN)/python -m tests.crash --kills 100 --seed 1
	$(BIN)/python -m tests.cases --cases 20000 --seed $(FROM)

bench: setup
	$(BIN)/pytest tests/bench -s

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Rewrites both pinned lists from pyproject.toml; commit the three files together.
PIP_COMPILE := pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links
pins:
	$(PIP_COMPILE) --output-file requirements.txt pyproject.toml
	$(PIP_COMPILE) --extra test --constraint requirements.txt \
		--output-file requirements-test.txt pyproject.toml

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
