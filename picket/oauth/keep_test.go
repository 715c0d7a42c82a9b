package oauth_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/oauth"
)

// aLogin returns a login with everything that a pending login can have.
func aLogin(t *testing.T) *oauth.Login {
	t.Helper()
	login, _ := begin(t, newLogins(t, config{ClientID: publishableKey, RedirectURI: redirectURI}), "solana", onSolana())
	return login
}

func TestAPendingLoginIsKeptWithItsSecrets(t *testing.T) {
	want := aLogin(t).Pending
	canonical := *want.Requirements
	canonical.MinTokenBalance = "3.5"
	want.Requirements = &canonical
	for name, keep := range map[string]func(*oauth.PendingLogin) error{
		"by MarshalBinary": func(got *oauth.PendingLogin) error {
			kept, err := want.MarshalBinary()
			return errors.Join(err, got.UnmarshalBinary(kept))
		},
		"by gob": func(got *oauth.PendingLogin) error {
			var kept bytes.Buffer
			err := gob.NewEncoder(&kept).Encode(want)
			return errors.Join(err, gob.NewDecoder(&kept).Decode(got))
		},
		"by gob, in a map": func(got *oauth.PendingLogin) error {
			var kept bytes.Buffer
			err := gob.NewEncoder(&kept).Encode(map[string]oauth.PendingLogin{"login": want})
			logins := map[string]oauth.PendingLogin{}
			err = errors.Join(err, gob.NewDecoder(&kept).Decode(&logins))
			*got = logins["login"]
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got oauth.PendingLogin
			if err := keep(&got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if _, err := got.Code(url.Values{"state": {string(want.State)}, "code": {"c0dec0dec0de"}}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOnlyWhatWasWrittenIsReadAsAPendingLogin(t *testing.T) {
	const start = `{"state":"` + state + `","codeVerifier":"` + verifier + `","redirectURI":"` + callback + `"`
	const whole = start + `,"chain":"ethereum","requirements":{"contractAddress":"` + contract + `"}}`
	var pending oauth.PendingLogin
	if err := pending.UnmarshalBinary([]byte(whole)); err != nil {
		t.Fatal(err)
	}
	replace := func(old, new string) string { return strings.Replace(whole, old, new, 1) }
	for name, text := range map[string]string{
		"nothing":                     "",
		"null":                        "null",
		"an empty object":             "{}",
		"a list":                      "[" + whole + "]",
		"a part":                      whole[:len(whole)-1],
		"more":                        whole + "{}",
		"a space":                     whole + " ",
		"no chain, as once was":       start + "}",
		"an empty chain":              replace(`"ethereum"`, `""`),
		"null for a chain":            replace(`"ethereum"`, "null"),
		"a chain in other capitals":   replace(`"chain"`, `"Chain"`),
		"a state in other capitals":   replace(`"state"`, `"State"`),
		"two chains":                  replace(`"chain":"ethereum"`, `"chain":"ethereum","chain":"polygon"`),
		"two chains by capitals":      replace(`"chain":"ethereum"`, `"chain":"ethereum","CHAIN":"polygon"`),
		"two chains by an escape":     replace(`"chain":"ethereum"`, `"chain":"ethereum","ch\u0061in":"polygon"`),
		"the same chain twice":        replace(`"chain":"ethereum"`, `"chain":"ethereum","chain":"ethereum"`),
		"an unknown name":             replace(`"chain"`, `"admin":true,"chain"`),
		"an unknown requirement":      replace(`{"contractAddress"`, `{"token_ids":[],"contractAddress"`),
		"a requirement in capitals":   replace("contractAddress", "ContractAddress"),
		"two contracts":               replace(`"contractAddress"`, `"contractAddress":"0x0","contractAddress"`),
		"empty requirements":          replace(`"contractAddress":"`+contract+`"`, ""),
		"null for requirements":       replace(`{"contractAddress":"`+contract+`"}`, "null"),
		"a list that is empty":        replace(`{"contractAddress"`, `{"allowedWallets":[],"contractAddress"`),
		"a contract, any chain":       replace("ethereum", picket.AnyChain),
		"a contract of another chain": replace("ethereum", "solana"),
		"a redacted state":            replace(state, "[redacted]"),
		"a redacted verifier":         replace(verifier, "[redacted]"),
		"a number for a state":        replace(`"`+state+`"`, "7"),
		"a state cut off":             replace(state, state[:42]),
		"not UTF-8":                   replace("/callback", "/callback\xff"),
		"no issuer that is one":       replace(`"chain":"ethereum"`, `"chain":"ethereum","issuer":"picketapi.com"`),
		"an empty issuer":             replace(`"chain":"ethereum"`, `"chain":"ethereum","issuer":""`),
	} {
		t.Run(name, func(t *testing.T) {
			pending := oauth.PendingLogin{State: state, CodeVerifier: verifier, RedirectURI: callback, Chain: "polygon"}
			err := pending.UnmarshalBinary([]byte(text))
			if !errors.Is(err, oauth.ErrNoPendingLogin) {
				t.Fatalf("got %v", err)
			}
			if text := err.Error(); strings.Contains(text, state[:8]) || strings.Contains(text, verifier[:8]) || strings.ContainsAny(text, "\n") {
				t.Errorf("the error is not fit for a log: %q", text)
			}
			if diff := cmp.Diff(oauth.PendingLogin{}, pending); diff != "" {
				t.Errorf("there is a pending beside the error: %s", diff)
			}
		})
	}
}

func TestAPendingLoginIsNotKeptByJSON(t *testing.T) {
	login := aLogin(t)
	pending := login.Pending
	text, err := json.Marshal(pending)
	if err != nil {
		t.Fatal(err)
	}
	got := login.Pending
	err = json.Unmarshal(text, &got)
	if !errors.Is(err, oauth.ErrNoPendingLogin) || !strings.Contains(err.Error(), "MarshalBinary") {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(oauth.PendingLogin{}, got); diff != "" {
		t.Error(diff)
	}
	var record struct {
		Login oauth.PendingLogin `json:"login"`
	}
	if err := json.Unmarshal([]byte(`{"login":`+string(text)+`}`), &record); !errors.Is(err, oauth.ErrNoPendingLogin) {
		t.Errorf("got %v", err)
	}

	// A decoder that asks no type, such as one of XML or YAML, may read it; it is not a pending login then.
	type plain oauth.PendingLogin
	if text, err = xml.Marshal(plain(pending)); err != nil {
		t.Fatal(err)
	}
	var read plain
	if err := xml.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"[redacted]", string(pending.State)} {
		code, err := oauth.PendingLogin(read).Code(url.Values{"state": {state}, "code": {"c0dec0dec0de"}})
		if code != "" || !errors.Is(err, oauth.ErrNoPendingLogin) {
			t.Errorf("the state %s gives the code %q, %v", state, string(code), err)
		}
	}
}

// reflecting is a slog.Handler that asks no value how to log itself: it writes what encoding/json or package fmt makes of it.
type reflecting struct {
	slog.Handler
	written *bytes.Buffer
	write   func(any) string
}

func (h reflecting) Handle(_ context.Context, record slog.Record) error {
	record.Attrs(func(attribute slog.Attr) bool {
		h.written.WriteString(h.write(attribute.Value.Any()))
		return true
	})
	return nil
}

func TestNoLogShowsTheSecretsOfALogin(t *testing.T) {
	login := aLogin(t)
	handlers := map[string]func(*bytes.Buffer) slog.Handler{
		"slog's text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog's JSON": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		"JSON by reflection": func(b *bytes.Buffer) slog.Handler {
			return reflecting{slog.NewTextHandler(b, nil), b, func(v any) string {
				text, err := json.Marshal(v)
				return string(text) + fmt.Sprint(err)
			}}
		},
		"XML by reflection": func(b *bytes.Buffer) slog.Handler {
			return reflecting{slog.NewTextHandler(b, nil), b, func(v any) string {
				text, err := xml.Marshal(v)
				return string(text) + fmt.Sprint(err)
			}}
		},
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		handlers[verb] = func(b *bytes.Buffer) slog.Handler {
			return reflecting{slog.NewTextHandler(b, nil), b, func(v any) string { return fmt.Sprintf(verb, v) }}
		}
	}
	for name, handler := range handlers {
		t.Run(name, func(t *testing.T) {
			for _, logged := range []any{
				login, *login, login.URL, login.Pending, &login.Pending, []any{login.Pending}, []oauth.Login{*login},
				[]*oauth.Login{login}, []any{login, &login.Pending}, map[string]*oauth.PendingLogin{"a": &login.Pending}, struct{ Any any }{login},
				struct{ Login oauth.Login }{*login}, map[string]oauth.PendingLogin{"a": login.Pending},
			} {
				var written bytes.Buffer
				slog.New(handler(&written)).Info("login", "login", logged)
				for _, secret := range []picket.Secret{login.Pending.State, login.Pending.CodeVerifier} {
					if text := written.String(); strings.Contains(text, string(secret)) || strings.Contains(text, fmt.Sprintf("%x", string(secret))) {
						t.Errorf("%T shows a secret: %s", logged, text)
					}
				}
				if written.Len() == 0 {
					t.Errorf("%T is not logged", logged)
				}
			}
		})
	}
}
