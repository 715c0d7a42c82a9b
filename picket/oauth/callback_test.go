package oauth_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/oauth"
)

func TestACallbackIsBelievedOnlyAsFarAsItMayBe(t *testing.T) {
	pending := oauth.PendingLogin{State: state, CodeVerifier: verifier, RedirectURI: callback, Chain: "ethereum"}
	values := func(pairs ...string) url.Values {
		query := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			query.Add(pairs[i], pairs[i+1])
		}
		return query
	}
	for name, test := range map[string]struct {
		pending oauth.PendingLogin
		query   url.Values
		code    picket.Secret
		want    error
	}{
		"a code":                    {pending, values("state", state, "code", "c0de"), "c0de", nil},
		"a code and what we ignore": {pending, values("state", state, "code", "c0de", "iss", "https://picketapi.com", "x", "1", "x", "2"), "c0de", nil},

		"no login":                 {oauth.PendingLogin{}, values("state", "", "code", "c0de"), "", oauth.ErrNoPendingLogin},
		"no login, no query":       {oauth.PendingLogin{}, nil, "", oauth.ErrNoPendingLogin},
		"no login, error":          {oauth.PendingLogin{}, values("state", "", "error", "access_denied"), "", oauth.ErrNoPendingLogin},
		"a login without state":    {oauth.PendingLogin{CodeVerifier: verifier, RedirectURI: callback, Chain: "ethereum"}, values("state", "", "code", "c0de"), "", oauth.ErrNoPendingLogin},
		"a login without verifier": {oauth.PendingLogin{State: state, RedirectURI: callback, Chain: "ethereum"}, values("state", state, "code", "c0de"), "", oauth.ErrNoPendingLogin},
		"a login without URI":      {oauth.PendingLogin{State: state, CodeVerifier: verifier, Chain: "ethereum"}, values("state", state, "code", "c0de"), "", oauth.ErrNoPendingLogin},
		"a login without chain":    {oauth.PendingLogin{State: state, CodeVerifier: verifier, RedirectURI: callback}, values("state", state, "code", "c0de"), "", oauth.ErrNoPendingLogin},

		"no query":             {pending, nil, "", oauth.ErrState},
		"no state":             {pending, values("code", "c0de"), "", oauth.ErrState},
		"empty state":          {pending, values("state", "", "code", "c0de"), "", oauth.ErrState},
		"another state":        {pending, values("state", verifier, "code", "c0de"), "", oauth.ErrState},
		"a part of the state":  {pending, values("state", state[:42], "code", "c0de"), "", oauth.ErrState},
		"more than the state":  {pending, values("state", state+"A", "code", "c0de"), "", oauth.ErrState},
		"state in capitals":    {pending, values("state", strings.ToUpper(state), "code", "c0de"), "", oauth.ErrState},
		"state twice":          {pending, values("state", state, "state", state, "code", "c0de"), "", oauth.ErrState},
		"one state of two":     {pending, values("state", state, "state", "x", "code", "c0de"), "", oauth.ErrState},
		"error without state":  {pending, values("error", "access_denied"), "", oauth.ErrState},
		"error, another state": {pending, values("state", "x", "error", "access_denied"), "", oauth.ErrState},
		"nothing, no state":    {pending, values("x", "y"), "", oauth.ErrState},

		"neither code nor error":    {pending, values("state", state), "", oauth.ErrCallback},
		"empty code":                {pending, values("state", state, "code", ""), "", oauth.ErrCallback},
		"empty error":               {pending, values("state", state, "error", ""), "", oauth.ErrCallback},
		"description alone":         {pending, values("state", state, "error_description", "x"), "", oauth.ErrCallback},
		"code and error":            {pending, values("state", state, "code", "c0de", "error", "access_denied"), "", oauth.ErrCallback},
		"code and empty error":      {pending, values("state", state, "code", "c0de", "error", ""), "", oauth.ErrCallback},
		"empty code and error":      {pending, values("state", state, "code", "", "error", "access_denied"), "", oauth.ErrCallback},
		"two codes":                 {pending, values("state", state, "code", "c0de", "code", "c0de"), "", oauth.ErrCallback},
		"two errors":                {pending, values("state", state, "error", "a", "error", "b"), "", oauth.ErrCallback},
		"two descriptions":          {pending, values("state", state, "error", "a", "error_description", "b", "error_description", "c"), "", oauth.ErrCallback},
		"code, another name's case": {pending, values("state", state, "Code", "c0de"), "", oauth.ErrCallback},

		"access denied":       {pending, values("state", state, "error", "access_denied"), "", oauth.CodeAccessDenied},
		"invalid request":     {pending, values("state", state, "error", "invalid_request", "error_description", "x"), "", picket.CodeOAuthInvalidRequest},
		"unauthorized":        {pending, values("state", state, "error", "unauthorized_client"), "", picket.CodeOAuthUnauthorizedClient},
		"response type":       {pending, values("state", state, "error", "unsupported_response_type"), "", picket.ErrorCode("unsupported_response_type")},
		"scope":               {pending, values("state", state, "error", "invalid_scope"), "", picket.ErrorCode("invalid_scope")},
		"server error":        {pending, values("state", state, "error", "server_error"), "", oauth.CodeServerError},
		"unavailable":         {pending, values("state", state, "error", "temporarily_unavailable"), "", oauth.CodeTemporarilyUnavailable},
		"a code of another's": {pending, values("state", state, "error", "login_required"), "", picket.ErrorCode("login_required")},
	} {
		t.Run(name, func(t *testing.T) {
			code, err := test.pending.Code(test.query)
			if code != test.code || !errors.Is(err, test.want) {
				t.Errorf("got the code %q, %v; want %v", string(code), err, test.want)
			}
			for _, other := range []error{
				oauth.ErrNoPendingLogin, oauth.ErrState, oauth.ErrCallback, oauth.CodeAccessDenied, oauth.CodeServerError, picket.ErrorCode("invalid_scope"),
				picket.ErrorCode("unsupported_response_type"), oauth.CodeTemporarilyUnavailable, picket.CodeOAuthInvalidRequest, picket.CodeOAuthUnauthorizedClient,
			} {
				if errors.Is(err, other) != (other == test.want) {
					t.Errorf("%v is %v: %v", err, other, errors.Is(err, other))
				}
			}
			if err != nil {
				for _, secret := range []string{state, verifier, "c0de"} {
					if strings.Contains(err.Error(), secret) {
						t.Errorf("the error shows a secret: %v", err)
					}
				}
			}
		})
	}
}

