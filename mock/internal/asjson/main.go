// Command asjson converts an OpenAPI description in YAML to JSON, which programs read faster: asjson openapi.yaml openapi.json. The mock
// embeds its output. The same input always makes the same bytes. It refuses a description that the mock cannot read, or would check only
// in part, or of which the generator makes code that does not compile, so that nothing is generated from one. With -server-only, no client
// is generated from it.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/document"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

func main() {
	serverOnly := flag.Bool("server-only", false, "only a server is generated from the description, and no client")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: asjson [-server-only] file.yaml file.json")
		os.Exit(2)
	}
	if err := convert(flag.Arg(0), flag.Arg(1), *serverOnly); err != nil {
		fmt.Fprintln(os.Stderr, "asjson:", err)
		os.Exit(1)
	}
}

func convert(from, to string, serverOnly bool) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	text, err = json.Marshal(value)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	if _, err := spec.Read(text, ""); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err == nil {
		err = refuse(doc, serverOnly)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	read, err := document.Read(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	if !reflect.DeepEqual(read, doc) { //nolint:govet // errors in a document are values, too
		return fmt.Errorf("%s: mock/internal/document does not read it as the loader of kin-openapi does, so the mock would check something else", from)
	}
	return os.WriteFile(to, append(text, '\n'), 0o666)
}
