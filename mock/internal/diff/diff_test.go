package diff_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/diff"
	"github.com/seed-a13ee279/picket/mock/internal/mutate"
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

func (r repository) compare(base string) (string, error) {
	var out bytes.Buffer
	err := diff.Compare(r.t.Context(), r.root, base, &out)
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

func TestWhatBreaksHasToBeAnnounced(t *testing.T) {
	for name, change := range breaking {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t, "v1.4.2", "v0.9.0", "v1.5.0-rc.1", "v2", "vacation")
			r.replace(change.file, change.old, change.changed)
			out, err := r.compare("")
			var unannounced *diff.UnannouncedError
			if !errors.As(err, &unannounced) || strings.Join(unannounced.Names, " ") != change.name || unannounced.Version.String() != "2.0.0" {
				t.Errorf("the error is %v", err)
			}
			if !strings.Contains(out, "Since v1.4.2: breaking") || !strings.Contains(out, "breaking    "+change.name) || !strings.Contains(out, change.text) {
				t.Errorf("it says\n%s", out)
			}
			r.write("CHANGELOG.md", "# Changelog\n\n## [2.0.0] - Unreleased\n\n### Removed\n\n- Something: `"+change.name+"`.\n")
			if out, err := r.compare(""); err != nil || !strings.Contains(out, "CHANGELOG.md announces that under 2.0.0") {
				t.Errorf("announced, it says %v and\n%s", err, out)
			}
		})
	}
}

func TestBeforeVersion1TheNextMinorVersionMayBreak(t *testing.T) {
	r := newRepository(t, "v0.1.3")
	r.replace("picket/picket.go", "func Ignored() {}\n", "")
	if _, err := r.compare(""); err == nil || !strings.Contains(err.Error(), `"## [0.2.0] - Unreleased"`) {
		t.Errorf("the error is %v", err)
	}
	r.write("CHANGELOG.md", "# Changelog\n\n## [0.2.0] - Unreleased\n\n### Removed\n\n- `picket.Ignored`\n")
	if _, err := r.compare(""); err != nil {
		t.Error(err)
	}
}

func TestWhatIsCompatibleIsListedAndNeedsNoAnnouncement(t *testing.T) {
	for name, change := range map[string]struct{ file, old, changed, text string }{
		"an optional property of a request":  {"openapi.yaml", "                colour:", "                size: {type: integer}\n                colour:", "POST /toys: added the new optional request property `size`"},
		"an optional property of a response": {"openapi.yaml", "          properties:\n            name: {type: string}\n", "          properties:\n            size: {type: integer}\n            name: {type: string}\n", "POST /toys: added the optional property `size`"},
		"a function":                         {"picket/picket.go", "func Ignored", "func New() {}\n\nfunc Ignored", "picket.New: added"},
		"a field behind an alias":            {"picket/types/types.go", "Name string", "Name, Title string", "picket.Toy.Title: added"},
		"a model":                            {"picket/types/types.go", "type Shop", "type Box struct{}\n\ntype Shop", "types.Box: added"},
		"a package":                          {"mock/sub/sub.go", "", "package sub\n", "mock/sub: the package was added"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t, "v1.4.2")
			if change.old == "" {
				r.write(change.file, change.changed)
			} else {
				r.replace(change.file, change.old, change.changed)
			}
			out, err := r.compare("")
			if err != nil || !strings.Contains(out, "Since v1.4.2: compatible") || !strings.Contains(out, "  compatible  "+change.text) {
				t.Errorf("it says %v and\n%s", err, out)
			}
		})
	}
}

