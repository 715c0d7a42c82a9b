package spec_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	openapi "github.com/seed-a13ee279/picket"
)

// The mock reads a second form of openapi.yaml, which must not say anything else.
func TestTheContractSaysTheSameInJSON(t *testing.T) {
	text, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(understood(t, openapi.Spec()), understood(t, text)); diff != "" {
		t.Errorf("openapi.json is not what openapi.yaml says; run make generate (- openapi.yaml, + openapi.json):\n%s", diff)
	}
}

// understood returns a description as the validator understands it.
func understood(t *testing.T, text []byte) (value any) {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(again, &value); err != nil {
		t.Fatal(err)
	}
	return value
}
