# Every job of the project. `make help` lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

# The first Python that is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
KERAS_PYTHON ?= $(shell for p in python3.13 python3.12 python3 $$HOME/.pyenv/versions/3.13*/bin/python $$HOME/.pyenv/versions/3.12*/bin/python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)

# What there is, by the files that say so: a service is one of the registry, a module
# model_training/NAME trains its model, a network.py there does so with Keras, a folder trained/
# keeps the model with the sources, and tools/bench/NAME.py has its peers.
SERVICES := $(filter-out __init__,$(patsubst stacks/config/services/%.py,%,$(wildcard stacks/config/services/*.py)))
TRAINED := $(foreach name,$(SERVICES),$(if $(wildcard model_training/$(name)/__main__.py),$(name)))
KEPT := $(foreach name,$(TRAINED),$(if $(wildcard model_training/$(name)/trained),$(name)))
WITH_KERAS := $(foreach name,$(TRAINED),$(if $(wildcard model_training/$(name)/network.py),$(name)))
MEASURED := $(foreach name,$(SERVICES),$(if $(wildcard tools/bench/$(name).py),$(name)))
MODELS := $(patsubst %,build/models/%/manifest.json,$(filter-out $(KEPT),$(TRAINED)))
STAGES := $(shell sed -n 's/.*\bname="\([a-z]*\)".*/\1/p' stacks/config/stages.py 2>/dev/null)
TARGETS := $(shell sed -n 's/^TargetName = Literal\[\(.*\)\]/\1/p' stacks/config/stages.py 2>/dev/null | tr -d '",')
RUNTIMES := $(patsubst requirements/layer-%.txt,%,$(wildcard requirements/layer-*.txt))

STAGE ?= dev
# More of the app's context, as "-c package:clothes=image".
CONTEXT ?=
APPROVAL ?= broadening
# TensorFlow runs on Python 3.12 and 3.13.
KERAS := $(if $(filter $(SERVICE),$(WITH_KERAS)),.venv-keras)
# One service, or all of them; the model store holds the models of all either way.
ONLY := $(if $(SERVICE),--service $(SERVICE))
IN_STAGE = -c stage=$(STAGE) $(if $(SERVICE),-c service=$(SERVICE)) $(RECEIVER) $(CONTEXT)
OUTPUTS = build/outputs-$(STAGE)$(if $(SERVICE),-$(SERVICE)).json
export PATH := $(CURDIR)/$(BIN):$(PATH)
# The CDK's bridge prints a banner on a Node past its end of life; Node 20 is, and works.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20,21,23
# With Node's usual four background threads a synthesis takes a third more processor time than with
# one, most of it while rules are compiled. Whoever has chosen a number keeps it.
export NODE_OPTIONS := $(strip $(NODE_OPTIONS) $(if $(findstring v8-pool-size,$(NODE_OPTIONS)),,--v8-pool-size=1))
# One command starts many interpreters: each would compile again what it imports.
unexport PYTHONDONTWRITEBYTECODE

# What is refused before anything is installed: a variable that names what there is not, typed for
# a command that takes it. The environment may hold one of the name for something else.
# $(call choose,VARIABLE,NOUN,COMMANDS,NAMES)
empty :=
space := $(empty) $(empty)
choose = $(foreach command,$(filter $(3),$(MAKECMDGOALS)),$(if $(strip $($(1))),$(if \
	$(filter-out 1,$(words $($(1))))$(filter-out $(4),$($(1))),$(error \
	There is no $(2) "$($(1))": choose make $(command) $(1)=$(subst $(space),|,$(sort $(4)))))))
$(call choose,SERVICE,service,train,$(TRAINED))
$(call choose,SERVICE,service,bench,$(MEASURED))
$(call choose,SERVICE,service,demo serve invoke batch score synth deploy destroy watch price status rollback restore resume logs drift,$(SERVICES))
$(call choose,STAGE,stage,batch synth deploy destroy price status rollback restore resume logs drift,$(STAGES))
# What goes past a change set is no stage's that others rely on.
$(call choose,STAGE,stage to watch,watch,$(filter-out local prod,$(STAGES)))
$(call choose,RUNTIME,runtime,layers,$(RUNTIMES))
$(call choose,TARGET,target,layers,$(TARGETS))
ifeq ($(origin SERVICE),command line)
ifneq ($(filter-out $(SERVICES),$(SERVICE)),)
$(error There is no service "$(SERVICE)": there are $(subst $(space),|,$(sort $(SERVICES))))
endif
endif
# $(call require,COMMANDS,VARIABLE,QUESTION,EXAMPLE)
require = $(foreach command,$(filter $(1),$(MAKECMDGOALS)),$(if $(strip $($(2))),,$(error \
	Say $(3): make $(command) $(4))))
ifneq ($(PORT),)
ifneq ($(filter demo serve,$(MAKECMDGOALS)),)
ifneq ($(shell case "$(PORT)" in (*[!0-9]*) ;; (*) test "$(PORT)" -le 65535 2>/dev/null && echo yes ;; esac),yes)
$(error There is no port "$(PORT)": choose PORT=1 to 65535, or PORT=0 for any free one)
endif
endif
endif

##@ Run it
.PHONY: demo serve invoke
demo serve: $(VENV)/.built .venv-emulator/.built node_modules/.built $(MODELS)
	@$(BIN)/python -m stacks.packaging.layers --needed -c stage=local $(if $(SERVICE),-c service=$(SERVICE))
	@$(BIN)/python -m tools.local_aws $@ $(ONLY) $(if $(PORT),--port $(PORT)) $(if $(WATCH),--watch)

demo:  ## Train, deploy to a local AWS, classify real messages over HTTP, stop (SERVICE=clothes)
serve:  ## The same, and stay up at http://127.0.0.1:8080 until Ctrl-C (PORT=8080 SERVICE=clothes; WATCH=1: deploy what you change)

invoke: $(VENV)/.tested $(MODELS)  ## Answer the recorded events from the packaged zips, by AWS's runtime client (SERVICE=loan_grade EVENT=file)
	@$(BIN)/python -m tools.local_aws invoke $(ONLY) $(if $(EVENT),--event $(EVENT))

##@ Many rows
.PHONY: score batch
ifneq ($(filter score batch,$(MAKECMDGOALS)),)
ifneq ($(words $(SERVICE) $(firstword $(INPUT)) $(OUTPUT)),3)
$(error Say which service, which rows, and where to: make $(filter score batch,$(MAKECMDGOALS)) SERVICE=spam_or_ham INPUT=messages.jsonl OUTPUT=scored)
endif
endif
ROWS = --service $(SERVICE) --output "$(OUTPUT)" $(if $(KEEP),--keep "$(KEEP)") $(if $(FORM),--form $(FORM)) $(ARGS) $(INPUT)

score: $(VENV)/.built $(MODELS)  ## Score rows of files on all cores of this machine (SERVICE=spam_or_ham INPUT=messages.jsonl OUTPUT=scored KEEP=columns FORM=csv)
	@$(BIN)/python -m tools.batch score $(ROWS)

batch: $(VENV)/.built .venv-emulator/.built node_modules/.built $(MODELS)  ## The same on Step Functions, of files or of S3: on the local AWS, or on AWS (STAGE=dev)
	@$(BIN)/python -m tools.batch run $(if $(filter command line,$(origin STAGE)),--stage $(STAGE)) $(ROWS)

##@ Your model
.PHONY: add remove
ifneq ($(filter add remove,$(MAKECMDGOALS)),)
ifeq ($(strip $(NAME)),)
$(error Say what the service is called: make $(filter add remove,$(MAKECMDGOALS)) NAME=churn …)
endif
endif
ifneq ($(filter add,$(MAKECMDGOALS)),)
ifeq ($(strip $(MODEL)),)
$(error Say where the model is: make add NAME=$(NAME) MODEL=model.pkl DATA=rows.csv TARGET=column)
endif
endif
add: $(VENV)/.built $(MODELS)  ## Make a service of a model file (NAME=churn MODEL=churn.pkl DATA=churn.csv TARGET=churned LABELS="0=stayed 1=left")
	@$(BIN)/python -m model_training add "$(NAME)" $(MODEL) $(if $(DATA),--data "$(DATA)") $(if $(TARGET),--target "$(TARGET)") \
		$(if $(TEXT),--text "$(TEXT)") $(if $(LABELS),--labels $(LABELS)) $(if $(filter yes,$(TRUST)),--trust)
	@$(BIN)/python -m tools.openapi

remove: $(VENV)/.built  ## Take back what add has written (NAME=churn)
	@$(BIN)/python -m model_training remove "$(NAME)"

##@ The model
.PHONY: train
train: $(or $(KERAS),$(VENV))/.built  ## Train again, evaluate, publish (SERVICE=spam_or_ham ARGS="--data my.csv")
	@$(or $(KERAS),$(VENV))/bin/python -m model_training.$(or $(SERVICE),spam_or_ham) train $(ARGS)

# Only where there is none yet: a model that you trained or adopted is never replaced behind your back.
build/models/%/manifest.json: | $(VENV)/.built
	@$(BIN)/python -m model_training.$* train

##@ AWS
.PHONY: layers synth deploy destroy watch
layers: $(VENV)/.built  ## Build the Lambda layers of the runtimes into .cache (RUNTIME=litert; TARGET=here: for the local AWS)
	@$(BIN)/python -m stacks.packaging.layers $(if $(RUNTIME),--runtime $(RUNTIME)) $(if $(TARGET),--target $(TARGET))

synth: $(VENV)/.built node_modules/.built $(MODELS)  ## Write the CloudFormation templates to cdk.out (STAGE=dev SERVICE=clothes)
	@$(BIN)/python -m stacks.packaging.layers --needed $(IN_STAGE)
	@node_modules/.bin/cdk synth --quiet $(IN_STAGE)

deploy: $(VENV)/.built node_modules/.built $(MODELS)  ## Deploy to your AWS account, after a preflight, and ask each service once (STAGE=dev SERVICE=clothes CONTEXT="-c package:clothes=image")
	@more=$$($(BIN)/python -m tools.preflight $(IN_STAGE)) && \
		moved=$$($(RELEASE) moved $(AT)) && \
		$(BIN)/python -m stacks.packaging.layers --needed $(IN_STAGE) && \
		node_modules/.bin/cdk deploy --require-approval $(APPROVAL) $(IN_STAGE) $$moved $$more --outputs-file $(OUTPUTS)
	@$(RELEASE) put-live $(AT)
	@$(BIN)/python -m tools.smoke --stage $(STAGE) $(ONLY) --outputs $(OUTPUTS)

destroy: $(VENV)/.built node_modules/.built $(MODELS)  ## Delete the stacks from your AWS account (STAGE=dev SERVICE=clothes: that service's, and no model)
	@stacks=$$($(BIN)/python -m tools.preflight --destroy $(IN_STAGE)) && \
		node_modules/.bin/cdk destroy $(IN_STAGE) $$stacks
	@$(RELEASE) forget $(AT)

watch: $(VENV)/.built node_modules/.built $(MODELS)  ## Deploy to dev what you change, within seconds, until Ctrl-C (SERVICE=spam_or_ham)
	@$(BIN)/python -m stacks.packaging.layers --needed $(IN_STAGE)
	@node_modules/.bin/cdk watch --all $(IN_STAGE)

##@ What is live, and what it costs
.PHONY: price status logs drift rollback restore resume
RELEASE := $(BIN)/python -m tools.release
AT = --stage $(STAGE) $(ONLY)
$(call require,rollback restore resume logs drift,SERVICE,which service,SERVICE=spam_or_ham)
$(call require,restore,MODEL_VERSION,which model,SERVICE=spam_or_ham MODEL_VERSION=0123456789ab)

# A stage may insist that somebody is told of its alarms. These two deploy none.
price destroy: RECEIVER = $(if $(findstring alarm_,$(CONTEXT)),,-c alarm_email=nobody@example.org)
price: synth  ## What the stage costs: idle, per million requests, at a rate (STAGE=prod SERVICE=clothes RATE=requests per second)
	@$(BIN)/python -m tools.price $(ONLY) $(if $(RATE),--rate "$(RATE)")

status: $(VENV)/.built  ## Which versions and models there are, and what is live (STAGE=dev; STAGE=local: of make serve)
	@$(RELEASE) status $(AT)

logs: $(VENV)/.built  ## A service's log of the last ten minutes, or as it is written (STAGE=dev SERVICE=spam_or_ham FOLLOW=1)
	@$(RELEASE) logs $(AT) $(if $(FOLLOW),--follow)

drift: $(VENV)/.built  ## How far each day's answers are from the training's (STAGE=dev SERVICE=spam_or_ham DAYS=14)
	@$(RELEASE) drift $(AT) $(if $(DAYS),--days "$(DAYS)")

rollback: $(VENV)/.built  ## Put the version before live in a second, and ask it (STAGE=dev SERVICE=spam_or_ham TO=model version)
	@$(RELEASE) rollback $(AT) $(if $(TO),--to "$(TO)")

resume: $(VENV)/.built  ## Let a service answer again that its brake has stopped (STAGE=dev SERVICE=spam_or_ham)
	@$(RELEASE) resume $(AT)

restore: $(VENV)/.built  ## Fetch an older model from the bucket, to deploy it (STAGE=dev SERVICE=spam_or_ham MODEL_VERSION=…)
	@$(RELEASE) restore $(AT) --model-version "$(MODEL_VERSION)"

##@ Check it
.PHONY: check test judge lint bench load reliability snapshots image-test
# Two processes of one thread each: what fits models would start threads for every core in both.
PYTEST := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2

check: $(VENV)/.tested node_modules/.built $(MODELS) lint  ## Lint, types, and the tests of what differs from main: under a minute
	@tests=$$($(BIN)/python -m tools.changed_tests) && { test -z "$$tests" || $(PYTEST) $$tests $(ARGS); }

test: setup lint  ## Set everything up, run what every change needs, and measure coverage (ARGS="--cov --cov-report=term": file by file; ARGS=tests/unit: a part)
	@$(PYTEST) $(or $(ARGS),--cov --cov-report=)

judge: setup  ## The exhaustive tests, generated examples by the thousand, and scikit-learn's own tests: an hour, every night
	@$(PYTEST) -m "judge or hypothesis" --hypothesis-profile judge $(ARGS)
	@$(BIN)/python -m tools.judge

lint: $(VENV)/.tested  ## ruff (with bandit's rules), mypy and the walls between packages
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy app.py stacks model_training lambda_src tools
	@mkdir -p build && PYTHONPATH=lambda_src:. $(BIN)/lint-imports --no-cache --no-logo >build/imports.log 2>&1 || { cat build/imports.log; exit 1; }

image-test: $(VENV)/.tested $(MODELS)  ## Build the container image with docker, podman or finch, run it and ask it
	@$(BIN)/python -m tools.image $(ARGS)

bench: $(VENV)/.tested .venv-bench/.built $(addsuffix /.built,$(if $(ALL),.venv-keras,$(KERAS))) $(MODELS)  ## Measure against the usual ways of serving the model (QUICK=1: three minutes, no documents; SERVICE=loan_grade; ALL=1: every service; BATCH=1: many rows)
	@$(BIN)/python -m tools.bench$(if $(BATCH),.batch) $(if $(QUICK),--quick) $(if $(ALL),--all,$(ONLY)) $(ARGS)

load: $(VENV)/.tested $(MODELS)  ## 100,000 mixed requests over four runtime processes (ARGS="--requests 20000")
	@$(BIN)/python -m tools.reliability load $(ARGS)

reliability: load  ## The long runs: load, events, pumped texts, planted defects; writes docs/reliability.md
	@$(BIN)/python -m tools.reliability events
	@$(BIN)/python -m tools.reliability pumps
	@$(BIN)/python -m tools.reliability batch
	@$(BIN)/python -m tools.reliability watching
	@$(BIN)/python -m tools.reliability defects
	@$(BIN)/python -m tools.reliability report

snapshots: setup  ## Accept the templates as they are now (read the diff before you commit it)
	@$(BIN)/python -m pytest tests/stacks --snapshot-update

##@ A release
.PHONY: wheel site sbom audit pictures
wheel: $(VENV)/.tested  ## Build what somebody else's CDK app installs, into build/wheel
	@rm -rf build/wheel
	@$(BIN)/python -m hatchling build --target wheel --directory build/wheel

site: .venv-docs/.built $(if $(LOOK),$(VENV)/.tested)  ## Build the documentation site into build/site, every link checked (LOOK=1: and every page looked at in Chromium)
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/python -m mkdocs build --config-file tools/site/mkdocs.yml && echo build/site/index.html
	@$(if $(LOOK),$(BIN)/python -m tools.site)

sbom: $(VENV)/.tested synth  ## Write what ships in each function, and what the locks pin, as CycloneDX into build/sbom (STAGE=prod)
	@$(BIN)/python -m tools.sbom

audit: .venv-audit/.built $(VENV)/.tested  ## Look every lock up in advisories, and our code through by bandit itself
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml app.py stacks lambda_src model_training
	@for lock in requirements*.txt requirements/*.txt; do echo "$$lock"; \
		.venv-audit/bin/pip-audit --strict --progress-spinner off --require-hashes --disable-pip --requirement $$lock || exit 1; done

pictures: $(VENV)/.tested $(MODELS)  ## Take the README's pictures of page and report, in light and dark
	@$(BIN)/python -m tools.pictures

##@ The rest
.PHONY: setup lock clean help
setup: $(VENV)/.built $(VENV)/.tested .venv-emulator/.built node_modules/.built $(MODELS)  ## Install everything, train the models
	@$(BIN)/python -m stacks.packaging.layers --needed -c stage=local

# An environment has what its lock, the first prerequisite, pins: of .venv in two steps, as who only
# deploys needs no tests. One without .built is what a failure has left and is made anew; so is one
# whose update fails.
ENVIRONMENTS := $(VENV)/.built $(VENV)/.tested .venv-emulator/.built .venv-bench/.built .venv-keras/.built \
	.venv-docs/.built .venv-audit/.built
$(VENV)/.built: requirements.txt
$(VENV)/.tested: requirements-dev.txt $(VENV)/.built
.venv-emulator/.built: requirements/emulator.txt | $(VENV)/.built
.venv-bench/.built: requirements/bench.txt | $(VENV)/.built
.venv-docs/.built: requirements/docs.txt
.venv-audit/.built: requirements/audit.txt
.venv-keras/.built: requirements/keras.txt
$(ENVIRONMENTS): python = $(PYTHON)
.venv-keras/.built: python = $(KERAS_PYTHON)
needed := Python 3.11 or later with the venv module is needed and was not found (Debian: apt-get install python3-venv; or set PYTHON=/path/to/python).
.venv-keras/.built: needed := Python 3.12 or 3.13 with the venv module is needed to train with Keras and was not found (or set KERAS_PYTHON=/path/to/python).
$(VENV)/.built: holds := what builds and trains (once, about a minute)
$(VENV)/.tested: holds := what tests
.venv-emulator/.built: holds := the local AWS
.venv-bench/.built: holds := what is compared with (once, about a minute)
.venv-docs/.built: holds := what builds the site
.venv-audit/.built: holds := what asks for advisories
.venv-keras/.built: holds := what trains with Keras (once, 2 GB)

$(ENVIRONMENTS):
	@test -n "$(python)" || { echo "$(needed)"; exit 1; }
	@echo "installing $(holds)"
	@test -e $(@D)/.built -a -x $(@D)/bin/python || rm -rf $(@D)
	@rm -f $@
	@test -x $(@D)/bin/python || "$(python)" -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

node_modules/.built: package-lock.json
	@command -v npm >/dev/null || { echo "Node 20 or later with npm is needed and was not found (22 is best)."; exit 1; }
	@echo "installing the CDK command line"
	@npm ci --silent --no-audit --no-fund
	@touch $@

lock:  ## Resolve requirements/*.in again into hash-pinned locks (needs uv)
	@command -v uv >/dev/null || { echo "uv is needed to resolve and was not found (pip install uv, in an environment of its own)."; exit 1; }
	@for lock in requirements.txt requirements-dev.txt $(foreach name,emulator bench docs audit,requirements/$(name).txt) \
			$(patsubst %.in,%.txt,$(wildcard requirements/models/*.in)); do \
		from=requirements/$${lock#requirements/}; \
		uv pip compile --universal --python-version 3.11 --no-strip-extras --generate-hashes --no-header --no-emit-index-url \
			--no-emit-find-links --quiet $${from%.txt}.in --output-file $$lock || exit 1; done
	@uv pip compile --universal --python-version 3.12 --no-strip-extras --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links --quiet requirements/keras.in --output-file requirements/keras.txt
	@test -n "$(KERAS_PYTHON)" || { echo "Python 3.12 or 3.13 is needed to try the lock of the networks and was not found (or set KERAS_PYTHON=/path/to/python)."; exit 1; }
	@"$(KERAS_PYTHON)" -m tools.requires_python requirements/keras.txt
	@name=requirements/layer-scikit-learn; \
		uv pip compile --python-version 3.14 --python-platform aarch64-manylinux_2_28 --generate-hashes --no-header \
			--no-emit-index-url --no-emit-find-links --quiet $$name.in --output-file $$name.txt
	@name=requirements/layer-pandas; \
		uv pip compile --python-version 3.14 --python-platform aarch64-manylinux_2_28 --generate-hashes --no-header \
			--no-emit-index-url --no-emit-find-links --quiet --constraint requirements-dev.txt --no-emit-package numpy \
			$$name.in --output-file $$name.txt
	@name=requirements/layer-litert; \
		uv pip compile --no-deps --universal --python-version 3.11 --generate-hashes --no-header \
			--no-emit-index-url --no-emit-find-links --quiet $$name.in --output-file $$name.txt

clean:  ## Remove everything that the other commands made
	rm -rf $(VENV) .venv-emulator .venv-bench .venv-keras .venv-docs .venv-audit node_modules build .cache cdk.out

help:  ## List the commands
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*##/ {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST); echo