func TestWhatACallbackSaysIsFitForALog(t *testing.T) {
	pending := oauth.PendingLogin{State: state, CodeVerifier: verifier, RedirectURI: callback, Chain: "ethereum"}
	for description, want := range map[string]string{
		"":                             "",
		"the user denied the login":    "the user denied the login",
		"Größe 使用 🔐":                   "Größe 使用 🔐",
		"a\nlevel=error msg=\x1b[31mb": "a level=error msg= [31mb",
		"a\u2028b\u202ec\u0085d\x00":   "a b c d ",
		"a\u200bb\ufeffc\u2066d\u00ade\u200df\u034fg\ufe0fh\u3164i\U000e0041j": "a b c d e f g h i j",
		"not UTF-8: \xff\xfe.":                                 "not UTF-8: \uFFFD.",
		"state " + state + " is wrong":                         "state [redacted] is wrong",
		"state " + strings.ToUpper(state) + " is wrong":        "state [redacted] is wrong",
		"state=" + percent(state) + "&x":                       "state=[redacted]&x",
		"state=" + strings.ToUpper(percent(state)) + "&x":      "state=[redacted]&x",
		"state=" + state[:9] + percent(state[9:]) + "&x":       "state=[redacted]&x",
		"state=" + url.QueryEscape(percent(state)) + "&x":      "state=[redacted]&x",
		"code_verifier=" + verifier + ", " + percent(verifier): "code_verifier=[redacted], [redacted]",
		strings.Repeat("ü", 256):                               strings.Repeat("ü", 256),
		strings.Repeat("ü", 100_000):                           strings.Repeat("ü", 256) + "…",
		strings.Repeat("x", 240) + state:                       strings.Repeat("x", 240) + "[redacted]",
	} {
		_, err := pending.Code(url.Values{"state": {state}, "error": {"invalid_request"}, "error_description": {description}})
		wantText := "oauth: the login was refused: invalid_request"
		if want != "" {
			wantText += ": " + want
		}
		if err == nil || err.Error() != wantText {
			t.Errorf("got %v, want %s", err, wantText)
		}
		var refused *oauth.Error
		if !errors.As(err, &refused) || refused.Description != want {
			t.Errorf("got %q", refused.Description)
		}
	}
	_, err := pending.Code(url.Values{"state": {state}, "error": {"no\n" + percent(state) + strings.Repeat("x", 1000)}})
	want := "oauth: the login was refused: no [redacted]" + strings.Repeat("x", 256-len("no [redacted]")) + "…"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// percent encodes every character of a text as a form may.
func percent(text string) string {
	var encoded strings.Builder
	for _, octet := range []byte(text) {
		fmt.Fprintf(&encoded, "%%%02x", octet)
	}
	return encoded.String()
}
