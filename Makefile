# `make run` and `make test` each do all their own set-up on a machine with Python 3.11, git and make.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.SILENT:

PYTHON ?= python3.11
BATON_PORT ?= 3000
export BATON_PORT
export UV_COMPILE_BYTECODE := 1
export UV_PYTHON_DOWNLOADS := never
export DVC_NO_ANALYTICS := 1
export BENTOML_DO_NOT_TRACK := True
export MLFLOW_DISABLE_TELEMETRY := true
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: run test lint readme lock setup rivals clean

run: setup
	baton demo

test: setup .venv/.spark .venv/.bench
	pytest -n 2 --dist loadfile --no-loadscope-reorder

# Runs every command of the README in a fresh clone.
readme: setup
	python tests/readme/run_commands.py

lint: setup
	ruff check .
	ruff format --check .
	mypy
	lint-imports

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	test -x .venv/bin/uv || .venv/bin/python -m pip install --quiet uv
	.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements.lock
	.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	touch .venv/.ready

# Spark is 500 MB that only its tests and those who have a cluster need: it has a lock of its own.
.venv/.spark: requirements-spark.lock .venv/.ready
	.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements-spark.lock
	touch .venv/.spark

# What only the benchmarks need, and the tests of these.
.venv/.bench: requirements-bench.lock .venv/.ready
	.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements-bench.lock
	touch .venv/.bench

# The rivals of benchmarks/quality.py, 1.1 GB that nothing else needs. AutoGluon gets an environment of its own there.
rivals: setup .venv/.rivals

.venv/.rivals: requirements-rivals.lock .venv/.ready
	.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements-rivals.lock
	touch .venv/.rivals

# After a change of the dependencies in pyproject.toml. The lock holds hashes and no registry address.
lock:
	test -x .venv/bin/uv || { $(PYTHON) -m venv .venv; .venv/bin/python -m pip install --quiet uv; }
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --extra dev --extra postgresql --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml
	for part in spark bench rivals serving; do
		.venv/bin/python -c "import tomllib; project = tomllib.load(open('pyproject.toml', 'rb')); \
			print(*(project['project']['optional-dependencies'] | project['dependency-groups'])['$$part'], sep='\n')" \
			| .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --constraint requirements.lock --generate-hashes \
			--no-emit-index-url --custom-compile-command "make lock" --output-file requirements-$$part.lock -
	done

clean:
	rm -rf .venv