// TestASupersededPropertyStillWorks takes properties of a request and of a response out of the contract, which says that others supersede
// them; then it takes that out, too.
func TestASupersededPropertyStillWorks(t *testing.T) {
	const request = "                colour: {type: string}\n"
	const response = "          properties:\n            name: {type: string}\n"
	const in = "            in: {type: object, properties: {title: {type: string}}}\n"
	for name, change := range map[string]struct{ property, superseded string }{
		"in a request":      {request, "              x-superseded: {colour: {by: name}}\n"},
		"in a response":     {response + "            title: {type: string}\n", response + "          x-superseded: {title: {by: name}}\n"},
		"an object":         {response + "            toy: {type: object, properties: {name: {type: string}}}\n", response + "      x-superseded: {toy: {by: .}}\n"},
		"in another object": {response + "            title: {type: string}\n" + in, response + in + "          x-superseded: {title: {by: in.title}}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			version := func(to string) string {
				from := response
				if strings.HasPrefix(change.property, request) {
					from = request
				}
				file := filepath.Join(t.TempDir(), "openapi.yaml")
				if err := os.WriteFile(file, []byte(strings.Replace(openAPI, from, to, 1)), 0o600); err != nil {
					t.Fatal(err)
				}
				return file
			}
			before, after, dropped := version(change.property), version(change.superseded), version(strings.Replace(change.superseded, "x-superseded", "x-source", 1))
			if changes, err := diff.OpenAPI(before, after); err != nil || len(changes) > 0 {
				t.Errorf("superseded: %v, %v", changes, err)
			}
			if changes, err := diff.OpenAPI(after, dropped); err != nil || len(changes) != 1 || !strings.Contains(changes[0].Text, "removed") {
				t.Errorf("dropped: %v, %v", changes, err)
			}
		})
	}
}

func TestPackagesThatNobodyImportsMayChange(t *testing.T) {
	r := newRepository(t, "v1.4.2")
	for _, file := range []string{"mock/cmd/toys/main.go", "mock/internal/secret/secret.go", "mock/conformance/check/check.go"} {
		r.replace(file, "func Exported() {}\n", "")
	}
	r.replace("generated/client/client.go", "Port int", "Port string")
	r.replace("openapi.yaml", "description: The toy.", "description: A toy.\n          x-source: somebody")
	if out, err := r.compare(""); err != nil || !strings.Contains(out, "Since v1.4.2: no change") {
		t.Errorf("it says %v and\n%s", err, out)
	}
}

func TestAModelMayMoveBehindItsAlias(t *testing.T) {
	r := newRepositoryWithHiddenModels(t)
	out, err := r.compare("")
	if err != nil || !strings.Contains(out, "the Go API: compatible\n  compatible  picket/types: the package was added\n\n") {
		t.Errorf("it says %v and\n%s", err, out)
	}
}

func TestAModelThatMovesAndChangesHasToBeAnnounced(t *testing.T) {
	for _, c := range []struct{ file, old, changed, name string }{
		{"picket/types/types.go", "Name string", "Title string", "picket.Toy.Name"},
		{"picket/types/types.go", "Size int", "Size string", "types.Part.Size"}, // without an alias, but a field of a model that has one
		{"picket/picket.go", "type Toy = types.Toy", "type Toy = types.Part", "picket.Toy"},
		{"picket/picket.go", "*Toy {", "*types.Part {", "picket.Make"},
		{"picket/picket.go", "name string", "name []byte", "picket.Make"},
	} {
		t.Run(c.changed, func(t *testing.T) {
			t.Parallel()
			r := newRepositoryWithHiddenModels(t)
			r.replace(c.file, c.old, c.changed)
			var unannounced *diff.UnannouncedError
			if out, err := r.compare(""); !errors.As(err, &unannounced) || !slices.Contains(unannounced.Names, c.name) {
				t.Errorf("the error is %v, and it says\n%s", err, out)
			}
		})
	}
	r := newRepositoryWithHiddenModels(t)
	r.replace("picket/types/types.go", "Floors int", "Floors string") // which nobody could see
	if out, err := r.compare(""); err != nil {
		t.Errorf("it says %v and\n%s", err, out)
	}
}

