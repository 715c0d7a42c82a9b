package oauth

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/internal/check"
	"github.com/seed-a13ee279/picket/picket/loopback"
)

var publishableKey = regexp.MustCompile(`^pk_[A-Za-z0-9_-]+$`)

// checkClientID says nothing of the key: it may be a secret one.
func checkClientID(id string) error {
	bare := strings.TrimFunc(id, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	switch {
	case id == "":
		return errors.New("ClientID is empty; it is the project's publishable key")
	case strings.HasPrefix(strings.ToLower(bare), "sk_"):
		return errors.New("ClientID is a secret key, which every user would see; use the project's publishable key, which begins with pk_")
	case !publishableKey.MatchString(id):
		if err := check.Setting("ClientID", id); err != nil {
			return err
		}
		return errors.New("ClientID is not a publishable key, which begins with pk_")
	}
	return nil
}

// checkURL refuses what is not an absolute https URL, or an http URL, of this machine unless insecureHTTP is set. Of a value
// that is none it says nothing: it may be a secret that was taken for the URL.
func checkURL(what, raw string, insecureHTTP bool) error {
	if raw == "" {
		return fmt.Errorf("%s is empty; it is an absolute https URL", what)
	}
	if err := check.Setting(what, raw); err != nil {
		return err
	}
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
		return fmt.Errorf("%s is not an absolute https URL, such as https://shop.example/callback", what)
	case strings.Contains(raw, "#"):
		return fmt.Errorf("%s, on %s, has a fragment, and must have none", what, u.Host)
	case u.Scheme == "http" && !insecureHTTP && !loopback.Is(u.Hostname()):
		return fmt.Errorf("%s is http://%s, and http is for localhost and loopback addresses; use https, or allow it in a private network by Config.InsecureHTTP", what, u.Host)
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

func checkChain(chain string) error {
	switch chain {
	case "":
		return errors.New("the chain is empty; name the one that users are to log in on, such as ethereum, or write picket.AnyChain")
	case picket.AnyChain:
		return nil
	}
	return check.Slug("the chain", chain)
}
