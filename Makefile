# `make` prints what it can do. Each target is one word for `python3 go.py`; nothing here is needed without make.

PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help demo run test quick bench prove lock

help: ## say what can be asked
	@grep -E '^[a-z]+: ## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+): ## /  make \1\t/'

demo: ## open the console on a made-up council
	$(PYTHON) go.py demo

run: ## serve the console for real work
	$(PYTHON) go.py run

test: ## check the code and run every test
	$(PYTHON) go.py test

quick: ## the tests without browser, PostgreSQL and slow ones
	$(PYTHON) go.py test --quick

bench: ## measure it
	$(PYTHON) go.py bench

prove: ## the long campaigns
	$(PYTHON) go.py prove

lock: ## renew the lists of exact versions and hashes
	$(PYTHON) go.py lock
