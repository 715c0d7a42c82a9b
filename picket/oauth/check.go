package oauth

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/seed-a13ee279/picket/picket/loopback"
)

var publishableKey = regexp.MustCompile(`^pk_[A-Za-z0-9_-]+$`)

// checkClientID says nothing of the key: it may be a secret one.
func checkClientID(id string) error {
	switch {
	case id == "":
		return errors.New("ClientID is empty; it is the project's publishable key")
	case strings.HasPrefix(strings.ToLower(strings.TrimSpace(id)), "sk_"):
		return errors.New("ClientID is a secret key, which every user would see; use the project's publishable key, which begins with pk_")
	case !publishableKey.MatchString(id):
		return errors.New("ClientID is not a publishable key, which begins with pk_")
	}
	return nil
}

// checkURL refuses what is not an absolute https URL, or an http URL, of this machine unless insecureHTTP is set.
func checkURL(what, raw string, insecureHTTP bool) error {
	if strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("%s has a space or a character in it that is not printable ASCII; percent-encode it", what)
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil: // it quotes the URL, which may hold a password
		return fmt.Errorf("%s is not a URL", what)
	case u.User != nil:
		return fmt.Errorf("%s has a user or a password in it", what)
	case u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return fmt.Errorf("%s %q is not an absolute https URL", what, raw)
	case strings.Contains(raw, "#"):
		return fmt.Errorf("%s %q has a fragment, and must have none", what, raw)
	case u.Scheme == "http" && !insecureHTTP && !loopback.Is(u.Hostname()):
		return fmt.Errorf("%s %q is http, which only localhost and loopback addresses may be; use https", what, raw)
	}
	return nil
}

// scopeToken is that of RFC 6749 section 3.3.
var scopeToken = regexp.MustCompile(`^[!#-[\]-~]+$`)

func checkToken(what, value string) error {
	switch {
	case value == "":
		return fmt.Errorf("%s is empty", what)
	case !scopeToken.MatchString(value):
		return fmt.Errorf("%s has a space, a quote, a backslash or a character in it that is not printable ASCII", what)
	}
	return nil
}
