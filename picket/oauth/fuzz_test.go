package oauth_test

import (
	"bytes"
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
	const right = "state=" + state
	for _, query := range []string{
		right + "&code=c0dec0dec0de", "code=c0dec0dec0de&" + right, right, right + "&code=", right + "&code=a&code=b", right + "&" + right + "&code=a",
		"state=" + state[:42] + "&code=a", "state=%63" + state[1:] + "&code=a", "state=&code=a", "code=a", right + "&error=access_denied&error_description=the%20user%20said%20no",
		right + "&error=&code=a", right + "&error=a%0Ab%E2%80%A8c&error_description=" + strings.Repeat("x", 500), right + "&error=e&error_description=%FF" + state,
		right + "&error=e&error_description=%2563" + state[1:], right + "&error=e&error_description=%25%2532%2535" + "63" + state[1:], right + "&error=e&error_description=%E2%80%AE%E2%80%8B%EF%B8%8F",
		right + "&error=e&code=a", right + "&error=e&error=f", "STATE=x", ";", "%", right + ";code=a",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		query := (&url.URL{RawQuery: raw}).Query()
		pending := oauth.PendingLogin{State: state, CodeVerifier: verifier, RedirectURI: callback, Chain: "ethereum"}
		if code, err := (oauth.PendingLogin{}).Code(query); code != "" || !errors.Is(err, oauth.ErrNoPendingLogin) {
			t.Errorf("a pending that is none gives %q, %v", string(code), err)
		}
		code, err := pending.Code(query)
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
		if decoded, err := url.PathUnescape(text); strings.Contains(text, state) || (err == nil && strings.Contains(decoded, state)) {
			t.Errorf("the error shows the state: %s", text)
		}
	})
}

// FuzzPendingLogin reads anything as a pending login, as it comes back from a cookie or a store. What is read is complete, is written as the
// same text again, and takes a code. Everything else is refused and leaves the zero value.
func FuzzPendingLogin(f *testing.F) {
	const start = `{"state":"` + state + `","codeVerifier":"` + verifier + `","redirectURI":"` + callback + `"`
	for _, text := range []string{
		start + `,"chain":"solana","requirements":{"collection":"` + collection + `","minTokenBalance":"1.5"}}`,
		start + `,"chain":"ethereum"}`, start + `,"chain":"*","requirements":{"allowedWallets":["` + contract + `"]}}`,
		start + `,"chain":"new","requirements":{"contractAddress":"<\u2028é"}}`, start + `}`, start + `,"chain":""}`, start + `,"chain":"a","Chain":"b"}`,
		`{}`, `null`, `{"state":"s"}`, `{"requirements":{}}`, `{"requirements":{"allowedWallets":[]}}`, `[]`, `{"state":7}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var pending oauth.PendingLogin
		if json.Unmarshal(text, &pending) == nil {
			t.Errorf("%q is read as JSON", text)
		}
		err := pending.UnmarshalBinary(text)
		code, refused := pending.Code(url.Values{"state": {string(pending.State)}, "code": {"c0dec0dec0de"}})
		if err != nil {
			if !errors.Is(err, oauth.ErrNoPendingLogin) || !errors.Is(refused, oauth.ErrNoPendingLogin) || code != "" || pending.Requirements != nil {
				t.Errorf("%q: got %v, and then %v and %v", text, err, refused, pending)
			}
			return
		}
		if refused != nil || len(pending.State) < 43 || len(pending.CodeVerifier) < 43 || pending.Chain == "" || pending.RedirectURI == "" {
			t.Errorf("%q: got %+v, %v", text, pending, refused)
		}
		if written, err := pending.MarshalBinary(); err != nil || !bytes.Equal(written, text) {
			t.Errorf("%q is written as %q, %v", text, written, err)
		}
		if pending.Requirements != nil {
			if _, err := picket.NewGate(pending.Chain, *pending.Requirements); err != nil {
				t.Errorf("%q: the gate cannot be: %v", text, err)
			}
		}
	})
}
