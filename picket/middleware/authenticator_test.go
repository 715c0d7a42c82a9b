package middleware_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// answer is what a request is answered, as far as this package decides it.
type answer struct {
	Status                               int
	ContentType, CacheControl, Challenge string
	RetryAfter, Body                     string
}

// let is the answer of hello to a user.
var let = answer{Status: http.StatusOK, ContentType: "text/plain; charset=utf-8", Body: "hello"}

func refusal(status int, code, message, challenge string) answer {
	a := answer{
		Status:       status,
		ContentType:  "application/json",
		CacheControl: "no-store",
		Body:         fmt.Sprintf(`{"code":"%s","msg":"%s"}`, code, message),
	}
	switch {
	case status == http.StatusServiceUnavailable:
		a.RetryAfter = "5"
	case challenge == "":
		a.Challenge = `Bearer realm="picket"`
	default:
		a.Challenge = fmt.Sprintf(`Bearer realm="picket", error="%s", error_description="%s"`, challenge, message)
	}
	return a
}

func malformed(message string) answer {
	return refusal(http.StatusBadRequest, "invalid_request", message, "invalid_request")
}

var (
	noToken     = refusal(http.StatusUnauthorized, "authentication_required", "authentication required: send an access token as Bearer authorization", "")
	badToken    = refusal(http.StatusUnauthorized, "access_token_invalid", "the access token is malformed, forged, expired or for another project; log in again", "invalid_token")
	denied      = refusal(http.StatusForbidden, "permission_denied", "the wallet does not meet the requirements", "insufficient_scope")
	unavailable = refusal(http.StatusServiceUnavailable, "unavailable", "the access token could not be checked; try again later", "")

	severalHeaders = malformed("there are several Authorization headers; send one")
	severalCookies = malformed("there are several cookies with the access token; send one")
	emptyCookie    = malformed("the cookie for the access token is empty")
	emptyBearer    = malformed("the Authorization header has no access token after Bearer")
	noSpace        = malformed("the Authorization header has no space after Bearer")
	noScheme       = malformed("the Authorization header has no scheme; send Bearer, a space and the access token")
	noToken68      = malformed("what is sent is not one access token: it has a space, a comma or another character that no token has")
)

// hello is a protected handler. It says hello, or who is there to see when that is wrong.
var hello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if _, ok := middleware.UserFromContext(r.Context()); !ok {
		_, _ = io.WriteString(w, "nobody")
		return
	}
	_, _ = io.WriteString(w, "hello")
})

func answerOf(handler http.Handler, r *http.Request) answer {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return read(w.Result())
}

func read(response *http.Response) answer {
	body, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	return answer{
		Status:       response.StatusCode,
		ContentType:  response.Header.Get("Content-Type"),
		CacheControl: response.Header.Get("Cache-Control"),
		Challenge:    response.Header.Get("WWW-Authenticate"),
		RetryAfter:   response.Header.Get("Retry-After"),
		Body:         string(body),
	}
}

func get(header http.Header) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header = header
	return r
}

func bearer(token string) *http.Request {
	return get(http.Header{"Authorization": {"Bearer " + token}})
}

// silent takes the log of what could not be checked.
func silent() middleware.Option { return middleware.WithLogger(slog.New(slog.DiscardHandler)) }

