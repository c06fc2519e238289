# Style and layer checks. `make check` runs tests/lint/run; before it, the checks check themselves on
# samples that each of them must refuse.
check-goals += test-lint

.PHONY: test-lint format
test-lint: ## the tests of the style checks themselves
	$(Q)cd $(CURDIR) && $(or $(python3-pytest),$(python3)) -B -m pytest -q -p no:cacheprovider tests/lint

# Version 14 and no other: each formats a little differently.
format: ## let clang-format rewrite the C sources
	$(Q)clang-format-14 -i $(shell find kernel user include tests -name '*.[ch]')
