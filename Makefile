# Every job of the project. `make help` lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

# The first Python that is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
# Their models are in the repository; training them takes TensorFlow, which runs on Python 3.12 and 3.13.
KERAS_SERVICES := loan_grade clothes
KERAS := $(if $(filter $(SERVICE),$(KERAS_SERVICES)),.venv-keras)
KERAS_PYTHON ?= $(shell for p in python3.13 python3.12 python3 $$HOME/.pyenv/versions/3.13*/bin/python $$HOME/.pyenv/versions/3.12*/bin/python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
MODELS := $(patsubst %,build/models/%/manifest.json,spam_or_ham breast_cancer)
STAGE ?= dev
PORT ?=
# What the local AWS and the tests run pictures with.
LITERT := .cache/layers/.litert-here
APPROVAL ?= broadening
# More of the app's context, as "-c package:clothes=zip".
CONTEXT ?=
export PATH := $(CURDIR)/$(BIN):$(PATH)
# The CDK's bridge prints a banner on a Node past its end of life; Node 20 is, and works.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20,21,23
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes

# $(call environment,FOLDER,PYTHON,LOCK): a virtual environment with what a lock pins. One without
# .built is what a failure has left, and is made anew; so is one whose update fails.
define environment
@test -e $(1)/.built -a -x $(1)/bin/python || rm -rf $(1)
@rm -f $(1)/.built
@test -x $(1)/bin/python || "$(2)" -m venv $(1)
@$(1)/bin/python $(PIP_INSTALL) -r $(3)
@touch $(1)/.built
endef

# What can be refused before anything is installed: SERVICE and PORT, of the commands that take them.
TRAINED := $(patsubst model_training/%/__main__.py,%,$(wildcard model_training/*/__main__.py))
MEASURED := $(foreach name,$(TRAINED),$(if $(wildcard tools/bench/$(name).py),$(name)))
empty :=
space := $(empty) $(empty)
# $(call only,COMMAND,NAMES): SERVICE is one of the names.
only = $(if $(filter $(1),$(MAKECMDGOALS)),$(if $(filter-out 1,$(words $(SERVICE)))$(filter-out $(2),$(SERVICE)),$(error \
	There is no service "$(SERVICE)": choose make $(1) SERVICE=$(subst $(space),|,$(sort $(2))))))
ifneq ($(SERVICE),)
$(call only,train,$(TRAINED))
$(call only,invoke,$(TRAINED))
$(call only,bench,$(MEASURED))
# What is typed is one of them whatever the command; the environment may hold SERVICE for something else.
ifeq ($(origin SERVICE),command line)
ifneq ($(filter-out $(TRAINED),$(SERVICE)),)
$(error There is no service "$(SERVICE)": there are $(subst $(space),|,$(sort $(TRAINED))), for train, bench and invoke)
endif
endif
endif
ifneq ($(PORT),)
ifneq ($(filter demo serve,$(MAKECMDGOALS)),)
ifneq ($(shell case "$(PORT)" in (*[!0-9]*) ;; (*) test "$(PORT)" -le 65535 2>/dev/null && echo yes ;; esac),yes)
$(error There is no port "$(PORT)": choose PORT=1 to 65535, or PORT=0 for any free one)
endif
endif
endif

##@ Run it
.PHONY: demo serve invoke
demo: $(VENV)/.built .venv-emulator/.built node_modules/.built $(MODELS) $(LITERT)  ## Train, deploy to a local AWS, classify real messages over HTTP, stop
	@$(BIN)/python -m tools.local_aws demo $(if $(PORT),--port $(PORT))

serve: $(VENV)/.built .venv-emulator/.built node_modules/.built $(MODELS) $(LITERT)  ## The same, and stay up until Ctrl-C (PORT=4566)
	@$(BIN)/python -m tools.local_aws serve $(if $(PORT),--port $(PORT))

invoke: $(VENV)/.tested $(MODELS)  ## Answer the recorded events from the packaged zips, by AWS's runtime client (SERVICE=loan_grade EVENT=file)
	@$(BIN)/python -m tools.local_aws invoke $(if $(SERVICE),--service $(SERVICE)) $(if $(EVENT),--event $(EVENT))

##@ The model
.PHONY: train
train: $(or $(KERAS),$(VENV))/.built  ## Train again, evaluate, publish (SERVICE=spam_or_ham|breast_cancer|loan_grade|clothes ARGS="--data my.csv")
	@$(or $(KERAS),$(VENV))/bin/python -m model_training.$(or $(SERVICE),spam_or_ham) train $(ARGS)

# Only where there is none yet: a model that you trained or adopted is never replaced behind your back.
build/models/%/manifest.json: | $(VENV)/.built
	@$(BIN)/python -m model_training.$* train

##@ AWS
.PHONY: layers synth deploy destroy
layers: $(VENV)/.built  ## Build the Lambda layers of the runtimes into .cache (RUNTIME=litert; TARGET=here: for the local AWS)
	@$(BIN)/python -m stacks.packaging.layers $(if $(RUNTIME),--runtime $(RUNTIME)) $(if $(TARGET),--target $(TARGET))

synth: $(VENV)/.built node_modules/.built $(MODELS)  ## Write the CloudFormation templates to cdk.out (STAGE=dev)
	@node_modules/.bin/cdk synth --quiet -c stage=$(STAGE) $(CONTEXT)

deploy: $(VENV)/.built node_modules/.built $(MODELS)  ## Deploy to your AWS account, after a preflight, and ask each service once (STAGE=dev CONTEXT="-c package:clothes=zip")
	@found=$$($(BIN)/python -m tools.preflight -c stage=$(STAGE) $(CONTEXT)) && \
		node_modules/.bin/cdk deploy --all --require-approval $(APPROVAL) -c stage=$(STAGE) $$found $(CONTEXT) --outputs-file build/outputs-$(STAGE).json
	@$(BIN)/python -m tools.smoke --stage $(STAGE) --outputs build/outputs-$(STAGE).json

destroy: $(VENV)/.built node_modules/.built $(MODELS)  ## Delete the stacks from your AWS account (STAGE=dev)
	@$(BIN)/python -m tools.preflight --destroy -c stage=$(STAGE) $(CONTEXT)
	@node_modules/.bin/cdk destroy --all -c stage=$(STAGE) $(CONTEXT)

##@ Check it
.PHONY: test lint bench load reliability snapshots image-test
test: setup lint  ## Set everything up and run every test
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup $(ARGS)

lint: $(VENV)/.tested  ## ruff, mypy, bandit and the walls between packages
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy app.py stacks model_training lambda_src tools
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml app.py stacks lambda_src model_training
	@mkdir -p build && PYTHONPATH=lambda_src:. $(BIN)/lint-imports --no-cache --no-logo >build/imports.log 2>&1 || { cat build/imports.log; exit 1; }

image-test: $(VENV)/.tested $(MODELS)  ## Build the container image with docker, podman or finch, run it and ask it
	@$(BIN)/python -m tools.image $(ARGS)

bench: $(VENV)/.tested .venv-bench/.built $(addsuffix /.built,$(KERAS)) $(MODELS)  ## Measure against the usual ways of serving the model (QUICK=1: two minutes, no documents; SERVICE=loan_grade)
	@$(BIN)/python -m tools.bench $(if $(QUICK),--quick) $(if $(SERVICE),--service $(SERVICE))

load: $(VENV)/.tested $(MODELS)  ## 100,000 mixed requests over four runtime processes (ARGS="--requests 20000")
	@$(BIN)/python -m tools.reliability load $(ARGS)

reliability: load  ## The long runs: load, events, pumped texts, planted defects; writes docs/reliability.md
	@$(BIN)/python -m tools.reliability events
	@$(BIN)/python -m tools.reliability pumps
	@$(BIN)/python -m tools.reliability defects
	@$(BIN)/python -m tools.reliability report

snapshots: setup  ## Accept the templates as they are now (read the diff before you commit it)
	@$(BIN)/python -m pytest tests/stacks --snapshot-update

##@ The rest
.PHONY: setup lock clean help
setup: $(VENV)/.built $(VENV)/.tested .venv-emulator/.built node_modules/.built $(MODELS) $(LITERT)  ## Install everything, train the model

$(VENV)/.built: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later with the venv module is needed and was not found (Debian: apt-get install python3-venv; or set PYTHON=/path/to/python)."; exit 1; }
	@echo "installing what builds and trains (once, about a minute)"
	$(call environment,$(@D),$(PYTHON),$<)

$(VENV)/.tested: requirements-dev.txt $(VENV)/.built
	@echo "installing what tests"
	@$(BIN)/python $(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

.venv-bench/.built: requirements/bench.txt | $(VENV)/.built
	@echo "installing what is compared with (once, about a minute)"
	$(call environment,$(@D),$(PYTHON),$<)

.venv-keras/.built: requirements/keras.txt
	@test -n "$(KERAS_PYTHON)" || { echo "Python 3.12 or 3.13 with the venv module is needed to train with Keras and was not found (or set KERAS_PYTHON=/path/to/python)."; exit 1; }
	@echo "installing what trains with Keras (once, 2 GB)"
	$(call environment,$(@D),$(KERAS_PYTHON),$<)

.venv-emulator/.built: requirements/emulator.txt | $(VENV)/.built
	@echo "installing the local AWS"
	$(call environment,$(@D),$(PYTHON),$<)

$(LITERT): requirements/layer-litert.txt stacks/packaging/layers/keep.py stacks/packaging/layers/libraries.py $(VENV)/.built
	@echo "building the layers of LiteRT for this machine"
	@mkdir -p $(@D)
	@$(BIN)/python -m stacks.packaging.layers --runtime litert --target here > $@.log || { cat $@.log; exit 1; }
	@touch $@

node_modules/.built: package-lock.json
	@command -v npm >/dev/null || { echo "Node 20 or later with npm is needed and was not found (22 is best)."; exit 1; }
	@echo "installing the CDK command line"
	@npm ci --silent --no-audit --no-fund
	@touch $@

lock:  ## Resolve requirements/*.in again into hash-pinned locks (needs uv)
	@command -v uv >/dev/null || { echo "uv is needed to resolve and was not found (pip install uv, in an environment of its own)."; exit 1; }
	@for pair in requirements:. requirements-dev:. emulator:requirements bench:requirements; do name=$${pair%%:*}; \
		uv pip compile --universal --python-version 3.11 --no-strip-extras --generate-hashes --no-header --no-emit-index-url \
			--no-emit-find-links --quiet requirements/$$name.in --output-file $${pair#*:}/$$name.txt || exit 1; done
	@uv pip compile --universal --python-version 3.12 --no-strip-extras --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links --quiet requirements/keras.in --output-file requirements/keras.txt
	@test -n "$(KERAS_PYTHON)" || { echo "Python 3.12 or 3.13 is needed to try the lock of the networks and was not found (or set KERAS_PYTHON=/path/to/python)."; exit 1; }
	@"$(KERAS_PYTHON)" -m tools.requires_python requirements/keras.txt
	@name=requirements/layer-scikit-learn; \
		uv pip compile --python-version 3.14 --python-platform aarch64-manylinux_2_28 --generate-hashes --no-header \
			--no-emit-index-url --no-emit-find-links --quiet $$name.in --output-file $$name.txt
	@name=requirements/layer-litert; \
		uv pip compile --no-deps --universal --python-version 3.11 --generate-hashes --no-header \
			--no-emit-index-url --no-emit-find-links --quiet $$name.in --output-file $$name.txt

clean:  ## Remove everything that the other commands made
	rm -rf $(VENV) .venv-emulator .venv-bench .venv-keras node_modules build .cache cdk.out

help:  ## List the commands
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*##/ {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST); echo
