.DEFAULT_GOAL := help
.PHONY: help demo shop test fuzz bench fleet chaos hostile supply-chain conformance generators generate report check-generated diff mutate lint lint-spec release

# go builds it on the first run, which takes a minute or two. It needs Go 1.26.
GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

demo: ## run a demo against the mock: log in two wallets, pass one gate and be refused at another
	@go run ./mock/cmd/picket-demo

shop: ## run the server of README.md with test wallets, to log in with a browser; Ctrl-C stops it
	@go build -o dist/picket-shop ./mock/cmd/picket-shop && exec dist/picket-shop

test: ## run all tests with the race detector
	go test -race -timeout 20m ./...

fuzz: ## run every fuzz target; FUZZTIME=30s is the time for each
	@mock/internal/fuzz/run

bench: ## compare the client and the mock with yardsticks, among them Prism (needs Node.js), and write mock/FIGURES.md; with BENCHFLAGS=-quick or -growth only print
	@go run ./mock/internal/bench $(BENCHFLAGS)

fleet: ## say what 1,000 servers would ask of the API, and what they would cost, and write it into mock/FIGURES.md; FLEETFLAGS='-servers 20'
	@go run ./mock/internal/fleet $(or $(FLEETFLAGS),-write)

# This is a long run; make test includes a short one.
CHAOSFLAGS ?= -calls=200000 -seed=0
chaos: ## make calls while faults, clocks and keys change at random, and check every success; CHAOSFLAGS='-calls=500000 -seed=7'
	@go test -count=1 -v -timeout=2h ./mock/internal/chaos -args $(CHAOSFLAGS)

hostile: ## attack picket-mock in many ways, while honest clients log in, and write mock/FIGURES.md; with HOSTILEFLAGS='-time=30s -attack=nonces' only print
	@go run ./mock/internal/hostile $(HOSTILEFLAGS)

supply-chain: ## check modules, licences and known vulnerabilities, and that the binary is reproducible
	@.ci/supply-chain/run cold

conformance: ## run the official SDKs, clients of OpenID Connect and Prism against the mock; needs Node.js, Java, Maven, Python, Chromium, buildah and nginx
	@mock/conformance/run

generators: ## log in with clients that other generators make from openapi.yaml; needs Node.js, Java, Maven and Python; ONLY=java runs one
	@mock/generators/run

generate: ## generate code from openapi.yaml and mock/control.yaml, and list what is left to write by hand
	go generate ./...
	@go run ./mock/internal/report

report: ## list what is left to write by hand after openapi.yaml was changed
	@go run ./mock/internal/report

check-generated: generate ## fail when the generated code is not what the contracts make
	git diff --exit-code -- generated picket/types picket/types.gen.go mock/internal/spec/openapi.json mock/internal/controls mock/internal/unwritten

# This needs a newer Go than programs that use the client do; go fetches it if GOTOOLCHAIN allows that.
diff: ## list what changed in the contracts and the Go API since the last release, and what that breaks; BASE=revision FORMAT=markdown
	@go -C mock/internal/diff run ./cmd -root '$(CURDIR)' -base '$(BASE)' -format '$(or $(FORMAT),text)'

mutate: ## make every small change to the contract, and list those that no test notices; SAMPLE=12 SEED=1 TIME=20m JOBS=2 ONLY=regexp
	@go run ./mock/internal/mutate/cmd $(SAMPLE:%=-sample=%) $(SEED:%=-seed=%) $(TIME:%=-time=%) $(JOBS:%=-jobs=%) -only='$(value ONLY)'

lint: ## check the Go code with gofmt and golangci-lint
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "not formatted, see gofmt -d:"; echo "$$unformatted"; exit 1; }
	go run $(GOLANGCI_LINT) run

# The linters are pinned in .ci/lint and need Node.js; npm installs them on the first run.
LINT := .ci/lint/node_modules/.bin

lint-spec: $(LINT)/redocly ## check openapi.yaml and mock/control.yaml with Redocly and Spectral
	$(LINT)/redocly lint --config .ci/lint/redocly.yaml --max-problems 1000 openapi.yaml mock/control.yaml
	$(LINT)/spectral lint --ruleset .ci/lint/spectral.yaml --fail-severity hint openapi.yaml mock/control.yaml

$(LINT)/redocly: .ci/lint/package.json .ci/lint/package-lock.json
	@command -v npm >/dev/null || { echo "make lint-spec needs Node.js with npm: install nodejs (https://nodejs.org), 20.19 or later" >&2; exit 1; }
	npm ci --prefix .ci/lint --ignore-scripts --no-audit --no-fund
	@touch $@

# The same commit, built with the same version of Go, makes the same bytes on every machine. go version -m FILE prints that version.
PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

release: ## build picket-mock for Linux, macOS and Windows into dist, with checksums; PLATFORMS=linux/arm64
	@rm -rf dist && mkdir dist
	@for platform in $(PLATFORMS); do \
		system=$${platform%/*} machine=$${platform#*/} suffix=; \
		[ $$system = windows ] && suffix=.exe; \
		CGO_ENABLED=0 GOFLAGS= GOAMD64=v1 GOARM64=v8.0 GOOS=$$system GOARCH=$$machine \
			go build -trimpath -buildvcs=false -o dist/picket-mock-$$system-$$machine$$suffix ./mock/cmd/picket-mock || exit 1; \
	done
	@cd dist && $$(command -v sha256sum || echo shasum -a 256) picket-mock-* >SHA256SUMS && cat SHA256SUMS
