# Two commands do everything on a fresh machine: `make check` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIN    := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate

.PHONY: check test interop interop-again model-checkers cluster coverage lint bench bench-explore proto lock lock-peers clean

check: $(VENV)/ready            ## prove, explore, necessity, conform, fuzz; writes pentad-out/report.html
	$(BIN)/pentad check

test: $(VENV)/ready             ## the test suite
	$(BIN)/pytest -n auto --dist loadfile

interop: $(VENV)/ready          ## foreign implementations against ours; a peer that does not install is not checked
	$(BIN)/python -m impl.foreign install || true
	$(BIN)/pytest -m interop tests/interop

interop-again:                  ## what failed last of the above, once more
	$(BIN)/pytest -m interop --last-failed --last-failed-no-failures=none tests/interop

model-checkers: $(VENV)/ready   ## Spin, Rumur, gcc and a parser of TLA+: to count the states of what `pentad export` writes
	which spin rumur gcc >/dev/null || { apt-get update && apt-get install -y spin rumur gcc libc6-dev; }
	$(BIN)/python -m pip install --quiet --require-hashes -r tests/model/export/requirements.txt

cluster: $(VENV)/ready          ## Dask, for `pentad explore --scheduler`
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-cluster.txt

coverage: $(VENV)/ready         ## lines and branches of impl that its tests reach; fails below the floor
	$(BIN)/coverage run -m pytest -n auto tests/impl
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=92
	$(BIN)/coverage report --include='impl/wire/*,impl/crypto/*' --fail-under=97

lint: $(VENV)/ready             ## style, types, and which way imports point
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench-explore: model-checkers   ## states that Pentad, Spin and Rumur count of one model, and how fast
	$(BIN)/python -m benchmarks explore_peers

bench: $(VENV)/ready            ## every figure in README and docs, beside the packages of benchmarks/requirements.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r benchmarks/requirements.txt
	$(BIN)/python -m benchmarks

proto: $(VENV)/ready            ## regenerate the protobuf modules from impl/wire/pb/*.proto
	$(BIN)/python -m grpc_tools.protoc -I. --python_out=. --pyi_out=. impl/wire/pb/*.proto

lock:                           ## pin requirements.in and requirements-cluster.in (needs uv)
	$(PIN) requirements.in -o requirements.txt
	$(PIN) requirements-cluster.in -o requirements-cluster.txt

lock-peers:                     ## pin what impl/foreign/*/requirements.in and package.json ask for (needs uv and npm)
	for in in impl/foreign/*/requirements.in; do $(PIN) $$in -o $${in%.in}.txt; done
	for in in impl/foreign/*/package.json; do (cd $${in%/*} && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved); done

$(VENV)/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf $(VENV) .peers pentad-out .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
