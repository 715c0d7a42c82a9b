// Package bare is the yardstick for the mock's speed: the requests that the two are compared by, answered with net/http,
// encoding/json and the same cryptography. Each handler does what no server can do without: it compares the API key, decodes the
// body, keeps or looks up what the answer depends on, and encodes the answer. It checks nothing of a request beyond that, keeps no
// journal, and has one project, so no server that checks requests can be faster.
package bare

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

const base = "/api/v1"

type server struct {
	key     string
	signing *ecdsa.PrivateKey

	mu       sync.Mutex
	nonces   map[string]string // by wallet
	balances map[holding]string
	ahead    time.Duration // of the clock
	answered int           // requests to the API
}

// New returns the handler, for one API key.
func New(key string) (http.Handler, error) {
	signing, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	s := &server{key: key, signing: signing, nonces: map[string]string{}, balances: map[holding]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+base+"/auth/nonce", s.nonce)
	mux.HandleFunc("POST "+base+"/auth", s.auth)
	mux.HandleFunc("POST "+base+"/auth/validate", s.validate)
	mux.HandleFunc("POST "+base+"/authz", s.authz)
	mux.HandleFunc("PUT /_mock/balances", s.setBalance)
	mux.HandleFunc("POST /_mock/clock/advance", s.advance)
	mux.HandleFunc("GET /_mock/journal/count", s.count)
	return s.keyed(mux), nil
}

// keyed lets in who has the API key.
func (s *server) keyed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if key, _, _ := r.BasicAuth(); subtle.ConstantTimeCompare([]byte(key), []byte(s.key)) != 1 {
			refuse(w, http.StatusUnauthorized, "api_key_invalid", "the API key is not known")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// decode decodes a body, or refuses it.
func decode(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		refuse(w, http.StatusBadRequest, "parameter_invalid", err.Error())
		return false
	}
	return true
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	answer(w, status, struct {
		Code    string `json:"code"`
		Message string `json:"msg"`
	}{code, message})
}