func TestModelsThatNobodyCanImportAnyMoreHaveToBeAnnounced(t *testing.T) {
	r := newRepository(t, "v1.4.2")
	r.remove("picket/types/types.go")
	r.write("generated/generated.go", strings.Replace(models, "package types", "package generated", 1))
	r.write("picket/picket.go", strings.NewReplacer("picket/types", "generated", "types.Toy", "generated.Toy").Replace(picket))
	var unannounced *diff.UnannouncedError
	if out, err := r.compare(""); !errors.As(err, &unannounced) || strings.Join(unannounced.Names, " ") != "picket/types" {
		t.Errorf("the error is %v, and it says\n%s", err, out)
	}
}

func TestBeforeTheFirstReleaseNothingIsCompared(t *testing.T) {
	r := newRepository(t, "v1.0.0-rc.1")
	r.replace("picket/picket.go", "func Ignored() {}\n", "")
	if out, err := r.compare(""); err != nil || !strings.Contains(out, "nothing was released yet") {
		t.Errorf("it says %v and %s", err, out)
	}
	if out, err := r.compare("HEAD"); err != nil || !strings.Contains(out, "Since HEAD: breaking") || !strings.Contains(out, "nothing needs an announcement") {
		t.Errorf("compared with HEAD, it says %v and\n%s", err, out)
	}
}

func TestWhatBreaksSinceAnyRevisionIsMeasuredByTheReleaseBeforeIt(t *testing.T) {
	r := newRepository(t, "v1.4.2")
	r.replace("picket/picket.go", "func Ignored", "func New() {}\n\nfunc Ignored")
	r.git("commit", "--quiet", "-am", "Add New")
	r.git("branch", "some-branch")
	r.replace("picket/picket.go", "func New() {}\n\n", "")
	var unannounced *diff.UnannouncedError
	if _, err := r.compare("some-branch"); !errors.As(err, &unannounced) || unannounced.Version.String() != "2.0.0" {
		t.Errorf("the error is %v", err)
	}
	if out, err := r.compare(""); err != nil || !strings.Contains(out, "Since v1.4.2: no change") {
		t.Errorf("since the release, it says %v and\n%s", err, out)
	}
}

func TestABaseThatIsNotARevisionIsAClearError(t *testing.T) {
	r := newRepository(t)
	for _, base := range []string{"v9.9.9", "--output=x", "nonsense"} {
		if _, err := r.compare(base); err == nil || !strings.Contains(err.Error(), base) || !strings.Contains(err.Error(), "give a tag, branch or commit") {
			t.Errorf("%s: the error is %v", base, err)
		}
	}
}

func TestAShallowCloneDoesNotCountAsOneWithoutReleases(t *testing.T) {
	r := newRepository(t, "v1.4.2")
	r.git("commit", "--quiet", "--allow-empty", "-m", "Go on")
	shallow := repository{t, t.TempDir()}
	shallow.git("clone", "--quiet", "--depth=1", "file://"+r.root, ".")
	if _, err := shallow.compare(""); err == nil || !strings.Contains(err.Error(), "git fetch --unshallow --tags") {
		t.Errorf("the error is %v", err)
	}
	shallow.git("fetch", "--quiet", "--unshallow", "--tags")
	if out, err := shallow.compare(""); err != nil || !strings.Contains(out, "Since v1.4.2") {
		t.Errorf("with everything fetched, it says %v and %s", err, out)
	}
}

func TestCodeThatDoesNotCompileSaysWhereAndWhatToDo(t *testing.T) {
	r := newRepository(t, "v1.4.2")
	r.replace("picket/types/types.go", "type Toy struct", "type Toys struct")
	r.replace("openapi.yaml", "colour: {type: string}", "colour: {type: integer}")
	out, err := r.compare("")
	var compile *diff.CompileError
	want := diff.CompileError{Problems: []string{"picket/picket.go:5:18: undefined: types.Toy"}}
	if !errors.As(err, &compile) || cmp.Diff(want, *compile) != "" {
		t.Errorf("the error is %v", err)
	}
	const message = "the Go API cannot be compared, because the code does not compile: picket/picket.go:5:18: undefined: types.Toy; " +
		"run make generate, correct the code, and run make diff again"
	if compile.Error() != message {
		t.Errorf("it says %q", compile)
	}
	var unannounced *diff.UnannouncedError
	if !errors.As(err, &unannounced) || !slices.Equal(unannounced.Names, []string{"POST /toys"}) {
		t.Errorf("of the contract, the error is %v", err)
	}
	if !strings.Contains(out, "Since v1.4.2, without the Go API: breaking\n\nopenapi.yaml, still version 1.0.0: breaking\n  breaking    POST /toys: ") {
		t.Errorf("of the contract, it says\n%s", out)
	}
}