func TestTheTokenIsTakenFromOnePlace(t *testing.T) {
	const good, bad = token, "not.a.token!"
	header := func(values ...string) http.Header { return http.Header{"Authorization": values} }
	cookie := func(values ...string) http.Header { return http.Header{"Cookie": values} }
	both := func(authorization, cookie string) http.Header {
		return http.Header{"Authorization": {authorization}, "Cookie": {cookie}}
	}
	for _, c := range []struct {
		name   string
		header http.Header
		want   answer
	}{
		{"nothing", http.Header{}, noToken},
		{"bearer", header("Bearer " + good), let},
		{"the scheme in lower case", header("bearer " + good), let},
		{"the scheme in upper case", header("BEARER " + good), let},
		{"several spaces", header("Bearer   " + good), let},
		{"two headers", header("Bearer "+good, "Bearer "+good), severalHeaders},
		{"two headers, one of another scheme", header("Basic YTpi", "Bearer "+good), severalHeaders},
		{"two headers in one", header("Bearer " + good + ", Bearer " + good), noToken68},
		{"two tokens", header("Bearer " + good + " " + good), noToken68},
		{"a space after it", header("Bearer " + good + " "), noToken68},
		{"a tab before it", header("Bearer \t" + good), noToken68},
		{"a tab for the space", header("Bearer\t" + good), noSpace},
		{"a colon for the space", header("Bearer: " + good), noSpace},
		{"no space", header("Bearer" + good), noSpace},
		{"a parameter", header(`Bearer token="` + good + `"`), noToken68},
		{"quotes", header(`Bearer "` + good + `"`), noToken68},
		{"Bearer alone", header("Bearer"), emptyBearer},
		{"Bearer and a space", header("Bearer "), emptyBearer},
		{"an empty header", header(""), noScheme},
		{"a space before the scheme", header(" Bearer " + good), noScheme},
		{"a tab before the scheme", header("\tBearer " + good), noScheme},
		{"equals signs alone", header("Bearer =="), noToken68},
		{"an opaque token", header("Bearer abc~+/=="), badToken},
		{"two parts", header("Bearer a.b"), badToken},
		{"16 KiB and one byte", header("Bearer a.b." + strings.Repeat("c", 16<<10-3)), badToken},
		{"another scheme", header("Basic YTpi"), noToken},
		{"the token alone", header(good), noToken},
		{"a scheme that is shorter", header("Bear"), noToken},

		{"cookie", cookie("session=" + good), let},
		{"cookie among others", cookie("a=b; session=" + good + "; c=d"), let},
		{"cookie in the second header", cookie("a=b", "session="+good), let},
		{"cookies of other names", cookie("Session=" + good + "; session2=" + good + "; xsession=" + good), noToken},
		{"two cookies", cookie("session=" + good + "; session=" + good), severalCookies},
		{"two cookies in two headers", cookie("session="+good, "session="+good), severalCookies},
		{"two cookies, one of which net/http does not see", cookie("session=" + good + "; session=\x7f"), severalCookies},
		{"two cookies, one empty", cookie("session=; session=" + good), severalCookies},
		{"an empty cookie", cookie("session="), emptyCookie},
		{"a cookie without a value", cookie("session"), emptyCookie},
		{"a quoted cookie", cookie(`session="` + good + `"`), noToken68},
		{"a bad cookie", cookie("session=" + bad), noToken68},
		{"a cookie that is no JWT", cookie("session=abc"), badToken},

		{"both", both("Bearer "+good, "session=abc"), let},
		{"both, and the header is bad", both("Bearer abc", "session="+good), badToken},
		{"both, and the header is malformed", both("Bearer "+bad, "session="+good), noToken68},
		{"both, and the header is empty", both("", "session="+good), noScheme},
		{"both, and Bearer is empty", both("Bearer", "session="+good), emptyBearer},
		{"both, and Bearer has no space", both("Bearer\t"+good, "session="+good), noSpace},
		{"both, and the header is of another scheme", both("Basic YTpi", "session="+good), let},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, asked := counting(func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
				if string(request.AccessToken) != good {
					t.Errorf("it was asked about %q", string(request.AccessToken))
				}
				return claims(), nil
			})
			auth := newAuthenticator(t, v, middleware.WithCookie("session"))
			if diff := cmp.Diff(c.want, answerOf(auth.Required(hello), get(c.header))); diff != "" {
				t.Error(diff)
			}
			if want := map[bool]int64{true: 1}[c.want == let]; asked.Load() != want {
				t.Errorf("it was asked %d times, not %d", asked.Load(), want)
			}
			// Behind Optional only what is no token at all is let through, without a user.
			want := c.want
			if want == noToken {
				want = let
				want.Body = "nobody"
			}
			if diff := cmp.Diff(want, answerOf(auth.Optional(hello), get(c.header))); diff != "" {
				t.Error("optional:", diff)
			}
		})
	}
}

func TestNoCookieIsReadUnlessToldTo(t *testing.T) {
	auth := newAuthenticator(t, always(claims(), nil))
	if diff := cmp.Diff(noToken, answerOf(auth.Required(hello), get(http.Header{"Cookie": {"session=" + token}}))); diff != "" {
		t.Error(diff)
	}
}

