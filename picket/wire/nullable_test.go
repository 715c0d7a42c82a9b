package wire_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket/wire"
)

type nullables struct {
	Text   wire.Nullable[string]            `json:"text,omitempty,omitzero"`
	Secret wire.Nullable[wire.Secret]       `json:"secret,omitempty,omitzero"`
	List   wire.Nullable[[]wire.Secret]     `json:"list,omitempty,omitzero"`
	Deep   wire.Nullable[map[string]nested] `json:"deep,omitempty,omitzero"`
}

type nested struct {
	Key wire.Nullable[wire.Secret] `json:"key"`
}

func TestANullableIsAbsentNullOrAValue(t *testing.T) {
	for text, printed := range map[string]string{
		`{}`:                                  ``,
		`{"text":null}`:                       ``,
		`{"text":""}`:                         ``,
		`{"text":"a"}`:                        ``,
		`{"secret":null}`:                     ``,
		`{"secret":"a key"}`:                  `{"secret":"[redacted]"}`,
		`{"list":null}`:                       ``,
		`{"list":[]}`:                         ``,
		`{"list":["a key"]}`:                  `{"list":["[redacted]"]}`,
		`{"deep":null}`:                       ``,
		`{"deep":{"a":{"key":null}}}`:         ``,
		`{"deep":{"a":{"key":"a key"}}}`:      `{"deep":{"a":{"key":"[redacted]"}}}`,
		`{"text":"a","secret":"b","list":[]}`: `{"text":"a","secret":"[redacted]","list":[]}`,
	} {
		var v nullables
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		if got, err := wire.Marshal(v); err != nil || string(got) != text {
			t.Errorf("%s is sent as %s, %v", text, got, err)
		}
		if printed == "" {
			printed = text
		}
		if got, err := json.Marshal(v); err != nil || string(got) != printed {
			t.Errorf("%s is printed as %s, %v", text, got, err)
		}
	}
}

func TestANullableForgetsWhatItWas(t *testing.T) {
	value := "a"
	for text, want := range map[string]wire.Nullable[string]{
		`null`: {Null: true},
		`"b"`:  {Value: new(string)},
	} {
		if want.Value != nil {
			*want.Value = "b"
		}
		for _, got := range []wire.Nullable[string]{{}, {Null: true}, {Value: &value}} {
			if err := json.Unmarshal([]byte(text), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(text, diff)
			}
		}
	}
	if value != "a" {
		t.Errorf("the old value is overwritten: %s", value)
	}
}

func TestNullableOf(t *testing.T) {
	for is, want := range map[reflect.Type]reflect.Type{
		reflect.TypeFor[wire.Nullable[int]]():  reflect.TypeFor[int](),
		reflect.TypeFor[*wire.Nullable[int]](): nil,
		reflect.TypeFor[nested]():              nil,
		reflect.TypeFor[string]():              nil,
	} {
		if got := wire.NullableOf(is); got != want {
			t.Errorf("%v: got %v, want %v", is, got, want)
		}
	}
}