func TestAnOldRevisionThatDoesNotCompileIsNamed(t *testing.T) {
	r := newRepository(t)
	r.replace("mock/mock.go", "URL string", "URL strin")
	r.commit("v1.4.2")
	r.replace("mock/mock.go", "URL strin", "URL string")
	_, err := r.compare("")
	const want = "the Go API cannot be compared with that of v1.4.2, whose code does not compile with this version of Go: " +
		"mock/mock.go:3:25: undefined: strin; compare with another revision: make diff BASE=revision"
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v", err)
	}
}

func TestAContractThatCannotBeReadIsNamed(t *testing.T) {
	r := newRepository(t, "v1.4.2")
	r.replace("openapi.yaml", "#/components/schemas/Toy", "#/components/schemas/Toys")
	if _, err := r.compare(""); err == nil || !strings.HasPrefix(err.Error(), "openapi.yaml cannot be compared: ") || strings.Contains(err.Error(), r.root) {
		t.Errorf("the error is %v", err)
	}
	r.commit("v1.5.0")
	r.replace("openapi.yaml", "#/components/schemas/Toys", "#/components/schemas/Toy")
	if _, err := r.compare(""); err == nil || !strings.HasPrefix(err.Error(), "openapi.yaml of v1.5.0 cannot be compared: ") {
		t.Errorf("the error is %v", err)
	}
}

const control = `openapi: 3.0.3
info: {title: Control, version: 1.0.0}
servers: [{url: /_mock}]
paths:
  /reset:
    post:
      operationId: reset
      responses:
        '204': {description: It is reset.}
`

func TestTheContractOfTheMockIsComparedToo(t *testing.T) {
	r := newRepository(t)
	r.write("mock/control.yaml", control)
	r.commit("v1.4.2")
	r.replace("mock/control.yaml", "/reset:", "/restart:")
	r.replace("mock/control.yaml", "[{url: /_mock}]", "[{url: /_mock}, {url: /_other}]")
	out, err := r.compare("")
	var unannounced *diff.UnannouncedError
	if !errors.As(err, &unannounced) || !slices.Equal(unannounced.Names, []string{"POST /_mock/reset"}) {
		t.Errorf("the error is %v", err)
	}
	const want = `Since v1.4.2: breaking

openapi.yaml: no change

control.yaml, still version 1.0.0: breaking
  breaking    POST /_mock/reset: removed
  compatible  POST /_mock/restart: added
  compatible  control.yaml: added the server ` + "`/_other`" + `

the Go API: no change

`
	if difference := cmp.Diff(want, out); difference != "" {
		t.Errorf("it says (-want +got):\n%s", difference)
	}
	r.remove("mock/control.yaml")
	if out, err := r.compare(""); err == nil || !strings.Contains(out, "control.yaml: breaking\n  breaking    control.yaml: the contract was removed\n") {
		t.Errorf("without it, it says %v and\n%s", err, out)
	}
	r.commit("v1.5.0")
	r.write("mock/control.yaml", control)
	if out, err := r.compare(""); err != nil || !strings.Contains(out, "control.yaml: compatible\n  compatible  control.yaml: the contract was added\n") {
		t.Errorf("with it again, it says %v and\n%s", err, out)
	}
}