func TestWhatTheValidatorSaysDecides(t *testing.T) {
	// As the client has them: what is not the API's own refusal is wrapped.
	for _, c := range []struct {
		name           string
		token, atGate  error
		required, gate answer
	}{
		{"good, and the gate is open", nil, nil, let, let},
		{"good, and the gate stays closed", nil, picket.ErrPermissionDenied, let, denied},
		{"good, and the chain cannot have the gate", nil, picket.ErrParameterInvalid, let, denied},
		{"good, and the gate cannot be checked", nil, picket.ErrNoResponse, let, unavailable},
		{"good, and the gate's requirements are refused by the client", nil, picket.ErrInvalidArgument, let, unavailable},
		{"bad", picket.ErrParameterInvalid, nil, badToken, badToken},
		{"bad, in a wrapped error", fmt.Errorf("it: %w", &picket.Error{StatusCode: 400, Message: "invalid access token"}), nil, badToken, badToken},
		{"denied without requirements", picket.ErrPermissionDenied, nil, unavailable, unavailable},
		{"no response", picket.ErrNoResponse, nil, unavailable, unavailable},
		{"too late", context.DeadlineExceeded, nil, unavailable, unavailable},
		{"the API key is wrong", picket.ErrAPIKeyInvalid, nil, unavailable, unavailable},
		{"the API key is missing", picket.ErrAuthenticationRequired, nil, unavailable, unavailable},
		{"anything", errors.New("anything"), nil, unavailable, unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			auth := newAuthenticator(t, validator(func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
				err := c.token
				if request.Requirements != nil {
					err = c.atGate
				}
				if err != nil {
					return nil, err
				}
				return claims(), nil
			}), silent())
			for name, got := range map[string]struct{ want, got answer }{
				"required": {c.required, answerOf(auth.Required(hello), bearer(token))},
				"optional": {c.required, answerOf(auth.Optional(hello), bearer(token))},
				"gate":     {c.gate, answerOf(newGate(t, auth, holders)(hello), bearer(token))},
			} {
				if diff := cmp.Diff(got.want, got.got); diff != "" {
					t.Error(name, diff)
				}
			}
		})
	}
}

func TestAValidatorThatMisbehavesLetsNobodyIn(t *testing.T) {
	expired := claims()
	expired.ExpiresAt = 1
	var pointer *middleware.Cache
	for name, misbehaving := range map[string]validator{
		"no claims and no error": always(nil, nil),
		"expired claims":         always(expired, nil),
		"a panic":                func(context.Context, picket.ValidateRequest) (*picket.AccessTokenPayload, error) { panic(token) },
		"a nil pointer":          pointer.Validate,
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			for gate, v := range map[string]validator{
				"token": misbehaving,
				"gate": func(ctx context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
					if request.Requirements == nil {
						return claims(), nil
					}
					return misbehaving(ctx, request)
				},
			} {
				auth := newAuthenticator(t, v, middleware.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
				got := answerOf(newGate(t, auth, holders)(hello), bearer(token))
				if diff := cmp.Diff(unavailable, got); diff != "" {
					t.Error(gate, diff)
				}
			}
			if strings.Contains(log.String(), token) {
				t.Errorf("the log has the token: %s", log.String())
			}
		})
	}
}

func TestAGateAsksOnlyWhatTheTokenDoesNotProve(t *testing.T) {
	v, asked := counting(always(holder(), nil))
	auth := newAuthenticator(t, v)
	other := picket.Requirements{ContractAddress: "0x0000000000000000000000000000000000000001"}
	more := picket.Requirements{ContractAddress: contract, MinTokenBalance: "4"} // the API may know better
	for _, c := range []struct {
		name         string
		requirements picket.Requirements
		asked        int64
	}{
		{"proven", holders, 1}, // about the token
		{"not known", other, 2},
		{"known by now", other, 2},
		{"not enough is proven", more, 3},
		{"known by now, too", more, 3},
	} {
		if diff := cmp.Diff(let, answerOf(newGate(t, auth, c.requirements)(hello), bearer(token))); diff != "" {
			t.Error(c.name, diff)
		}
		if asked.Load() != c.asked {
			t.Errorf("%s: it was asked %d times, not %d", c.name, asked.Load(), c.asked)
		}
	}
}

