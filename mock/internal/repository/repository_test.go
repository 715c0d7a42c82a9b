// Package repository_test checks what is true of the repository as a whole: that generated/ is what openapi.yaml makes, who
// imports whom, and that the README says what is so.
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
		{".", "oapi-codegen.yaml", "openapi.yaml", "generated/picket.gen.go"},
		{"mock", "internal/control/oapi-codegen.yaml", "control.yaml", "internal/control/control.gen.go"},
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
}

const module = "github.com/seed-a13ee279/picket"

func TestImportsRunOneWay(t *testing.T) {
	dependencies := func(pkg string) []string { return strings.Fields(command(t, "go", "list", "-deps", pkg)) }
	ours := func(pkg string) []string {
		return slices.DeleteFunc(dependencies(pkg), func(d string) bool { return !strings.HasPrefix(d+"/", module+"/") })
	}
	for pkg, want := range map[string][]string{
		"./picket/wire":   {module + "/picket/wire"},
		"./generated":     {module + "/generated", module + "/picket/wire"},
		"./picket":        {module + "/generated", module + "/picket", module + "/picket/wire"},
		"./mock/contract": {module, module + "/mock/contract", module + "/mock/internal/names"},
	} {
		got := ours(pkg)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s depends on %v, not on %v", pkg, got, want)
		}
	}
	standard := strings.Fields(command(t, "go", "list", "std"))
	allowed := map[string]bool{
		"github.com/oapi-codegen/runtime":       true,
		"github.com/oapi-codegen/runtime/types": true,
		"github.com/apapsch/go-jsonmerge/v2":    true, // the runtime's
		"github.com/google/uuid":                true, // the runtime's
	}
	for _, d := range dependencies("./picket") {
		if !allowed[d] && !strings.HasPrefix(d, module+"/") && !slices.Contains(standard, d) {
			t.Errorf("picket depends on %s", d)
		}
	}
}

func TestTheTopLevelHoldsOnlyWhatTheLayoutHas(t *testing.T) {
	allowed := strings.Fields("go.mod go.sum openapi.yaml oapi-codegen.yaml generated picket mock generate.go Makefile README.md CHANGELOG.md LICENSE")
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
