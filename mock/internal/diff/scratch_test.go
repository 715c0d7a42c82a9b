package diff_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/diff"
)

const openAPI = `openapi: 3.0.3
info: {title: Toys, version: 1.0.0}
paths:
  /toys:
    post:
      operationId: makeToy
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string}
                colour: {type: string}
      responses:
        '200':
          description: The toy.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Toy'}
components:
  schemas:
    Toy:
      allOf:
        - type: object
          required: [name]
          properties:
            name: {type: string}
`

const (
	models    = "package types\n\ntype Toy struct {\n\tName string\n\tParts []Part\n}\n\ntype Part struct{ Size int }\n\ntype Shop struct{ Floors int }\n"
	client    = "package client\n\ntype Server struct{ Port int }\n"
	picket    = "package picket\n\nimport \"toys.example/picket/types\"\n\ntype Toy = types.Toy\n\nfunc Make(name string) *Toy { return nil }\n\nfunc Ignored() {}\n"
	mock      = "package mock\n\ntype Server struct{ URL string }\n"
	program   = "package main\n\nfunc Exported() {}\n\nfunc main() {}\n"
	internal  = "package secret\n\nfunc Exported() {}\n"
	unchanged = "# Changelog\n\n## [Unreleased]\n"
)

// A repository is a scratch one, of a module with all the parts that are compared.
type repository struct {
	t    *testing.T
	root string
}

// newRepository makes one whose only commit has the given tags.
func newRepository(t *testing.T, tags ...string) repository {
	t.Helper()
	r := repository{t, t.TempDir()}
	r.write("go.mod", "module toys.example\n\ngo 1.25.0\n")
	r.write("openapi.yaml", openAPI)
	r.write("CHANGELOG.md", unchanged)
	r.write("picket/types/types.go", models)
	r.write("generated/client/client.go", client)
	r.write("picket/picket.go", picket)
	r.write("mock/mock.go", mock)
	r.write("mock/cmd/toys/main.go", program)
	r.write("mock/internal/secret/secret.go", internal)
	r.write("mock/conformance/check/check.go", internal)
	r.git("init", "--quiet")
	r.commit(tags...)
	return r
}

// newRepositoryWithHiddenModels makes one whose release has the models in the package generated, where people saw them only by
// aliases. Since the release they moved to picket/types.
func newRepositoryWithHiddenModels(t *testing.T) repository {
	t.Helper()
	r := newRepository(t)
	r.remove("picket/types/types.go")
	r.remove("generated/client/client.go")
	r.write("generated/generated.go", strings.Replace(models, "package types", "package generated", 1)+strings.TrimPrefix(client, "package client\n"))
	r.write("picket/picket.go", strings.NewReplacer("picket/types", "generated", "types.Toy", "generated.Toy").Replace(picket))
	r.commit("v1.4.2")
	r.remove("generated/generated.go")
	r.write("generated/client/client.go", client)
	r.write("picket/types/types.go", models)
	r.write("picket/picket.go", picket)
	return r
}

// commit commits everything and tags the commit.
func (r repository) commit(tags ...string) {
	r.t.Helper()
	r.git("add", "--all", ".")
	r.git("commit", "--quiet", "-m", "Make toys")
	for _, tag := range tags {
		r.git("tag", tag)
	}
}

func (r repository) remove(name string) {
	r.t.Helper()
	if err := os.Remove(filepath.Join(r.root, name)); err != nil {
		r.t.Fatal(err)
	}
}

func (r repository) git(args ...string) {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = r.root
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func (r repository) write(name, text string) {
	r.t.Helper()
	file := filepath.Join(r.root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r repository) replace(name, old, changed string) {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join(r.root, name))
	if err != nil {
		r.t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		r.t.Fatalf("%s has no %q", name, old)
	}
	r.write(name, strings.Replace(string(text), old, changed, 1))
}

func (r repository) compare(base string) (string, error) { return r.compareAs(base, false) }

func (r repository) compareAs(base string, markdown bool) (string, error) {
	var out bytes.Buffer
	err := diff.Compare(r.t.Context(), r.root, base, markdown, &out)
	return out.String(), err
}

// breaking are changes that break, and what an announcement of them has to name.
var breaking = map[string]struct{ file, old, changed, name, text string }{
	"a property of a request is required": {"openapi.yaml", "required: [name]", "required: [name, colour]", "POST /toys", "`colour`"},
	"a property of a response is dropped": {"openapi.yaml", "          required: [name]\n          properties:\n            name: {type: string}\n", "", "POST /toys", "`name`"},
	"an operation is dropped":             {"openapi.yaml", "    post:", "    put:", "POST /toys", "POST /toys: removed"},
	"a function takes something else":     {"picket/picket.go", "name string", "name []byte", "picket.Make", "changed from"},
	"a function is dropped":               {"picket/picket.go", "func Ignored() {}\n", "", "picket.Ignored", "removed"},
	"a field of the mock is dropped":      {"mock/mock.go", "URL string", "", "mock.Server.URL", "removed"},
	"a field behind an alias is renamed":  {"picket/types/types.go", "Name string", "Title string", "picket.Toy.Name", "removed"},
	"a field of a model without an alias": {"picket/types/types.go", "Floors int", "Floors string", "types.Shop.Floors", "changed from int to string"},
	"a model without an alias is dropped": {"picket/types/types.go", "type Shop struct{ Floors int }\n", "", "types.Shop", "removed"},
	"an alias stands for another model":   {"picket/picket.go", "type Toy = types.Toy", "type Toy = types.Shop", "picket.Toy", "changed from"},
}
