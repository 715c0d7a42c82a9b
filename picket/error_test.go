package picket_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/seed-a13ee279/picket/picket"
)

func TestANilErrorDoesNotPanic(t *testing.T) {
	var missing *picket.Error
	if got := missing.Error(); got != "<nil>" {
		t.Errorf("Error: %q", got)
	}
	if missing.Unwrap() != nil || missing.Is(picket.CodePermissionDenied) || errors.Is(missing, picket.ErrNoResponse) {
		t.Error("a nil error is one")
	}
	for _, verb := range verbs {
		if got, want := fmt.Sprintf(verb, missing), "<nil>"; got != want && got != `"<nil>"` {
			t.Errorf("%s: %q", verb, got)
		}
	}
	var empty picket.Error
	if empty.Unwrap() != nil || empty.Is(picket.ErrorCode("")) || empty.Error() == "" {
		t.Error("an empty error is more than that")
	}
}

func TestADecimalIsReadExactlyOrNotAtAll(t *testing.T) {
	for text, want := range map[string]picket.Decimal{
		"3": "3", "0": "0", "0.1337": "0.1337", "007.50": "7.5", "0.0": "0", "1e3": "1000", "12.5E-1": "1.25",
		"115792089237316195423570985008687907853269984665640564039457584007913129639935.000000000000000001": "115792089237316195423570985008687907853269984665640564039457584007913129639935.000000000000000001",
	} {
		if got, err := picket.ParseDecimal(text); err != nil || got != want {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", " 3", "3 ", "+3", "-3", ".5", "5.", "1,000", "0x10", "1_000", "½", "٣", "NaN", "Inf", "1/3", "1e", "1e9999", "1e400"} {
		if got, err := picket.ParseDecimal(text); got != "" || !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
}
