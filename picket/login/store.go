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

// PendingStore keeps logins that have begun and not ended, for WithPendingStore. All replicas of the server must share it. It
// must be safe for concurrent use.
type PendingStore interface {
	// Swap stores a value under an ID and returns the value that was there before, or nil if there was none. A nil value
	// deletes. Swap must be atomic: when two calls delete the same ID, only one of them may get its value. The store may drop
	// a value once its lifetime is over. In SQL, DELETE … RETURNING deletes as required, and so does GETDEL in Redis.
	Swap(ctx context.Context, id string, value []byte, lifetime time.Duration) (previous []byte, err error)
}

// SessionStore keeps the access tokens of sessions, for WithSessionStore. All replicas of the server must share it. It must be
// safe for concurrent use. An ID is 43 characters of base64url and is a hash of the ID in the user's cookie, so that nobody who
// reads the store can forge the cookie.
//
// Each method must be atomic, and see what every earlier call has done, from any replica. In particular, once Delete has
// returned, Replace must find no session under that ID: otherwise a request that renews a session while its user logs out
// would bring the session back. IDs are never used again.
//
// An encoder, such as encoding/json, writes a picket.Secret as "[redacted]". Store string(token).
type SessionStore interface {
	// Create stores a token under a new ID. From expires on, the store may drop it. In SQL this is INSERT, and in Redis SET
	// with EXAT.
	Create(ctx context.Context, id string, token picket.Secret, expires time.Time) error
	// Replace stores a token, and when it expires, in place of the token that is stored under an ID. It returns false, and
	// stores nothing, if there is no token under that ID. In SQL this is UPDATE … WHERE id = … with the number of rows that it
	// changed, and in Redis SET with XX and EXAT. A Load followed by a Create is not atomic and will not do.
	Replace(ctx context.Context, id string, token picket.Secret, expires time.Time) (replaced bool, err error)
	// Load returns the token that is stored under an ID, or "" if there is none. An error means that the store could not find
	// out.
	Load(ctx context.Context, id string) (picket.Secret, error)
	// Delete deletes the token that is stored under an ID. It is not an error if there is none.
	Delete(ctx context.Context, id string) error
}

// errStore means that a store of the application failed.
var errStore = errors.New("the store failed")

// storeError is the failure of a store. Its text never contains the token, whatever the store put into its own error.
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

// newID returns a random ID for a cookie.
func newID() string {
	var id [idBytes]byte
	_, _ = rand.Read(id[:]) // it does not fail
	return base64.RawURLEncoding.EncodeToString(id[:])
}

// storedID returns the ID under which a store keeps what the ID in a cookie stands for. It returns false for an ID that newID
// cannot have made.
func storedID(id string) (string, bool) {
	octets, err := base64.RawURLEncoding.Strict().DecodeString(id)
	if err != nil || len(octets) != idBytes {
		return "", false
	}
	digest := sha256.Sum256(octets)
	return base64.RawURLEncoding.EncodeToString(digest[:]), true
}
