// Package strictyaml reads a YAML document that people write by hand into a Go struct, and says in which line something is wrong. It
// refuses what a lenient reader would ignore: unknown and repeated names, values of the wrong kind, and further documents. It does
// not judge what the values mean.
package strictyaml

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// Read reads the only document of a text into a struct. Each field of the struct, and of the structs in it, has its name
// in a tag such as `yaml:"balances"`. An empty text leaves the struct as it is, and null leaves a field as it is.
//
// Read returns the line of the document, of each field and of each element of a list, by a path such as "projects.0.balances.1". The
// path of the document is empty. The values of maps have none.
//
// An error begins with the line, as in `3: "secretkey" is not a property of projects.0; did you mean "secretKey"?`. It is one
// printable line, and shows no text that looks like a secret.
func Read[T any](text []byte, into *T) (lines map[string]int, err error) {
	document, err := parse(text)
	if err != nil || document == nil {
		return nil, err
	}
	c := checker{lines: map[string]int{}}
	if err := c.value(document.Content[0], reflect.TypeFor[T](), ""); err != nil {
		return nil, err
	}
	if err := document.Decode(into); err != nil {
		return nil, withLine(err)
	}
	return c.lines, nil
}

// parse returns the only document of a text, or nil if the text is empty.
func parse(text []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, withLine(err)
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, errors.New("1: the text has more than one YAML document, and must have one")
	}
	return &document, nil
}

var lineNumber = regexp.MustCompile(`line \d+: `)

// withLine turns an error of the YAML library, such as "yaml: line 3: …" or "yaml: unmarshal errors:\n  line 3: …", into one that
// begins with the line.
func withLine(err error) error {
	text := "1: " + strings.TrimPrefix(err.Error(), "yaml: ")
	if at := lineNumber.FindStringIndex(text); at != nil {
		text = text[at[0]+len("line "):]
	}
	text, _, _ = strings.Cut(text, "\n")
	return errors.New(names.Message(text))
}
