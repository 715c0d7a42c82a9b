package login

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

// maxCookieBytes is how long a cookie may be, with name and attributes, so that every browser keeps it (RFC 6265 section 6.1).
const maxCookieBytes = 4096

const (
	sessionName = "session"
	pendingName = "wallet-login"
)

// cookieJar reads and writes the cookies of a site.
type cookieJar struct{ secure bool }

// name returns a cookie's name. A browser accepts a cookie with __Host- only from the site itself, and only over https.
func (j cookieJar) name(base string) string {
	if j.secure {
		return "__Host-" + base
	}
	return base
}

// values returns the values of all cookies with a name. It parses the headers itself, because net/http ignores cookies that it
// cannot parse: of two with the name, one would win.
func (j cookieJar) values(r *http.Request, base string) []string {
	var values []string
	for _, header := range r.Header["Cookie"] {
		for pair := range strings.SplitSeq(header, ";") {
			name, value, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
			if strings.TrimRight(name, " \t") == j.name(base) {
				values = append(values, strings.Trim(value, " \t"))
			}
		}
	}
	return values
}

// value returns the value of the cookie with a name, or "" if there is none.
//
// Errors: picket.ErrInvalidArgument when there are several.
func (j cookieJar) value(r *http.Request, base string) (string, error) {
	values := j.values(r, base)
	switch len(values) {
	case 0:
		return "", nil
	case 1:
		return values[0], nil
	}
	return "", fmt.Errorf("%w: there are several cookies with the name %s; send one", picket.ErrInvalidArgument, j.name(base))
}

// set sets a cookie that scripts cannot read, for one second or longer. It fails if browsers would drop the cookie.
func (j cookieJar) set(w http.ResponseWriter, base, value string, sameSite http.SameSite, now, expires time.Time) error {
	cookie := j.empty(base, sameSite)
	cookie.Value = value
	cookie.Expires = expires
	cookie.MaxAge = int(expires.Sub(now) / time.Second)
	if n := len(cookie.String()); n > maxCookieBytes {
		return fmt.Errorf("the cookie %s would be %d bytes long, and browsers drop those over %d", cookie.Name, n, maxCookieBytes)
	}
	http.SetCookie(w, cookie)
	return nil
}

// remove has the browser delete a cookie.
func (j cookieJar) remove(w http.ResponseWriter, base string, sameSite http.SameSite) {
	cookie := j.empty(base, sameSite)
	cookie.MaxAge = -1
	http.SetCookie(w, cookie)
}

func (j cookieJar) empty(base string, sameSite http.SameSite) *http.Cookie {
	return &http.Cookie{Name: j.name(base), Path: "/", HttpOnly: true, Secure: j.secure, SameSite: sameSite}
}