func TestTheVersionOfTheContractIsNoChangeOfItsOwn(t *testing.T) {
	const removal = "                colour: {type: string}\n"
	for want, change := range map[string]struct{ version, old string }{
		"\nopenapi.yaml: no change\n":                               {"1.0.0", ""},
		"\nopenapi.yaml, version 1.1.0 (before 1.0.0): no change\n": {"1.1.0", ""},
		"\nopenapi.yaml, version 2.0.0 (before 1.0.0): breaking\n  breaking    POST /toys: removed the request property `colour`\n\n": {"2.0.0", removal},
		"\nopenapi.yaml, still version 1.0.0: breaking\n  breaking    POST /toys: removed the request property `colour`\n\n":          {"1.0.0", removal},
	} {
		r := newRepository(t, "v1.4.2")
		r.replace("openapi.yaml", "version: 1.0.0", "version: "+change.version)
		r.replace("openapi.yaml", change.old, "")
		if out, _ := r.compare(""); !strings.Contains(out, want) {
			t.Errorf("it does not say\n%s\nbut\n%s", want, out)
		}
	}
}

func TestWhatSeveralOperationsShareIsOneLine(t *testing.T) {
	const refused = "        '%s':\n          description: Refused.\n          content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}\n"
	const another = "  /cars:\n    get:\n      responses:\n"
	const schema = "    Error: {type: object, required: [code, msg], properties: {code: {type: string}, msg: {type: string}}}\n"
	r := newRepository(t)
	r.replace("openapi.yaml", "components:\n", strings.ReplaceAll(refused, "%s", "400")+strings.ReplaceAll(refused, "%s", "401")+another+strings.ReplaceAll(refused, "%s", "400")+strings.ReplaceAll(refused, "%s", "401")+"components:\n")
	r.replace("openapi.yaml", "    Toy:\n", schema+"    Toy:\n")
	r.commit("v1.4.2")
	r.replace("openapi.yaml", "required: [code, msg]", "required: [code]")
	out, _ := r.compare("")
	if want := "breaking\n  breaking    GET /cars, POST /toys: the response property `msg` became optional (status 400, 401)\n\n"; !strings.Contains(out, want) {
		t.Errorf("it does not say\n%s\nbut\n%s", want, out)
	}
}

func TestAFieldThatIsWrittenInAnotherWayBreaks(t *testing.T) {
	r := newRepository(t)
	r.replace("picket/types/types.go", "Name string", "Name string `json:\"name,omitempty\" yaml:\"name\"`")
	r.commit("v1.4.2")
	r.replace("picket/types/types.go", ",omitempty\" yaml:\"name\"", "\" yaml:\"Name\"")
	out, err := r.compare("")
	var unannounced *diff.UnannouncedError
	if !errors.As(err, &unannounced) || !slices.Equal(unannounced.Names, []string{"picket.Toy.Name"}) {
		t.Errorf("the error is %v", err)
	}
	if !strings.Contains(out, "picket.Toy.Name: is written as JSON in another way: `json:\"name\"`, before `json:\"name,omitempty\"`") {
		t.Errorf("it says\n%s", out)
	}
}

// TestASupersededNameOfTheContractThatGoesHasToBeAnnounced takes each superseded name out of the contract of this repository, and compares
// it with a tag.
func TestASupersededNameOfTheContractThatGoesHasToBeAnnounced(t *testing.T) {
	text, err := os.ReadFile(contract)
	if err != nil {
		t.Fatal(err)
	}
	mutants, err := mutate.Mutants(text)
	if err != nil {
		t.Fatal(err)
	}
	r := newRepository(t)
	r.write("openapi.yaml", string(text))
	r.commit("v1.4.2")
	for _, m := range mutants {
		_, name, ok := strings.Cut(m.ID, ".x-superseded.")
		if !ok || !strings.HasSuffix(name, ": dropped") {
			continue
		}
		changed, err := m.Apply(text)
		if err != nil {
			t.Fatal(err)
		}
		r.write("openapi.yaml", string(changed))
		var unannounced *diff.UnannouncedError
		if out, err := r.compare(""); !errors.As(err, &unannounced) || !strings.Contains(out, "`"+strings.TrimSuffix(name, ": dropped")) {
			t.Errorf("%s: it says %v and\n%s", m.ID, err, out)
		}
	}
}
