# The two commands of the README, and the gate that changes pass.

SWIFT ?= swift
# Arguments for the program: make run ARGUMENTS="train --preset modular-addition-paper"
ARGUMENTS ?=

.PHONY: run test check benchmarks libraries

## Train the default network until it groks; leaves runs/modular-addition/report.html.
run: libraries
	$(SWIFT) build -c release --product grokking --static-swift-stdlib
	.build/release/grokking $(ARGUMENTS)

## All tests but the long reproductions, and a program that uses the libraries by URL and version.
test: libraries
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build
	Scripts/check-consumer.sh

## Format, warnings, documentation.
check: libraries
	Scripts/check.sh

## The programs that Docs/Benchmarks.md names; minutes, so no part of the gate.
benchmarks: libraries
	$(SWIFT) build -c release --package-path Benchmarks

libraries:
	Scripts/install-libraries.sh
