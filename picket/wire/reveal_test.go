package wire_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket/wire"
)

type (
	inner struct {
		Token wire.Secret `json:"token"`
		Note  string      `json:"note,omitempty"`
	}
	outer struct {
		Plain    string                 `json:"plain"`
		Secret   wire.Secret            `json:"secret,omitempty,omitzero"`
		Pointer  *wire.Secret           `json:"pointer,omitempty"`
		Inner    inner                  `json:"inner,omitzero"`
		InnerPtr *inner                 `json:"innerPtr,omitempty"`
		List     []wire.Secret          `json:"list,omitzero"`
		Inners   []*inner               `json:"inners,omitempty"`
		Pair     [2]wire.Secret         `json:"pair,omitzero"`
		Map      map[string]wire.Secret `json:"map,omitempty"`
		Number   wire.Decimal           `json:"number,omitempty"`
		When     time.Time              `json:"when,omitzero"`
		Skipped  wire.Secret            `json:"-"`
	}
	embedding struct {
		inner
		Secret wire.Secret `json:"secret"`
	}
	withHidden struct {
		Secret wire.Secret
		hidden int
	}
	node struct {
		Secret wire.Secret `json:"secret"`
		Next   *node       `json:"next,omitempty"`
	}
	asText struct{ Secret wire.Secret }
	asJSON struct{ Secret wire.Secret }
)

func (asText) MarshalText() ([]byte, error)  { return []byte("text"), nil }
func (*asJSON) MarshalJSON() ([]byte, error) { return []byte(`"json"`), nil }

func TestMarshalWritesSecretsWhereverItFindsThem(t *testing.T) {
	secret := wire.Secret("s3cret\"<é")
	for name, test := range map[string]struct {
		value any
		want  string
	}{
		"nothing":        {nil, `null`},
		"a secret":       {secret, `"s3cret\"\u003cé"`},
		"a pointer":      {&secret, `"s3cret\"\u003cé"`},
		"a nil pointer":  {(*wire.Secret)(nil), `null`},
		"a nil struct":   {(*outer)(nil), `null`},
		"no secret":      {map[string]any{"a": 1}, `{"a":1}`},
		"an empty one":   {outer{}, `{"plain":""}`},
		"a list":         {[]wire.Secret{"a", ""}, `["a",""]`},
		"an empty list":  {[]wire.Secret{}, `[]`},
		"a nil list":     {[]wire.Secret(nil), `null`},
		"a nil map":      {map[string]inner(nil), `null`},
		"an empty map":   {map[string]inner{}, `{}`},
		"lists in lists": {[][]inner{{{Token: "a"}}, nil}, `[[{"token":"a"}],null]`},
		"all": {
			outer{
				Plain: "p", Secret: "s", Pointer: &secret, Inner: inner{"i", "n"}, InnerPtr: &inner{Token: "j"}, List: []wire.Secret{}, Pair: [2]wire.Secret{"x", "y"},
				Inners: []*inner{{Token: "k"}, nil}, Map: map[string]wire.Secret{"b": "2", "a": "1"}, Number: "1.50", When: time.Unix(0, 0).UTC(), Skipped: "never",
			},
			`{"plain":"p","secret":"s","pointer":"s3cret\"\u003cé","inner":{"token":"i","note":"n"},"innerPtr":{"token":"j"},"list":[],` +
				`"inners":[{"token":"k"},null],"pair":["x","y"],"map":{"a":"1","b":"2"},"number":"1.5","when":"1970-01-01T00:00:00Z"}`,
		},

		// What it does not find is redacted.
		"an embedded struct":       {embedding{inner{Token: "a"}, "b"}, `{"token":"[redacted]","secret":"[redacted]"}`},
		"a field not exported":     {withHidden{"a", 1}, `{"Secret":"[redacted]"}`},
		"a type that leads back":   {node{"a", &node{"b", nil}}, `{"secret":"a","next":{"secret":"[redacted]"}}`},
		"an interface":             {map[string]any{"a": secret}, `{"a":"[redacted]"}`},
		"a text of its own":        {asText{"a"}, `"text"`},
		"a JSON of its own":        {[]asJSON{{"a"}}, `["json"]`},
		"a pointer to JSON of its": {&asJSON{"a"}, `"json"`},
	} {
		for range 2 { // the second time from the cache
			if got, err := wire.Marshal(test.value); err != nil || string(got) != test.want {
				t.Errorf("%s: %s, %v; want %s", name, got, err, test.want)
			}
		}
	}
	if got, err := wire.Marshal(outer{Number: "x"}); err == nil {
		t.Errorf("what cannot be written is written: %s", got)
	}
}

func TestMarshalLeavesTheValueAsItIs(t *testing.T) {
	value := outer{Secret: "s", Inners: []*inner{{Token: "k"}}, Map: map[string]wire.Secret{"a": "1"}}
	want := outer{Secret: "s", Inners: []*inner{{Token: "k"}}, Map: map[string]wire.Secret{"a": "1"}}
	if _, err := wire.Marshal(&value); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, value); diff != "" {
		t.Error(diff)
	}
}

func TestASecretIsReadAsAStringAndWrittenRedacted(t *testing.T) {
	var read inner
	if err := json.Unmarshal([]byte(`{"token":"s3cret"}`), &read); err != nil || read.Token != "s3cret" {
		t.Errorf("it is read as %q, %v", string(read.Token), err)
	}
	asJSON, err := json.Marshal(read)
	if err != nil || string(asJSON) != `{"token":"[redacted]"}` {
		t.Errorf("it is written as %s, %v", asJSON, err)
	}
	asXML, err := xml.Marshal(read)
	if err != nil || string(asXML) != `<inner><Token>[redacted]</Token><Note></Note></inner>` {
		t.Errorf("it is written as %s, %v", asXML, err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s %q %x %d", read, read, read, read.Token, read.Token, read.Token, read.Token); cmp.Diff(text,
		`{[redacted] } {Token:[redacted] Note:} wire_test.inner{Token:[redacted], Note:""} [redacted] [redacted] [redacted] [redacted]`) != "" {
		t.Errorf("it is printed as %s", text)
	}
}
