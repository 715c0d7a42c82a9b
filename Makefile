.DEFAULT_GOAL := help
.PHONY: help demo test fuzz bench conformance generate check-generated lint lint-spec

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.7.0

help: ## say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

demo: ## log two wallets in, open a gate and be refused at another, against the mock
	@go run ./mock/cmd/picket-demo

test: ## run all tests with the race detector
	go test -race ./...

fuzz: ## look for bugs with made-up input, in each fuzz target for FUZZTIME=30s
	@mock/internal/fuzz/run

bench: ## measure what the client, token checks and the middleware cost, beside yardsticks; BENCHFLAGS=-rounds=20
	@go run ./mock/internal/bench $(BENCHFLAGS)

conformance: ## let the official SDKs judge the mock; needs Node.js, Python and Chromium
	@mock/conformance/run

generate: ## make the generated code from openapi.yaml and mock/control.yaml
	go generate ./...

check-generated: generate ## fail when the generated code is not what the contracts make
	git diff --exit-code -- generated mock/internal/control

lint: ## check the form of the Go code
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "not formatted, see gofmt -d:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...

# The linters are pinned in .ci/lint and need Node.js; npm installs them on the first run.
LINT := .ci/lint/node_modules/.bin

lint-spec: $(LINT)/redocly ## check openapi.yaml and mock/control.yaml with Redocly and Spectral
	$(LINT)/redocly lint --config .ci/lint/redocly.yaml --max-problems 1000 openapi.yaml mock/control.yaml
	$(LINT)/spectral lint --ruleset .ci/lint/spectral.yaml --fail-severity hint openapi.yaml mock/control.yaml

$(LINT)/redocly: .ci/lint/package.json .ci/lint/package-lock.json
	@command -v npm >/dev/null || { echo "make lint-spec needs Node.js with npm: install nodejs (https://nodejs.org), 20.19 or later" >&2; exit 1; }
	npm ci --prefix .ci/lint --ignore-scripts --no-audit --no-fund
	@touch $@
