package refusal_test

import (
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

func TestADescriptionHasOnlyTheCharactersOfRFC6749(t *testing.T) {
	for message, want := range map[string]string{
		`it must match ^[0-9]+(\.[0-9]+)?$`: `it must match ^[0-9]+([.][0-9]+)?$`,
		`"it" is no name`:                   `'it' is no name`,
		"é\n\\":                             "???",
	} {
		if got := refusal.Description(message); got != want {
			t.Errorf("%q: got %q, not %q", message, got, want)
		}
	}
}
