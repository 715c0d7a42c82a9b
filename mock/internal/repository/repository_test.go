// Package repository_test checks the repository as a whole: that generated code is up to date, which packages import which, and
// that the documents are right.
package repository_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is the repository's folder.
const root = "../../.."

func command(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestGeneratedIsWhatTheContractsMake(t *testing.T) {
	for _, c := range []struct{ dir, config, contract, output string }{
		{".", "oapi-codegen.yaml", "openapi.yaml", "picket/types/types.gen.go"},
		{".", "generated/client/oapi-codegen.yaml", "openapi.yaml", "generated/client/client.gen.go"},
		{".", "generated/server/oapi-codegen.yaml", "openapi.yaml", "generated/server/server.gen.go"},
		{"mock", "internal/controls/oapi-codegen.yaml", "control.yaml", "internal/controls/controls.gen.go"},
		{"mock", "internal/unwritten/oapi-codegen.yaml", "../openapi.yaml", "internal/unwritten/unwritten.gen.go"},
	} {
		dir := filepath.Join(root, c.dir)
		config := read(t, filepath.Join(dir, c.config))
		made := filepath.Join(t.TempDir(), "made.go")
		elsewhere := filepath.Join(t.TempDir(), "oapi-codegen.yaml")
		if err := os.WriteFile(elsewhere, bytes.Replace(config, []byte("output: "+c.output), []byte("output: "+made), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		command(t, "go", "tool", "oapi-codegen", "-config", elsewhere, filepath.Join(c.dir, c.contract))
		if !bytes.Equal(read(t, made), read(t, filepath.Join(dir, c.output))) {
			t.Errorf("%s is not what %s makes; run make generate", c.output, c.contract)
		}
	}
	names := filepath.Join(t.TempDir(), "names.go")
	command(t, "go", "run", "./mock/internal/aliases", "picket/types/types.gen.go", "picket", names)
	if !bytes.Equal(read(t, names), read(t, filepath.Join(root, "picket/types.gen.go"))) {
		t.Error("picket/types.gen.go is not what picket/types makes; run make generate")
	}
	for made, from := range map[string][]string{
		"mock/internal/spec/openapi.json":     {"openapi.yaml"},
		"mock/internal/controls/control.json": {"-server-only", "mock/control.yaml"},
	} {
		again := filepath.Join(t.TempDir(), "made.json")
		command(t, "go", slices.Concat([]string{"run", "./mock/internal/asjson"}, from, []string{again})...)
		if !bytes.Equal(read(t, again), read(t, filepath.Join(root, made))) {
			t.Errorf("%s is not what %s makes; run make generate", made, from)
		}
	}
}

const module = "github.com/seed-a13ee279/picket"

func TestImportsRunOneWay(t *testing.T) {
	const jose = "github.com/go-jose/go-jose/v4"
	client := []string{"generated/client", "picket/types", "picket", "picket/internal/check", "picket/loopback", "picket/wire"}
	// The runtime of the generated code, and what it needs.
	runtime := []string{"github.com/oapi-codegen/runtime", "github.com/oapi-codegen/runtime/types", "github.com/apapsch/go-jsonmerge/v2", "github.com/google/uuid"}
	standard := strings.Fields(command(t, "go", "list", "std"))
	for pkg, allowed := range map[string]struct{ ours, others []string }{ // others are not checked where "..." stands
		"picket/wire":        {[]string{"picket/wire"}, nil},
		"picket/types":       {[]string{"picket/types", "picket/wire"}, runtime}, // for alternatives and dates, as soon as the contract has one,
		"generated/client":   {[]string{"generated/client", "picket/types", "picket/wire"}, runtime},
		"generated/server":   {[]string{"generated/server", "picket/types", "picket/wire"}, runtime},
		"picket":             {client, runtime},
		"picket/oauth":       {append(client, "picket/oauth"), runtime},
		"picket/middleware":  {append(client, "picket/internal/jitter", "picket/middleware"), runtime},
		"picket/accesstoken": {append(client, "picket/internal/jitter", "picket/accesstoken"), append(runtime, jose, jose+"/cipher", jose+"/json")},
		"picket/login": {append(client, "picket/login"), append(runtime, "filippo.io/edwards25519", "filippo.io/edwards25519/field", "github.com/mr-tron/base58",
			"github.com/decred/dcrd/dcrec/secp256k1/v4", "github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa", "golang.org/x/crypto/sha3", "golang.org/x/sys/cpu")},
		"mock/internal/document": {[]string{"mock/internal/document"}, []string{"..."}},
		"mock/internal/rules":    {[]string{"mock/internal/rules"}, []string{"..."}},
		"mock/internal/spec":     {[]string{"mock/internal/spec", "mock/internal/document", "mock/internal/names", "mock/internal/rules"}, []string{"..."}},
		"mock/contract": {[]string{"mock/contract", "mock/internal/observe", "mock/internal/spec", "mock/internal/document", "mock/internal/rules", "mock/internal/guard",
			"mock/internal/names", "picket/loopback"}, []string{"..."}},
	} {
		for _, dependency := range strings.Fields(command(t, "go", "list", "-deps", "./"+pkg)) {
			ours, isOurs := strings.CutPrefix(dependency, module+"/")
			if isOurs && !slices.Contains(allowed.ours, ours) || !isOurs && !slices.Contains(append(allowed.others, standard...), dependency) && !slices.Contains(allowed.others, "...") {
				t.Errorf("%s depends on %s", pkg, dependency)
			}
		}
	}
}

// TestTheExamplesImportOnlyWhatUsersCan looks at their tests, too.
func TestTheExamplesImportOnlyWhatUsersCan(t *testing.T) {
	const format = `{{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}}`
	for _, imported := range strings.Fields(command(t, "go", "list", "-f", format, "./picket/examples/...", "./mock/examples/...")) {
		ours, isOurs := strings.CutPrefix(imported, module+"/")
		if isOurs && (strings.HasPrefix(ours, "generated/") || slices.Contains(strings.Split(ours, "/"), "internal")) {
			t.Errorf("an example imports %s", imported)
		}
	}
}

// TestThePublicContractShowsNoTypeOfTheValidator looks at imports: without one, none of its types can be in a signature.
func TestThePublicContractShowsNoTypeOfTheValidator(t *testing.T) {
	for _, imported := range strings.Fields(command(t, "go", "list", "-f", `{{join .Imports " "}}`, "./mock/contract")) {
		if strings.HasPrefix(imported, "github.com/getkin/") {
			t.Errorf("mock/contract imports %s; what needs it belongs into mock/internal/spec", imported)
		}
	}
}

func TestTheTopLevelHoldsOnlyWhatTheLayoutHas(t *testing.T) {
	allowed := strings.Fields("go.mod go.sum openapi.yaml oapi-codegen.yaml generated picket mock generate.go Makefile LICENSE " +
		"README.md CHANGELOG.md CONTRIBUTING.md ARCHITECTURE.md SECURITY.md " +
		"dist") // what make release makes
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") && !slices.Contains(allowed, entry.Name()) {
			t.Errorf("%s stands at the top level", entry.Name())
		}
	}
}
