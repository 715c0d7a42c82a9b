package middleware

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// maxTokenBytes is how long an access token may be, as in package accesstoken.
const maxTokenBytes = 64 << 10

// accessToken returns the access token of a request, or "" if it has none, and whether it came from a session. An ambiguous request
// is refused, whatever else it has.
func (a *Authenticator) accessToken(r *http.Request) (token string, ofSession bool, refused *refusal) {
	token, refused = bearerToken(r.Header["Authorization"])
	switch {
	case token != "" || refused != nil:
		return token, false, refused
	case a.settings.cookie != "":
		token, refused = cookieToken(r.Header["Cookie"], a.settings.cookie)
		return token, false, refused
	case a.settings.session == nil:
		return "", false, nil
	}
	kept, err := a.settings.session.AccessToken(r)
	switch {
	case errors.Is(err, picket.ErrInvalidArgument):
		return "", false, malformed("the session is malformed; log in again").because(err, string(kept))
	case err != nil:
		return "", false, unavailable(err, string(kept))
	}
	return string(kept), true, nil
}

// bearerToken reads Authorization headers (RFC 6750 section 2.1). One of another scheme, such as Basic, is not for this package.
func bearerToken(values []string) (string, *refusal) {
	const scheme = "Bearer"
	switch {
	case len(values) == 0:
		return "", nil
	case len(values) > 1:
		return "", malformed("there are several Authorization headers; send one")
	}
	value := values[0]
	if value == "" || value[0] == ' ' || value[0] == '\t' {
		return "", malformed("the Authorization header has no scheme; send Bearer, a space and the access token")
	}
	// Whatever begins like this is meant for this package, and must not count as missing because something is wrong with it.
	if len(value) < len(scheme) || !strings.EqualFold(value[:len(scheme)], scheme) {
		return "", nil
	}
	rest := value[len(scheme):]
	token := strings.TrimLeft(rest, " ")
	if token == "" {
		return "", malformed("the Authorization header has no access token after Bearer")
	}
	if len(token) == len(rest) {
		return "", malformed("the Authorization header has no space after Bearer")
	}
	return token, nil
}

// cookieToken parses Cookie headers itself, because net/http ignores cookies that it cannot parse: of two with the name, one would
// win.
func cookieToken(headers []string, name string) (string, *refusal) {
	token, found := "", false
	for _, header := range headers {
		for pair := range strings.SplitSeq(header, ";") {
			key, value, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
			if strings.TrimRight(key, " \t") != name {
				continue
			}
			if found {
				return "", malformed("there are several cookies with the access token; send one")
			}
			token, found = value, true
		}
	}
	if found && token == "" {
		return "", malformed("the cookie for the access token is empty")
	}
	return token, nil
}

// isToken68 reports whether s has the syntax of a bearer token: characters of token68, followed by any number of "=".
func isToken68(s string) bool {
	s = strings.TrimRight(s, "=")
	for i := range len(s) {
		if !token68[s[i]] {
			return false
		}
	}
	return s != ""
}

// checkShape refuses what cannot be a JWT, so that garbage costs no call of the API.
func checkShape(token string) error {
	if len(token) > maxTokenBytes {
		return fmt.Errorf("middleware: %w: the access token is longer than %d bytes", picket.CodeParameterInvalid, maxTokenBytes)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 || slices.ContainsFunc(parts, func(part string) bool { return !isBase64URL(part) }) {
		return fmt.Errorf("middleware: %w: the access token is not a JWT, which is three parts of base64url with dots between them", picket.CodeParameterInvalid)
	}
	return nil
}

func isBase64URL(s string) bool {
	for i := range len(s) {
		if !base64URL[s[i]] {
			return false
		}
	}
	return s != ""
}

// The characters of base64url (RFC 4648 section 5) and, with "." "~" "+" "/", of a bearer token (RFC 6750 section 2.1).
var (
	base64URL = charactersOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
	token68   = charactersOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/")
)

func charactersOf(s string) (set [256]bool) {
	for _, c := range []byte(s) {
		set[c] = true
	}
	return set
}
