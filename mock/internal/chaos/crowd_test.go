package chaos_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"time"
)

const (
	// crowdSize is how many callers come at once and give up together.
	crowdSize = 300
	// maxChecks is how many checks a guard makes at once.
	maxChecks = 48
)

// crowdClaims is how the claims of a crowd's tokens begin, and crowdMark is that in base64url. It is 15 bytes long, so that the
// encoding does not depend on what follows.
const crowdClaims = `{"chain":"crowd`

var crowdMark = base64.RawURLEncoding.EncodeToString([]byte(crowdClaims))

// comeAndGo lets many callers come at once, each with a new token of its own, and give up together. The API does not answer them.
// Afterwards none of their checks may be left. That no other caller fails meanwhile is checked where the others act.
func (u *user) comeAndGo() {
	u.crowding.Lock() // one at a time, so that checks can be told apart
	defer u.crowding.Unlock()
	patience := time.Duration(u.random.Int64N(int64(4 * time.Millisecond)))
	ctx, cancel := context.WithTimeout(u.t.Context(), patience)
	if u.random.IntN(2) == 0 {
		ctx, cancel = context.WithCancel(u.t.Context())
		timer := time.AfterFunc(patience, cancel)
		defer timer.Stop()
	}
	defer cancel()
	g := u.guards[0]
	handlers := append([]http.Handler{g.required, g.optional}, g.gates...)
	var callers sync.WaitGroup
	for range crowdSize {
		message := encodeJWT(fmt.Sprintf(`%s","walletAddress":"0x%040x","exp":%d}`, crowdClaims, u.random.Uint64(), u.now.now().AddDate(100, 0, 0).Unix()))
		token := signJWT(u.forger, message)
		handler := handlers[u.random.IntN(len(handlers))]
		callers.Go(func() {
			answer := &visitor{ResponseRecorder: httptest.NewRecorder()}
			handler.ServeHTTP(answer, answer.request(ctx, token))
			if answer.Code != http.StatusServiceUnavailable || answer.user != nil {
				u.t.Errorf("crowd: answered %d to a caller who gave up before there was an answer", answer.Code)
			}
		})
	}
	callers.Wait()
	u.tally.countEvent("crowd")
	// The checks end by themselves once nobody waits for them. The time limit is for one that does not.
	for started := time.Now(); u.keys.crowd.Load() > 0; runtime.Gosched() {
		if time.Since(started) > checkTimeout/2 {
			u.t.Errorf("crowd: %d checks are under way %v after the last caller gave up", u.keys.crowd.Load(), time.Since(started))
			return
		}
	}
	// Each user may hold two connections, with goroutines at both ends, and wait for a check.
	if running, most := runtime.NumGoroutine(), 20**workers+2*maxChecks; running > most {
		u.t.Errorf("crowd: %d goroutines are left, more than %d", running, most)
	}
	if largest := u.keys.largest.Load(); largest > maxChecks {
		u.t.Errorf("crowd: %d checks were under way at once, more than %d", largest, maxChecks)
	}
}
