# make run     the bot: with Slack tokens on your workspace, without them in a practice workspace
# make test    the suite on SQLite, and on PostgreSQL where locks and SQL differ; DAY=2028-02-29 moves its clocks
# make prove   everything: each kill, N rounds (N=100, SEED=7); all on both databases; the suite on hard days
# make bench   measures speed against a bare Bolt app and writes docs/performance.md
# make lint    style, types and import contracts
# make words   every sentence that people can read, by room and screen (ROOMS="people home")
# make sizes   each room's lines against its budget; longest file and function, test/source ratio
# make install only makes .venv
# make pictures takes the README's pictures anew (needs chromium)
# make pins    pins all dependencies anew, with their hashes

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
N ?= 100
ifndef SEED
SEED := $(shell od -An -N2 -tu2 /dev/urandom | tr -d ' ')
endif
JOBS ?= 3
SPREAD = -n $(JOBS) --dist loadfile --no-loadscope-reorder
ARGS ?=
DAY ?=
# A leap day, the last day of a year, a Sunday, and the two on which clocks change.
HARD_DAYS := 2028-02-29 2027-12-31 2027-06-13 2027-03-14 2027-11-07
ROOMS := $(filter-out tests/bench/ tests/contract/ tests/faults/ tests/sandbox/,$(wildcard tests/*/))

# What Python has compiled is kept, so that not each of the suite's processes compiles it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install run test prove bench lint format sizes words pictures pins
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# //p' Makefile

# Stamps, so that a second run is quick: pip is asked again only when the pins have changed.
$(VENV)/.ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "copbot needs Python 3.11 or newer. Name one: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "No virtual environment could be made. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.ready-for-tests: $(VENV)/.ready tests/requirements.txt
	$(PIP) -r tests/requirements.txt
	@touch $@

install: $(VENV)/.ready

# Credentials in the environment or in .env mean a real workspace.
run: install
	@if [ -n "$$SLACK_BOT_TOKEN$$SLACK_APP_TOKEN$$SLACK_SIGNING_SECRET" ] || \
		grep -Eqs '^ *(export +)?SLACK_(BOT_TOKEN|APP_TOKEN|SIGNING_SECRET) *= *[^ #]' .env; then \
		$(PY) bot.py migrate && exec $(PY) bot.py run; \
	else \
		exec $(PY) bot.py sandbox; \
	fi

test: $(VENV)/.ready-for-tests
	TEST_DAY=$(DAY) $(PY) -m pytest $(SPREAD) $(ARGS)

prove: $(VENV)/.ready-for-tests
	$(PY) -m pytest -v -m rounds --prove --rounds $(N) --seed $(SEED) -o faulthandler_timeout=0 $(SPREAD) $(ARGS)
	$(PY) -m pytest -q -m "not rounds" --prove --seed $(SEED) --hypothesis-seed $(SEED) $(SPREAD) $(ARGS)
	for day in $(HARD_DAYS); do TEST_DAY=$$day $(PY) -m pytest -q $(SPREAD) $(ROOMS) || exit 1; done

bench: $(VENV)/.ready-for-tests
	$(PY) -m tests.bench $(ARGS)

lint: $(VENV)/.ready-for-tests
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/.ready-for-tests
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

sizes: $(VENV)/.ready-for-tests
	@$(PY) -m tests.sizes

words: $(VENV)/.ready-for-tests
	@$(PY) -m tests.words $(ROOMS)

pictures: $(VENV)/.ready-for-tests
	$(PY) -m tests.page.pictures
	$(PY) -m tests.page.community_pictures
	$(PY) -m tests.page.about_pictures
	$(PY) -m tests.page.resource_pictures
	$(PY) -m tests.page.digest_pictures
	$(PY) -m tests.page.conversation_pictures

# The resolver lives in a place of its own: the product does not depend on it.
UV := $(VENV)/pins/bin/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11
pins: $(VENV)/.ready
	@test -x $(VENV)/pins/bin/uv || { $(PYTHON) -m venv $(VENV)/pins && $(VENV)/pins/bin/pip install --quiet uv; }
	$(UV) pyproject.toml -o $(VENV)/run.txt
	$(UV) pyproject.toml --extra test -c $(VENV)/run.txt -o $(VENV)/test.txt
	@$(PY) -m tests.pins $(VENV)/run.txt $(VENV)/test.txt
