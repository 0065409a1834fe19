# The portal's commands. Each installs what it needs first (scripts/setup.py); `make` alone lists them.
PYTHON ?= python3
RUN := .venv/bin/python
# A portal of many processes, killed and started by the tests: none of them compiles the whole of it anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo production-like secrets test lint faults bench openapi screenshots setup clean

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

demo:  ## install, prepare a demo database, run web, worker and beat; Ctrl-C stops
	@$(PYTHON) scripts/setup.py run
	@exec $(RUN) -m scripts.demo

production-like:  ## the Procfile's commands on a private PostgreSQL and Redis, production settings, TLS; Ctrl-C stops
	@$(PYTHON) scripts/setup.py dev
	@exec $(RUN) -m scripts.production_like

secrets:  ## make the secrets of a production portal in secrets/; what is there stays
	@$(PYTHON) scripts/setup.py run
	@$(RUN) -m scripts.make_secrets

test:  ## everything that must hold before a change lands
	@$(PYTHON) scripts/setup.py dev
	@exec $(RUN) -m scripts.check

lint:  ## the quick part of `make test`: format, lint, templates, types, layers, migrations, OpenAPI
	@$(PYTHON) scripts/setup.py dev
	@exec $(RUN) -m scripts.check lint

faults:  ## the long kill and race loops
	@$(PYTHON) scripts/setup.py dev
	@exec $(RUN) -m scripts.check faults

bench:  ## measure ratios against bare libraries, write var/bench.json
	@$(PYTHON) scripts/setup.py dev
	@exec $(RUN) -m scripts.bench

openapi:  ## write docs/openapi.yaml anew
	@$(PYTHON) scripts/setup.py dev
	@DJANGO_SETTINGS_MODULE=anyang_sep.settings.test $(RUN) manage.py spectacular --validate --file docs/openapi.yaml

screenshots:  ## every page of every role as pictures in var/catalogue/, and what is wrong with them
	@$(PYTHON) scripts/setup.py dev
	@exec $(RUN) -m scripts.catalogue

setup:  ## install what development needs, run nothing
	@$(PYTHON) scripts/setup.py dev

clean:  ## remove what was installed and made here (the demo's data too)
	rm -rf .venv node_modules static/vendor var
