package middleware_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// TestAHandlerThatChangesItsUserChangesNobodyElses fails, too, when the claims gain a map or a list that is not copied.
func TestAHandlerThatChangesItsUserChangesNobodyElses(t *testing.T) {
	full := claims()
	fill(reflect.ValueOf(full).Elem(), "1")
	auth := newAuthenticator(t, always(full, nil))
	var seen []middleware.User
	handler := auth.Required(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		user, _ := middleware.UserFromContext(r.Context())
		copied := *user
		var own picket.AccessTokenPayload
		text, err := json.Marshal(user)
		if err == nil {
			err = json.Unmarshal(text, &own)
		}
		if err != nil {
			t.Error(err)
		}
		copied.AccessTokenPayload = own
		seen = append(seen, copied)
		fill(reflect.ValueOf(&user.AccessTokenPayload).Elem(), "1000")
	}))
	want := middleware.User{AccessTokenPayload: *claims(), AccessToken: token}
	fill(reflect.ValueOf(&want.AccessTokenPayload).Elem(), "1")
	want.ExpiresAt = full.ExpiresAt
	for range 2 {
		handler.ServeHTTP(httptest.NewRecorder(), bearer(token))
	}
	if diff := cmp.Diff([]middleware.User{want, want}, seen); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutATokenThereIsNoUserWhateverTheContextHas(t *testing.T) {
	auth := newAuthenticator(t, always(claims(), nil))
	stranger := &middleware.User{AccessTokenPayload: *claims()}
	r := get(http.Header{})
	r = r.WithContext(middleware.ContextWithUser(r.Context(), stranger))
	if got := answerOf(auth.Optional(hello), r); got.Body != "nobody" {
		t.Errorf("optional: got %+v", got)
	}
	for name, handler := range map[string]http.Handler{
		"required": auth.Required(hello),
		"gate":     newGate(t, auth, holders)(hello),
	} {
		if diff := cmp.Diff(noToken, answerOf(handler, r)); diff != "" {
			t.Error(name, diff)
		}
	}
}

func TestAContextWithoutUserHasNone(t *testing.T) {
	for name, ctx := range map[string]context.Context{
		"nothing":    t.Context(),
		"a nil user": middleware.ContextWithUser(t.Context(), nil),
	} {
		if user, ok := middleware.UserFromContext(ctx); user != nil || ok {
			t.Errorf("%s: got %v, %v", name, user, ok)
		}
	}
}

func TestAUserPrintsWithoutItsToken(t *testing.T) {
	user := &middleware.User{AccessTokenPayload: *claims(), AccessToken: token}
	printed := func(how, text string) {
		if strings.Contains(text, token) || strings.Contains(text, fmt.Sprintf("%x", token)) {
			t.Errorf("%s shows the token: %s", how, text)
		}
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		printed(verb, fmt.Sprintf(verb, user))
		printed(verb, fmt.Sprintf(verb, *user))
		printed(verb, fmt.Sprintf(verb, []middleware.User{*user}))
		printed(verb, fmt.Sprintf(verb, []any{user, []*middleware.User{user}, struct{ User any }{user}}))
	}
	text, err := json.Marshal(user)
	if err != nil {
		t.Fatal(err)
	}
	printed("JSON", string(text))
	if text, err = xml.Marshal(user.AccessToken); err != nil {
		t.Fatal(err)
	}
	printed("XML", string(text))
	if text, err = yaml.Marshal(user); err != nil {
		t.Fatal(err)
	}
	printed("YAML", string(text))
	printed("a struct around it", fmt.Sprintf("%+v", struct{ User any }{user}))
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("", "user", user, "in", []any{user, *user})
	printed("slog", log.String())
	want := `"user":{"chain":"ethereum","walletAddress":"` + user.WalletAddress + `","tid":"` + user.AccessTokenID + `"}`
	if !strings.Contains(log.String(), want) {
		t.Errorf("slog shows %s", log.String())
	}
}
