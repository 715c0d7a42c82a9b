package login

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

// PendingStore keeps logins under way, for WithPendingStore. All replicas of the server must share it. It must be safe for
// concurrent use.
type PendingStore interface {
	// Swap puts a value in the place of the one that is kept under an ID, and returns the one that was there, or nil when there
	// was none. A nil value deletes. It must be atomic: of two calls that delete the same ID, only one may get its value. A value
	// may be forgotten when its lifetime is over. SQL's DELETE … RETURNING and the GETDEL of Redis do what deleting has to.
	Swap(ctx context.Context, id string, value []byte, lifetime time.Duration) (previous []byte, err error)
}

// SessionStore keeps access tokens, for WithSessionStore. All replicas of the server must share it. It must be safe for
// concurrent use. An ID is 43 characters of base64url, a hash of the one in the user's cookie: who reads the store cannot make
// the cookie.
//
// A picket.Secret that is encoded, as JSON for example, becomes "[redacted]"; keep string(token).
type SessionStore interface {
	// Save keeps a token under an ID, in the place of one that is there already. From expires on it may be forgotten.
	Save(ctx context.Context, id string, token picket.Secret, expires time.Time) error
	// Load returns the token that is kept under an ID, and "" when there is none. An error means that it cannot be known.
	Load(ctx context.Context, id string) (picket.Secret, error)
	// Delete forgets the token that is kept under an ID. It is no error when there is none.
	Delete(ctx context.Context, id string) error
}

// errStore means that a store of the application failed.
var errStore = errors.New("the store failed")

// storeError is the failure of a store. Its text has no token in it, whatever the store wrote there.
type storeError struct {
	text  string
	cause error
}

func storeFailed(err error, token picket.Secret) error {
	text := errStore.Error() + ": " + err.Error()
	if token != "" {
		text = strings.ReplaceAll(text, string(token), token.String())
	}
	return &storeError{text, err}
}

func (e *storeError) Error() string   { return e.text }
func (e *storeError) Unwrap() []error { return []error{errStore, e.cause} }

const idBytes = 32

// newID returns the ID of something in a store, for a cookie.
func newID() string {
	var id [idBytes]byte
	_, _ = rand.Read(id[:]) // it does not fail
	return base64.RawURLEncoding.EncodeToString(id[:])
}

// storedID returns the ID under which a store knows what the ID of a cookie names. It returns false for what newID does not make.
func storedID(id string) (string, bool) {
	octets, err := base64.RawURLEncoding.Strict().DecodeString(id)
	if err != nil || len(octets) != idBytes {
		return "", false
	}
	digest := sha256.Sum256(octets)
	return base64.RawURLEncoding.EncodeToString(digest[:]), true
}
