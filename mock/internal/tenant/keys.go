package tenant

import (
	"crypto/rand"
	"encoding/hex"
	"regexp"
)

var (
	secretKeyForm      = regexp.MustCompile(`^sk_[0-9a-f]{32}$`)
	publishableKeyForm = regexp.MustCompile(`^pk_[0-9a-f]{32}$`)
	idForm             = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

// randomKey returns an API key that is unique and still looks made up, because it begins with zeros.
func randomKey(prefix string) string {
	digits := make([]byte, 10)
	_, _ = rand.Read(digits) // never fails, by its documentation
	return prefix + "000000000000" + hex.EncodeToString(digits)
}
