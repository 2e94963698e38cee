# One command for each thing a person wants; deploy/local does the work. A bare machine needs make and python3.
PYTHON ?= python3
LOCAL := $(PYTHON) -m deploy.local
BIN := .local/venv/bin
PYTEST := $(BIN)/python -m pytest
ENGINE ?=
WORKERS ?= 2
DOCKER := $(if $(filter docker,$(ENGINE)),--docker)
BESIDE := not story and not fault and not cluster and not pressure and not walk and not containers
SERVERS := $(LOCAL) with-servers --dev $(DOCKER) --
BENCH := $(LOCAL) with-servers --dev --bench $(DOCKER) -- $(BIN)/python -W ignore -m benchmarks

.DEFAULT_GOAL := help
.PHONY: help up down status logs shell cli demo play check format test test-unit test-versions stories walk faults faults-long clusters pressure reports bench bench-million contract test-containers venv lock clean

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  make up REPLICAS=\"issues=3\"   more processes of a service      ENGINE=docker  servers in containers"
	@echo "  make test ARGS=\"-k name\"      passed on to pytest              PYTHON=python3.12  another interpreter"
	@echo "  AMQP_URI=… MONGODB_URI=… make up   servers you already have are used as they are"

up: ## start everything and leave it running (REPLICAS="issues=3")
	@$(LOCAL) up $(DOCKER) $(addprefix --replicas ,$(REPLICAS))

down: ## stop everything (WIPE=1: remove its data too)
	@$(LOCAL) down $(if $(WIPE),--wipe)

status: ## show what runs
	@$(LOCAL) status

logs: ## show logs (SERVICE=issues, FOLLOW=1)
	@$(LOCAL) logs $(SERVICE) $(if $(FOLLOW),-f)

shell: ## open the nameko shell, logged in as administrator
	@$(LOCAL) shell

cli: ## administration of the bus from the command line (ARGS="trace IS-0001", ARGS="--help")
	@$(LOCAL) exec -- $(BIN)/python -m shared.cli $(ARGS)

demo: ## watch one resident's report travel through the closed loop; leaves nothing running
	@$(LOCAL) demo $(DOCKER)

play: ## watch the same story on what `make up` left running
	@$(LOCAL) exec -- $(BIN)/python -m deploy.demo

venv: ## make .local/venv with the development packages
	@$(LOCAL) venv --dev

check: venv ## lint, format, types, arrows between modules, drift of the contract
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m deploy.contract --check

format: venv ## format, and mend what lint can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

test: ## all tests but stories, walk, faults, clusters and pressure, on servers of their own (ARGS="-k name", WORKERS=0)
	@$(SERVERS) $(PYTEST) -m "$(BESIDE)" -n $(WORKERS) --dist loadfile $(ARGS)

test-unit: venv ## the tests that need no server
	@$(PYTEST) -m "not server and $(BESIDE)" $(ARGS)

test-versions: ## the same on each Python from 3.11 to 3.13 that is present
	@$(LOCAL) versions -- -n $(WORKERS) $(ARGS)

stories: ## the acceptance stories
	@$(SERVERS) $(PYTEST) -m story $(ARGS)

walk: ## the table of transitions walked at random on three replicas (STEPS=10000, SEED=n repeats a walk)
	@WALK_SEED=$(SEED) WALK_STEPS=$(STEPS) $(SERVERS) $(PYTEST) -m walk $(ARGS)

faults: ## kills, partitions and restarts under load
	@$(SERVERS) $(PYTEST) -m fault $(ARGS)

faults-long: ## by chance: 200 kills and every other fault, some 25 minutes (KILLS=n, SEED=n repeats a run)
	@FAULT_SEED=$(SEED) FAULT_KILLS=$(or $(KILLS),200) $(SERVERS) $(PYTEST) tests/fault/test_random.py tests/fault/test_order.py $(ARGS)

clusters: venv ## three broker nodes and three database members: killed, cut off, without a majority, under load
	@$(PYTEST) -m cluster $(ARGS)

pressure: venv ## more than the system can take: a broker without memory or disk, a slow database, floods
	@$(PYTEST) -m pressure $(ARGS)

reports: ## time, keys and documents of every report and list over 150,000 issues, some two minutes (ISSUES=n)
	@ISSUES=$(or $(ISSUES),150000) $(SERVERS) $(PYTEST) tests/integration/issues/test_reports_of_many.py $(ARGS)

bench: ## speed and guarantees against four peers, on the same servers (QUICK=1: under two minutes, ARGS="--only handling")
	@$(BENCH) $(if $(QUICK),--quick) $(ARGS)

bench-million: ## the memory of one process over a million events, some ten minutes
	@$(BENCH) --only memory_million

contract: venv ## generate queue manifest, JSON Schemas, AsyncAPI document and catalogue
	@$(BIN)/python -m deploy.contract $(ARGS)

test-containers: ## the compose file on a real Docker engine
	@$(PYTHON) -m deploy.lab test

lock: ## resolve requirements/run.txt, dev.txt and bench.txt anew
	@$(LOCAL) lock

clean: down ## stop everything and remove .local and caches
	rm -rf .local .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
