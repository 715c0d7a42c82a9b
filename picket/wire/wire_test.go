package wire_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket/wire"
)

func TestDecimalReadsEveryFormAndWritesOne(t *testing.T) {
	for text, want := range map[string]wire.Decimal{
		`"0"`: "0", `0`: "0", `"0.0"`: "0", `0e5`: "0", `"000"`: "0",
		`"3"`: "3", `3`: "3", `3.0`: "3", `"003.00"`: "3", `0.3e1`: "3", `30e-1`: "3",
		`"0.1337"`: "0.1337", `0.1337`: "0.1337", `"00.13370"`: "0.1337", `1337e-4`: "0.1337",
		`0.1`: "0.1", `1e21`: "1000000000000000000000", `1E+2`: "100", `"1e2"`: "100",
		`0.1000000000000000055511151231257827`:                                           "0.1000000000000000055511151231257827",
		`115792089237316195423570985008687907853269984665640564039457584007913129639935`: "115792089237316195423570985008687907853269984665640564039457584007913129639935",
		`10`: "10", `"100.010"`: "100.01", `"\u0033"`: "3",
	} {
		var got wire.Decimal
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is read as %q, %v; want %q", text, got, err, want)
		}
		// However it is written by hand, it is sent in the same form.
		byHand := wire.Decimal(strings.Trim(text, `"`))
		if strings.Contains(text, `\`) {
			continue
		}
		if sent, err := json.Marshal(byHand); err != nil || string(sent) != `"`+string(want)+`"` {
			t.Errorf("%q is written as %s, %v; want %q", byHand, sent, err, want)
		}
	}
}

func TestDecimalRefusesWhatIsNoDecimal(t *testing.T) {
	for _, text := range []string{
		`""`, `"-1"`, `-1`, `-0`, `"+1"`, `".5"`, `"5."`, `"1/3"`, `"0x10"`, `"1_000"`, `"1,5"`, `" 1"`, `"1 "`, `"1\n"`, `"NaN"`, `"Inf"`, `"1e"`,
		`"1e1000"`, `1e999`, `1e-999`, `"٣"`, `"three"`, `true`, `[]`, `{}`, `"` + strings.Repeat("9", 257) + `"`,
	} {
		var got wire.Decimal
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is read as %q", text, got)
		}
	}
	for _, d := range []wire.Decimal{"", "-1", "x", "1e999"} {
		if sent, err := json.Marshal(d); err == nil {
			t.Errorf("%q is written as %s", d, sent)
		}
	}
	got := wire.Decimal("7")
	if err := json.Unmarshal([]byte(`null`), &got); err != nil || got != "7" {
		t.Errorf("null changes a decimal to %q, %v", got, err)
	}
}

func TestDecimalArithmeticIsExact(t *testing.T) {
	for _, test := range []struct {
		a, b, sum wire.Decimal
		cmp       int
	}{
		{"0.1", "0.2", "0.3", -1},
		{"0.3", "0.30", "0.6", 0},
		{"9007199254740993", "9007199254740992", "18014398509481985", 1},
		{"999999999999999999999999999999.999", "0.001", "1000000000000000000000000000000", 1},
		{"0", "0.000000000000000001", "0.000000000000000001", -1},
	} {
		if sum, err := test.a.Add(test.b); err != nil || sum != test.sum {
			t.Errorf("%s + %s = %s, %v; want %s", test.a, test.b, sum, err, test.sum)
		}
		if c, err := test.a.Cmp(test.b); err != nil || c != test.cmp {
			t.Errorf("%s compares to %s as %d, %v; want %d", test.a, test.b, c, err, test.cmp)
		}
	}
	for _, broken := range []wire.Decimal{"", "-1", "x"} {
		if _, err := broken.Add("1"); err == nil {
			t.Errorf("%q is added", broken)
		}
		if _, err := wire.Decimal("1").Add(broken); err == nil {
			t.Errorf("%q is added", broken)
		}
		if _, err := wire.Decimal("1").Cmp(broken); err == nil {
			t.Errorf("%q is compared", broken)
		}
	}
	full := wire.Decimal(strings.Repeat("9", 256))
	if sum, err := full.Add("1"); err == nil {
		t.Errorf("a sum outgrows the limit: %d digits", len(sum))
	}
}

func TestStringListReadsBothForms(t *testing.T) {
	for text, want := range map[string]struct {
		list wire.StringList
		sent string
	}{
		`"one"`:         {wire.StringList{"one"}, `["one"]`},
		`["one"]`:       {wire.StringList{"one"}, `["one"]`},
		`["one","two"]`: {wire.StringList{"one", "two"}, `["one","two"]`},
		`[]`:            {wire.StringList{}, `[]`},
		`""`:            {wire.StringList{""}, `[""]`},
	} {
		var got wire.StringList
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want.list, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
		if sent, err := json.Marshal(got); err != nil || string(sent) != want.sent {
			t.Errorf("%s is written as %s, %v; want %s", text, sent, err, want.sent)
		}
	}
	for _, text := range []string{`1`, `true`, `{}`, `[1]`, `["one",null,2]`} {
		var got wire.StringList
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is read as %q", text, got)
		}
	}
	got := wire.StringList{"kept"}
	if err := json.Unmarshal([]byte(`null`), &got); err != nil || len(got) != 1 {
		t.Errorf("null changes a list to %q, %v", got, err)
	}
}

func TestChainIDReadsNumbersAndDigits(t *testing.T) {
	for text, want := range map[string]wire.ChainID{
		`1`: 1, `"137"`: 137, `""`: 0, `0`: 0, `9223372036854775807`: 1<<63 - 1, `null`: 0,
	} {
		var got wire.ChainID
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is read as %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{`-1`, `1.5`, `1e3`, `"0x1"`, `" 1"`, `"one"`, `9223372036854775808`, `true`, `[]`, `{}`} {
		var got wire.ChainID
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is read as %d", text, got)
		}
	}
	if sent, err := json.Marshal(wire.ChainID(137)); err != nil || string(sent) != `137` {
		t.Errorf("137 is written as %s, %v", sent, err)
	}
}

func TestNumericDateDropsFractionsDownwards(t *testing.T) {
	for text, want := range map[string]wire.NumericDate{
		`1666660356`: 1666660356, `1666660356.999`: 1666660356, `0`: 0, `-1`: -1, `-1.5`: -2, `-0.5`: -1, `-2.0`: -2, `null`: 0,
	} {
		var got wire.NumericDate
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is read as %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{`"1666660356"`, `1e9`, `1.5e9`, `99999999999999999999`, `true`, `{}`} {
		var got wire.NumericDate
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is read as %d", text, got)
		}
	}
	if got, want := wire.NumericDate(1666660356).Time(), time.Date(2022, 10, 25, 1, 12, 36, 0, time.UTC); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("got %v, want %v", got, want)
	}
}
