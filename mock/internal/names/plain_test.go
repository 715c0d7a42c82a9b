package names

import (
	"strings"
	"testing"
)

// TestWhatIsNoSecretAtFirstSightIsNone compares the quick look with the expression, over all texts of four parts of secrets and of what
// is like them.
func TestWhatIsNoSecretAtFirstSightIsNone(t *testing.T) {
	parts := []string{"", "s", "\u017f", "P", "k", "K", "\u212a", "_", "-", "012345abcdef", "eyJ", "EYJ", "abcdefgh_ijklmn-op", strings.Repeat("x", 61), ".", "\xff"}
	for _, a := range parts {
		for _, b := range parts {
			for _, c := range parts {
				for _, d := range parts {
					if text := a + b + c + d; !mayHavePlainSecret(text) && plainSecret.MatchString(text) {
						t.Fatalf("%q", text)
					}
				}
			}
		}
	}
}
