# `make` lists the targets; `make test` is everything that has to hold.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Real saved pages; tests over them are skipped, loudly, where they are absent.
export FEEDMILL_CORPORA ?= ../shared/corpora

.PHONY: help test tools format lint unit doc corpora bless bench soak idle hang deny fuzz

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# One after the other, the quick ones first, whatever -j says.
test: ## everything: tools, format, lint, tests, documentation
	@for step in tools corpora format lint unit doc corpora; do \
		printf '\n== %s\n' "$$step"; $(MAKE) --no-print-directory "$$step"; \
	done
	@printf '\n== all well\n'

tools: ## install what the tests need and the machine lacks
	.ci/tools

format: ## is every file formatted? (`cargo fmt` does it)
	cargo fmt --check

lint: ## clippy, warnings are errors
	cargo clippy --all-targets -- -D warnings

unit: ## unit, integration and documentation tests
	cargo test

doc: ## the documentation, warnings are errors
	RUSTDOCFLAGS=-Dwarnings cargo doc --no-deps

corpora:
	@if [ -d "$$FEEDMILL_CORPORA" ]; then echo "corpora: $$FEEDMILL_CORPORA"; \
	else echo "!!! NO CORPORA at $$FEEDMILL_CORPORA: the tests over real saved pages are skipped (FEEDMILL_CORPORA names the place)"; fi

bless: ## write the golden files anew; then read the difference
	FEEDMILL_BLESS=1 INSTA_UPDATE=always cargo test
	git status --short

bench: ## how long things take
	cargo bench

SOAK_MINUTES ?= 10
soak: ## ten minutes of 500 sites that fail by chance: nothing is lost, repeated, late, rude or growing
	SOAK_MINUTES=$(SOAK_MINUTES) cargo bench --bench soak

idle: ## what 100, 1,000 and 10,000 sites cost that have nothing new
	cargo bench --bench idle

hang: ## what a host that hangs costs the feeds of others
	cargo bench --bench hang

deny: ## licences, sources and bans of the dependencies
	@if command -v cargo-deny > /dev/null; then cargo deny check --hide-inclusion-graph bans licenses sources; \
	else echo "cargo-deny is not installed: cargo install cargo-deny --locked" >&2; exit 1; fi

FUZZ_SECONDS ?= 600
fuzz: ## ten minutes of hostile input for each door (needs a nightly compiler and cargo-fuzz)
	@for target in document selectors json_ld dates clean config robots; do \
		cargo +nightly fuzz run $$target -- -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=3000; \
	done
