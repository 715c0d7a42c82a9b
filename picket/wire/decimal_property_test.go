package wire_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-a13ee279/picket/picket/wire"
)

// someDecimal generates what ParseDecimal must read, in all its forms, with the value that math/big sees in it.
func someDecimal(t *rapid.T, label string) (wire.Decimal, *big.Rat) {
	text := rapid.StringMatching(`0{0,3}(0|[1-9][0-9]{0,60})(\.[0-9]{1,40})?([eE][+-]?0{0,1}[0-9]{1,2})?`).Draw(t, label)
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("math/big does not read %q", text)
	}
	return wire.Decimal(text), value
}

// sameNumber fails unless a decimal is canonical and has exactly the value.
func sameNumber(t *rapid.T, got wire.Decimal, want *big.Rat) {
	t.Helper()
	value, ok := new(big.Rat).SetString(string(got))
	if !ok || value.Cmp(want) != 0 {
		t.Fatalf("%q is not %s", got, want.RatString())
	}
	if again, err := wire.ParseDecimal(string(got)); err != nil || again != got {
		t.Fatalf("%q is not canonical: it is read as %q, %v", got, again, err)
	}
}

func TestADecimalKeepsItsValueInEveryForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, value := someDecimal(t, "decimal")
		parsed, err := wire.ParseDecimal(string(text))
		if err != nil {
			t.Fatal(err)
		}
		sameNumber(t, parsed, value)
		if strings.ContainsAny(string(parsed), "eE+-") {
			t.Fatalf("%q is written as %q", text, parsed)
		}
		sent, err := json.Marshal(text)
		if err != nil || string(sent) != `"`+string(parsed)+`"` {
			t.Fatalf("%q is sent as %s, %v", text, sent, err)
		}
		var received wire.Decimal
		if err := json.Unmarshal(sent, &received); err != nil || received != parsed {
			t.Fatalf("%s is received as %q, %v", sent, received, err)
		}
	})
}

func TestEqualDecimalsAreEqualStrings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, value := someDecimal(t, "decimal")
		// The same number, written with its point elsewhere.
		shift := rapid.IntRange(-30, 30).Draw(t, "shift")
		power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(shift, -shift))), nil))
		moved := new(big.Rat).Mul(value, power)
		if shift < 0 {
			moved.Quo(value, power)
		}
		places, _ := moved.FloatPrec()
		other := fmt.Sprintf("%se%d", moved.FloatString(places), -shift)
		a, err := wire.ParseDecimal(string(text))
		if err != nil {
			t.Fatal(err)
		}
		b, err := wire.ParseDecimal(other)
		if err != nil {
			t.Skip("the other form has too many digits")
		}
		if a != b {
			t.Fatalf("%q is %q, and %q is %q", text, a, other, b)
		}
	})
}

func TestDecimalsAreOrderedAndAddedAsNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, x := someDecimal(t, "a")
		b, y := someDecimal(t, "b")
		if rapid.Bool().Draw(t, "close") {
			// As near to a as a decimal can be: floating point would not tell them apart.
			y = new(big.Rat).Add(x, big.NewRat(1, 1_000_000_000_000_000_000))
			places, _ := y.FloatPrec()
			b = wire.Decimal(y.FloatString(places))
		}
		if order, err := a.Cmp(b); err != nil || order != x.Cmp(y) {
			t.Fatalf("%s compares to %s as %d, %v; want %d", a, b, order, err, x.Cmp(y))
		}
		sum, err := a.Add(b)
		if err != nil {
			t.Fatal(err)
		}
		sameNumber(t, sum, new(big.Rat).Add(x, y))
		if swapped, err := b.Add(a); err != nil || swapped != sum {
			t.Fatalf("%s + %s is %s, and the other way round %s, %v", a, b, sum, swapped, err)
		}
		if order, err := sum.Cmp(a); err != nil || (order > 0) != (y.Sign() > 0) {
			t.Fatalf("%s + %s compares to %s as %d, %v", a, b, a, order, err)
		}
	})
}
