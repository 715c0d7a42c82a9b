package oauth_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/oauth"
)

// FuzzCallback comes back with any query. A code is believed only with the one right state, and only where nothing else is
// said; every error is fit for a log and shows neither state nor code.
func FuzzCallback(f *testing.F) {
	const state, right = "c3RhdGUrLz0+/w==", "state=c3RhdGUrLz0%2B%2Fw%3D%3D"
	for _, query := range []string{
		right + "&code=c0dec0dec0de", "code=c0dec0dec0de&" + right, right, right + "&code=", right + "&code=a&code=b", right + "&" + right + "&code=a",
		"state=c3RhdGUrLz0+/w==&code=a", "state=&code=a", "code=a", right + "&error=access_denied&error_description=the%20user%20said%20no",
		right + "&error=&code=a", right + "&error=a%0Ab%E2%80%A8c&error_description=" + strings.Repeat("x", 500), right + "&error=e&error_description=%FF" + state,
		right + "&error=e&code=a", right + "&error=e&error=f", "STATE=x", ";", "%", right + ";code=a",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		query := (&url.URL{RawQuery: raw}).Query()
		session := oauth.Session{State: state, CodeVerifier: "ver1fierver1fier", RedirectURI: "http://localhost:3000/callback"}
		if code, err := (oauth.Session{}).Code(query); code != "" || !errors.Is(err, oauth.ErrSession) {
			t.Errorf("a session that is none gives %q, %v", string(code), err)
		}
		code, err := session.Code(query)
		var refused *oauth.Error
		switch ours := slices.Equal(query["state"], []string{state}); {
		case err == nil:
			if !ours || !slices.Equal(query["code"], []string{string(code)}) || code == "" || query.Has("error") {
				t.Errorf("%q gives the code %q", raw, string(code))
			}
		case code != "":
			t.Errorf("there is a code beside the error %v", err)
		case errors.Is(err, oauth.ErrState) == ours:
			t.Errorf("%q: got %v", raw, err)
		case errors.As(err, &refused):
			if len(query["error"]) != 1 || refused.Code == "" || query.Has("code") {
				t.Errorf("%q: got %v", raw, err)
			}
		case !errors.Is(err, oauth.ErrCallback) && !errors.Is(err, oauth.ErrState):
			t.Errorf("%q: got %v", raw, err)
		}
		if err == nil {
			return
		}
		text := err.Error()
		if !utf8.ValidString(text) || len(text) > 4096 || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("the error is not fit for a log: %.500q", text)
		}
		for _, secret := range append(slices.Clone(query["code"]), state) {
			if len(secret) >= 8 && strings.Contains(text, secret) && !strings.Contains(query.Get("error")+query.Get("error_description"), secret) {
				t.Errorf("the error shows %q: %s", secret, text)
			}
		}
		if strings.Contains(text, state) {
			t.Errorf("the error shows the state: %s", text)
		}
	})
}

// FuzzSession reads any JSON as a session, as it comes back from a cookie or a store, and begins nothing with it: what is
// written of it is the same again, and only a whole one takes a code.
func FuzzSession(f *testing.F) {
	for _, text := range []string{
		`{"state":"s","codeVerifier":"v","redirectURI":"r","chain":"solana","requirements":{"collection":"apes","minTokenBalance":1.50}}`,
		`{}`, `null`, `{"state":"s"}`, `{"requirements":{}}`, `{"requirements":{"allowedWallets":[]}}`, `[]`, `{"state":7}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var session, again oauth.Session
		if json.Unmarshal(text, &session) != nil {
			return
		}
		whole := session.State != "" && session.CodeVerifier != "" && session.RedirectURI != ""
		if _, err := session.Code(url.Values{"state": {string(session.State)}, "code": {"c"}}); whole != (err == nil) {
			t.Errorf("%s: got %v", text, err)
		}
		written, err := json.Marshal(session)
		if err != nil || json.Unmarshal(written, &again) != nil {
			t.Fatalf("%s cannot be written and read: %v", text, err)
		}
		rewritten, err := json.Marshal(again)
		if err != nil || string(rewritten) != string(written) {
			t.Errorf("%s is written as %s, and then as %s", text, written, rewritten)
		}
		if session.Requirements != nil && (again.Requirements == nil || (picket.CheckRequirements(*session.Requirements) == nil) != (picket.CheckRequirements(*again.Requirements) == nil)) {
			t.Errorf("%s: the gate is another one when it is read again: %s", text, written)
		}
	})
}
