package login

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

// pendingLifetime is how long a login may take, from the message to the signature. The API's nonces live as long.
const pendingLifetime = 2 * time.Minute

// pending is a login that has begun: what the server has to know when the signature arrives.
type pending struct {
	Chain         string                       `json:"chain"`
	ChainType     picket.ChainType             `json:"chainType"`
	WalletAddress string                       `json:"walletAddress"`
	Message       string                       `json:"message"`
	Context       picket.SigningMessageContext `json:"context"` // empty if Message names no site
	Expires       time.Time                    `json:"expires"`
}

// pendings keeps logins that have begun: sealed, either in a cookie, or in a store with the ID in a cookie.
type pendings struct {
	cookies cookieJar
	keys    Keys
	origin  string
	store   PendingStore
	now     func() time.Time
}

// errNoPending means that no login has begun in a browser, or that it is over.
var errNoPending = errors.New("no login has begun in this browser within the last two minutes, or it is over")

// keep keeps a login for the browser, and replaces the one that it may have.
func (p pendings) keep(w http.ResponseWriter, r *http.Request, login pending) error {
	now := p.now()
	login.Expires = now.Add(pendingLifetime)
	text, err := json.Marshal(login)
	if err != nil {
		return err
	}
	if p.store == nil {
		value := base64.RawURLEncoding.EncodeToString(p.keys.seal(p.purpose(""), text))
		if err := p.cookies.set(w, pendingName, value, http.SameSiteStrictMode, now, login.Expires); err != nil {
			return fmt.Errorf("%w: the project's statement is too long for a cookie; WithPendingStore has no such limit", err)
		}
		return nil
	}
	id := newID()
	stored, _ := storedID(id)
	if _, err := p.store.Swap(r.Context(), stored, p.keys.seal(p.purpose(stored), text), pendingLifetime); err != nil {
		return storeFailed(err, "")
	}
	return p.cookies.set(w, pendingName, id, http.SameSiteStrictMode, now, login.Expires)
}

// take returns the browser's login, and removes it.
//
// Errors: errNoPending, errStore, and picket.ErrInvalidArgument when there are several cookies.
func (p pendings) take(w http.ResponseWriter, r *http.Request) (*pending, error) {
	value, err := p.cookies.value(r, pendingName)
	if err != nil {
		return nil, err
	}
	if value == "" {
		return nil, errNoPending
	}
	p.cookies.remove(w, pendingName, http.SameSiteStrictMode)
	if p.store == nil {
		sealed, err := base64.RawURLEncoding.Strict().DecodeString(value)
		if err != nil {
			return nil, errNoPending
		}
		return p.open("", sealed)
	}
	stored, ok := storedID(value)
	if !ok {
		return nil, errNoPending
	}
	sealed, err := p.store.Swap(r.Context(), stored, nil, 0)
	if err != nil {
		return nil, storeFailed(err, "")
	}
	return p.open(stored, sealed)
}

func (p pendings) open(id string, sealed []byte) (*pending, error) {
	text, ok := p.keys.open(p.purpose(id), sealed)
	if !ok {
		return nil, errNoPending
	}
	var login pending
	if err := json.Unmarshal(text, &login); err != nil { // written by another version of this package
		return nil, errNoPending
	}
	if !p.now().Before(login.Expires) {
		return nil, errNoPending
	}
	return &login, nil
}

// purpose makes sure that what is sealed for one cookie of one site cannot be opened as anything else.
func (p pendings) purpose(id string) string {
	return strings.Join([]string{"login under way", p.cookies.name(pendingName), p.origin, id}, "\x00")
}
