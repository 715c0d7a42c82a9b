package wire_test

import (
	"encoding/json"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket/wire"
)

var decimalGrammar = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$`)

// FuzzDecimal reads any text as a decimal. What is read has the value that math/big sees in the text, and one form.
func FuzzDecimal(f *testing.F) {
	for _, text := range []string{"0", "12.50", "00.1", "1e21", "5E-3", "1e999", "-1", "+1", ".5", "1/3", "0x1p4", "1_0", "٣", "1.", "1e", "1e+", "1e1234", "1.5e-12", "1e2.5", "1e1e1", "1..5", "1\n", "", strings.Repeat("9", 256)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := wire.ParseDecimal(text)
		if isSize := err != nil && strings.Contains(err.Error(), "at most 256 digits"); !isSize && (err == nil) != decimalGrammar.MatchString(text) {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
		if err != nil {
			if len(err.Error()) > 2048 || strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("the error is long, or of several lines: %q", err)
			}
			return
		}
		if strings.ContainsAny(text, "+-_/xXpP") && !strings.ContainsAny(text, "eE") {
			t.Errorf("%q is read as %q", text, got)
		}
		want, ok := new(big.Rat).SetString(text)
		read, alsoOK := new(big.Rat).SetString(string(got))
		if !ok || !alsoOK || want.Sign() < 0 || want.Cmp(read) != 0 {
			t.Errorf("%q is read as %q", text, got)
		}
		if len(got) > 256 || strings.Trim(string(got), "0123456789.") != "" {
			t.Errorf("%q is not canonical", got)
		}
		if again, err := wire.ParseDecimal(string(got)); err != nil || again != got {
			t.Errorf("%q is read as %q, %v", got, again, err)
		}
		if zero, err := got.Add("0"); err != nil || zero != got {
			t.Errorf("%q and nothing is %q, %v", got, zero, err)
		}
	})
}

// FuzzJSON reads any JSON as each of the types. What is written of it is read as the same again, and is written in the same
// way.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		`null`, `0`, `-1`, `1.5`, `1e3`, `-0.5`, `"3"`, `"0.1337"`, `""`, `"\u0033"`, `[]`, `["a"]`, `["a","b"]`, `[null]`, `["a",1]`, `{}`, `true`,
		`9223372036854775807`, `9223372036854775808`, `-9223372036854775808.5`, `1666660356.999`, "\"\xff\"", `"\ud800"`, ` "137" `,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		roundTrip[wire.Decimal](t, text)
		roundTrip[wire.StringList](t, text)
		roundTrip[wire.ChainID](t, text)
		roundTrip[wire.NumericDate](t, text)
		roundTrip[wire.Secret](t, text)

		var number wire.ChainID
		if err := json.Unmarshal(text, &number); err == nil && number < 0 {
			t.Errorf("%s is read as the chain %d", text, number)
		}
	})
}

func roundTrip[T any](t *testing.T, text []byte) {
	t.Helper()
	var read, again T
	if json.Unmarshal(text, &read) != nil {
		return
	}
	written, err := wire.Marshal(read)
	if err != nil {
		// A decimal that is not there has no form.
		if _, ok := any(read).(wire.Decimal); ok && strings.TrimSpace(string(text)) == "null" {
			return
		}
		t.Fatalf("%s is read as %T, and cannot be written: %v", text, read, err)
	}
	if !json.Valid(written) || !utf8.Valid(written) {
		t.Fatalf("%s is written as %q", text, written)
	}
	if err := json.Unmarshal(written, &again); err != nil {
		t.Fatalf("%s is written as %s, which cannot be read: %v", text, written, err)
	}
	if _, ok := any(read).(wire.StringList); ok && strings.TrimSpace(string(text)) == "null" {
		return // a list that is not there is written as an empty one
	}
	// As values of no type, so that go-cmp looks at them as they are.
	if diff := cmp.Diff(read, again); diff != "" {
		t.Fatalf("%s is read as another value the second time: %s", text, diff)
	}
}
