package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOnlyAContractThatCanBeCheckedIsConverted(t *testing.T) {
	for text, want := range map[string]string{
		"openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {}\n":                                         "",
		"openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}\n":                                         "openapi.yaml: the description cannot be used: openapi: 3.1.0 is not supported, only 3.0",
		"openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {const: 1}}}\n": "#/components/schemas/A/const is not supported",
		"openapi: [": "openapi.yaml: ",
	} {
		from, to := filepath.Join(t.TempDir(), "openapi.yaml"), filepath.Join(t.TempDir(), "openapi.json")
		if err := os.WriteFile(from, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		err := convert(from, to, false)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, not %q", text, err, want)
		}
		if _, missing := os.Stat(to); (missing == nil) != (err == nil) {
			t.Errorf("%s: with the error %v, the file is written: %t", text, err, missing == nil)
		}
	}
}
