package names

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestWhatIsNoSecretAtFirstSightIsNone compares the quick look with the expression, over parts of secrets and what is like them.
func TestWhatIsNoSecretAtFirstSightIsNone(t *testing.T) {
	parts := []string{"s", "S", "\u017f", "p", "k", "K", "\u212a", "_", "-", "012345abcdef", "eyJ", "EYJ", "abcdefgh_ijklmn-op", strings.Repeat("x", 61), ".", " ", "é", "\xff"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 8).Draw(t, "parts"), "")
		if !mayHavePlainSecret(text) && plainSecret.MatchString(text) {
			t.Errorf("%q", text)
		}
	})
}