func TestAGateKeepsItsRequirements(t *testing.T) {
	requirements := picket.Requirements{AllowedWallets: []string{claims().WalletAddress}}
	var seen []string
	auth := newAuthenticator(t, validator(func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
		if request.Requirements != nil {
			seen = request.Requirements.AllowedWallets
			return nil, picket.ErrPermissionDenied
		}
		c := claims()
		c.WalletAddress = "0xBAD"
		return c, nil
	}))
	gate := newGate(t, auth, requirements)
	requirements.AllowedWallets[0] = "0xBAD"
	if diff := cmp.Diff(denied, answerOf(gate(hello), bearer(token))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{claims().WalletAddress}, seen); diff != "" {
		t.Error(diff)
	}
}

func TestAGateRefusesRequirementsThatLetEveryoneIn(t *testing.T) {
	auth := newAuthenticator(t, always(claims(), nil))
	for _, requirements := range []picket.Requirements{
		{}, {AllowedWallets: []string{}}, {ContractAddress: " "}, {MinTokenBalance: "3"}, {ContractAddress: contract, MinTokenBalance: "many"},
	} {
		if gate, err := auth.Gate(requirements); gate != nil || !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("%v: got %v", requirements, err)
		}
	}
}

// fill sets every string, number, map and slice that v holds.
func fill(v reflect.Value, with string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), with)
		}
	case reflect.String:
		v.SetString(with)
	case reflect.Map:
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		v.SetMapIndex(reflect.ValueOf("k"), reflect.ValueOf(with).Convert(v.Type().Elem()))
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		fill(v.Index(0), with)
	}
}

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
	want := middleware.User{AccessTokenPayload: *claims(), Token: token}
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
	user := &middleware.User{AccessTokenPayload: *claims(), Token: token}
	printed := func(how, text string) {
		if strings.Contains(text, token) || strings.Contains(text, fmt.Sprintf("%x", token)) {
			t.Errorf("%s shows the token: %s", how, text)
		}
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		printed(verb, fmt.Sprintf(verb, user))
		printed(verb, fmt.Sprintf(verb, *user))
		printed(verb, fmt.Sprintf(verb, []middleware.User{*user}))
	}
	text, err := json.Marshal(user)
	if err != nil {
		t.Fatal(err)
	}
	printed("JSON", string(text))
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("", "user", user, "in", []any{user, *user})
	printed("slog", log.String())
	want := `"user":{"chain":"ethereum","walletAddress":"` + user.WalletAddress + `","tid":"` + user.TokenID + `"}`
	if !strings.Contains(log.String(), want) {
		t.Errorf("slog shows %s", log.String())
	}
}

func TestTheRealmIsNamed(t *testing.T) {
	auth := newAuthenticator(t, always(claims(), nil), middleware.WithRealm("the club"))
	if got := answerOf(auth.Required(hello), get(nil)); got.Challenge != `Bearer realm="the club"` {
		t.Errorf("got %s", got.Challenge)
	}
}

// TestChallengesAreWellFormed checks them by the grammar of RFC 6750 section 3 and RFC 9110 section 11.2.
func TestChallengesAreWellFormed(t *testing.T) {
	form := regexp.MustCompile(`^Bearer realm="[^"\\]+"(, error="[a-z_]+", error_description="[\x20-\x21\x23-\x5B\x5D-\x7E]+")?$`)
	for _, a := range []answer{
		noToken, badToken, denied, severalHeaders, severalCookies, emptyCookie, emptyBearer, noSpace, noScheme, noToken68,
	} {
		if !form.MatchString(a.Challenge) {
			t.Errorf("%s", a.Challenge)
		}
	}
}

