package middleware_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

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
		{"64 KiB and one byte", header("Bearer a.b." + strings.Repeat("c", 64<<10-3)), badToken},
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
			v, asked := counting(func(_ context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
				if string(token) != good {
					t.Errorf("it was asked about %q", string(token))
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
			// Behind Optional only requests without any token are let through, without a user.
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
