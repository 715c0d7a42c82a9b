package diff_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/diff"
	"github.com/seed-a13ee279/picket/mock/internal/mutate"
)

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
