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

// checkClientID never shows the key, because it may be a secret one.
func checkClientID(id string) error {
	bare := strings.TrimFunc(id, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	switch {
	case id == "":
		return errors.New("the client ID is empty; give the project's publishable key")
	case strings.HasPrefix(strings.ToLower(bare), "sk_"):
		return errors.New("the client ID is a secret key, which every user would see; use the project's publishable key, which begins with pk_")
	case !publishableKey.MatchString(id):
		if err := check.Setting("the client ID", id); err != nil {
			return err
		}
		return errors.New("the client ID is not a publishable key, which begins with pk_")
	}
	return nil
}

// checkURL accepts an absolute https URL, and an http URL if it is of this machine or of a host that insecure allows. It does not show a
// value that is not a URL, because it may be a secret that was given by mistake.
func checkURL(what, raw string, insecure check.InsecureHTTP) error {
	if raw == "" {
		return fmt.Errorf("%s is empty; give an absolute https URL", what)
	}
	if err := check.Setting(what, raw); err != nil {
		return err
	}
	if strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("%s contains a space or a character that is not printable ASCII; percent-encode it", what)
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil: // it quotes the URL, which may hold a password
		return fmt.Errorf("%s is not a URL", what)
	case u.User != nil:
		return fmt.Errorf("%s contains a user or a password", what)
	case u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return fmt.Errorf("%s is not an absolute https URL, such as https://shop.example/callback", what)
	case strings.Contains(raw, "#"):
		return fmt.Errorf("%s, on %s, has a fragment, and must have none", what, u.Host)
	case u.Scheme == "http" && !insecure.Allows(u.Hostname()) && !loopback.Is(u.Hostname()):
		return fmt.Errorf("%s is http://%s, and http is for localhost and loopback addresses; use https, or allow it in a private network with WithInsecureHTTP, or by %s with WithInsecureHTTPFromEnv", what, u.Host, check.EnvInsecureHTTPHosts)
	}
	return nil
}

// scopeToken is scope-token of RFC 6749 section 3.3.
var scopeToken = regexp.MustCompile(`^[!#-[\]-~]+$`)

func checkToken(what, value string) error {
	switch {
	case value == "":
		return fmt.Errorf("%s is empty", what)
	case !scopeToken.MatchString(value):
		return fmt.Errorf("%s contains a space, a quotation mark, a backslash or a character that is not printable ASCII", what)
	}
	return nil
}

func checkChain(chain string) error {
	switch chain {
	case "":
		return errors.New("the chain is empty; name the one that users log in on, such as ethereum, or give picket.AnyChain")
	case picket.AnyChain:
		return nil
	}
	return check.Slug("the chain", chain)
}