func TestHEADIsAnsweredAsGET(t *testing.T) {
	auth := newAuthenticator(t, always(claims(), nil))
	srv := httptest.NewServer(auth.Required(hello))
	defer srv.Close()
	response, err := http.Head(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil || len(body) != 0 || response.StatusCode != http.StatusUnauthorized ||
		response.Header.Get("WWW-Authenticate") != noToken.Challenge || response.ContentLength != int64(len(noToken.Body)) {
		t.Errorf("got %v %v, %d bytes, %v", response.Status, response.Header, response.ContentLength, err)
	}
}

func TestAnErrorHandlerAnswers(t *testing.T) {
	for _, c := range []struct {
		name    string
		handler middleware.ErrorHandler
		want    answer
	}{
		{"with a page", func(w http.ResponseWriter, _ *http.Request, status int, err error) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<p>log in")
		}, answer{401, "text/html", "no-store", noToken.Challenge, "", "<p>log in"}},
		{"with a body alone", func(w http.ResponseWriter, _ *http.Request, _ int, _ error) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<p>log in")
		}, answer{200, "text/html", "no-store", noToken.Challenge, "", "<p>log in"}},
		{"with a redirect", func(w http.ResponseWriter, r *http.Request, _ int, _ error) {
			w.Header().Del("WWW-Authenticate")
			http.Redirect(w, r, "/login", http.StatusSeeOther)
		}, answer{303, "text/html; charset=utf-8", "no-store", "", "", "<a href=\"/login\">See Other</a>.\n\n"}},
		{"with nothing", func(http.ResponseWriter, *http.Request, int, error) {}, noToken},
		{"with headers alone", func(w http.ResponseWriter, _ *http.Request, _ int, _ error) {
			clear(w.Header())
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Length", "1")
		}, noToken},
		{"with an early hint alone", func(w http.ResponseWriter, _ *http.Request, _ int, _ error) {
			w.WriteHeader(http.StatusEarlyHints)
		}, noToken},
	} {
		t.Run(c.name, func(t *testing.T) {
			auth := newAuthenticator(t, always(claims(), nil), middleware.WithErrorHandler(c.handler))
			srv := httptest.NewServer(auth.Required(hello)) // a recorder takes an early hint for the answer
			defer srv.Close()
			client := srv.Client()
			client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			response, err := client.Get(srv.URL)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, read(response)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnErrorHandlerLearnsWhy(t *testing.T) {
	var status int
	var failure error
	why := middleware.WithErrorHandler(func(_ http.ResponseWriter, _ *http.Request, s int, err error) { status, failure = s, err })
	for _, c := range []struct {
		name   string
		v      validator
		r      *http.Request
		status int
		is     error
		text   string
	}{
		{"no token", nil, get(nil), 401, picket.ErrAuthenticationRequired, "middleware: authentication required: send an access token as Bearer authorization"},
		{"malformed", nil, bearer(""), 400, picket.ErrInvalidRequest, "middleware: the Authorization header has no access token after Bearer"},
		{"bad", always(nil, picket.ErrParameterInvalid), bearer(token), 401, picket.ErrParameterInvalid,
			"middleware: the access token is malformed, forged, expired or for another project; log in again: parameter_invalid"},
		{"denied", func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
			if request.Requirements == nil {
				return claims(), nil
			}
			return nil, picket.ErrParameterInvalid
		}, bearer(token), 403, picket.ErrPermissionDenied, "middleware: the wallet does not meet the requirements: parameter_invalid"},
		{"unavailable", always(nil, fmt.Errorf("%w: Post \"?token=%s\"", context.DeadlineExceeded, token)), bearer(token), 503, context.DeadlineExceeded,
			`middleware: the access token could not be checked; try again later: context deadline exceeded: Post "?token=[redacted]"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.v == nil {
				c.v = always(claims(), nil)
			}
			auth := newAuthenticator(t, c.v, why, silent())
			answerOf(newGate(t, auth, holders)(hello), c.r)
			if status != c.status || !errors.Is(failure, c.is) || failure.Error() != c.text {
				t.Errorf("got %d, %v", status, failure)
			}
		})
	}
}

func TestAnErrorHandlerCanControlTheConnection(t *testing.T) {
	srv := httptest.NewServer(newAuthenticator(t, always(claims(), nil), middleware.WithErrorHandler(func(w http.ResponseWriter, _ *http.Request, status int, _ error) {
		w.WriteHeader(status)
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
	})).Required(hello))
	defer srv.Close()
	response, err := http.Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %s", response.Status)
	}
}

func TestOnlyWhatCouldNotBeCheckedIsLogged(t *testing.T) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	failing := always(nil, fmt.Errorf("%w: token=%s", picket.ErrNoResponse, token))
	const line = `level=WARN msg="picket: an access token could not be checked, and the request was refused" method=GET pattern="GET /{$}" error="no response: token=[redacted]"` + "\n"
	for _, c := range []struct {
		name string
		v    validator
		r    *http.Request
		want string
	}{
		{"let through", always(claims(), nil), bearer(token), ""},
		{"no token", failing, get(nil), ""},
		{"malformed", failing, bearer(""), ""},
		{"bad", always(nil, picket.ErrParameterInvalid), bearer(token), ""},
		{"could not be checked", failing, bearer(token), line},
		{"the client is gone", failing, bearer(token).WithContext(gone), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			}}))
			mux := http.NewServeMux()
			mux.Handle("GET /{$}", newAuthenticator(t, c.v, middleware.WithLogger(logger)).Required(hello))
			answerOf(mux, c.r)
			if diff := cmp.Diff(c.want, log.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestACacheThatIsSharedIsUsedAsItIs(t *testing.T) {
	v, asked := counting(always(claims(), nil))
	cache := newCache(t, v)
	first, second := newAuthenticator(t, cache), newAuthenticator(t, cache, middleware.WithRealm("other"))
	validate(t, cache, token)
	for _, auth := range []*middleware.Authenticator{first, second} {
		if diff := cmp.Diff(let, answerOf(auth.Required(hello), bearer(token))); diff != "" {
			t.Error(diff)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("it was asked %d times, not once", asked.Load())
	}
}

// TestClaimsThatOthersHaveOpenNoGate changes those that the Validator returned and, against the documentation, those
// that a shared cache did.
func TestClaimsThatOthersHaveOpenNoGate(t *testing.T) {
	theirs := holder()
	cache := newCache(t, validator(func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
		if request.Requirements != nil {
			return nil, picket.ErrPermissionDenied
		}
		return theirs, nil
	}))
	lent, err := cache.Validate(t.Context(), picket.ValidateRequest{AccessToken: token})
	if err != nil {
		t.Fatal(err)
	}
	gate := newGate(t, newAuthenticator(t, cache), picket.Requirements{ContractAddress: contract, MinTokenBalance: "1000"})
	for name, payload := range map[string]*picket.AccessTokenPayload{"the validator's": theirs, "a caller's": lent} {
		payload.TokenBalances.ContractAddress[contract] = "1000"
		if diff := cmp.Diff(denied, answerOf(gate(hello), bearer(token))); diff != "" {
			t.Error(name, diff)
		}
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	v := always(claims(), nil)
	cache := newCache(t, v)
	for name, made := range map[string]func() (*middleware.Authenticator, error){
		"no validator":              func() (*middleware.Authenticator, error) { return middleware.New(nil) },
		"a nil cache":               func() (*middleware.Authenticator, error) { return middleware.New((*middleware.Cache)(nil)) },
		"Remote(nil)":               func() (*middleware.Authenticator, error) { return middleware.New(middleware.Remote(nil)) },
		"a nil option":              func() (*middleware.Authenticator, error) { return middleware.New(v, nil) },
		"a cookie without a name":   func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithCookie("")) },
		"a cookie with a bad name":  func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithCookie("a b")) },
		"an empty realm":            func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithRealm("")) },
		"a realm with a quote":      func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithRealm(`a"b`)) },
		"a realm with a line break": func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithRealm("a\r\nb: c")) },
		"no logger":                 func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithLogger(nil)) },
		"no error handler":          func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithErrorHandler(nil)) },
		"a bad option of the cache": func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithCacheSize(-1)) },
		"an option for a cache that has its own": func() (*middleware.Authenticator, error) {
			return middleware.New(cache, middleware.WithCacheSize(1))
		},
	} {
		if auth, err := made(); auth != nil || err == nil {
			t.Errorf("%s: got %v, %v", name, auth, err)
		}
	}
}

func TestANilHandlerPanicsAsInNetHTTP(t *testing.T) {
	auth := newAuthenticator(t, always(claims(), nil))
	for name, wrap := range map[string]func(http.Handler) http.Handler{
		"required": auth.Required, "optional": auth.Optional, "gate": newGate(t, auth, holders),
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s does not panic", name)
				}
			}()
			wrap(nil)
		}()
	}
}
