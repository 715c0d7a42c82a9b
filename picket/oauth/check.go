package oauth

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/seed-a13ee279/picket/picket"
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
		if err := checkSource("ClientID", id); err != nil {
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
	if err := checkSource(what, raw); err != nil {
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

// What values look like that were meant to be replaced by others, and a line of a file that sets a variable.
var (
	reference   = regexp.MustCompile(`^(\$|%[A-Za-z_]|\{\{)`)
	placeholder = regexp.MustCompile(`^(<.*>|\[.*\]|\{.*\}|\.\.\.|.*…)$`)
	assignment  = regexp.MustCompile(`^(export\s+)?[A-Z][A-Z0-9_]*\s*=`)
)

// checkSource refuses a value that shows how it was taken the wrong way from an environment variable or a file. It does not
// show the value.
func checkSource(what, value string) error {
	hidden := strings.IndexFunc(value, isHidden)
	switch {
	case strings.HasPrefix(value, "\uFEFF"):
		return fmt.Errorf("%s begins with a byte order mark; save the file that it comes from without one", what)
	case hidden >= 0:
		return fmt.Errorf("%s has the invisible character %U in it; type it again instead of copying it", what, []rune(value[hidden:])[0])
	case strings.TrimSpace(value) != value:
		return fmt.Errorf("%s has a space or a line break around it; trim it", what)
	case strings.TrimFunc(value, isQuote) != value:
		return fmt.Errorf("%s has a quotation mark around it, which belongs to the file or the shell that it comes from; leave it out", what)
	case assignment.MatchString(value):
		return fmt.Errorf("%s is a whole line that sets a variable; only what stands after the = is meant", what)
	case reference.MatchString(value):
		return fmt.Errorf("%s is the name of a variable and not its value; is it read where variables are not replaced?", what)
	case placeholder.MatchString(value):
		return fmt.Errorf("%s is a placeholder; put your own in its place", what)
	}
	return nil
}

func isQuote(r rune) bool {
	return strings.ContainsRune("\"'`´‚„", r) || unicode.In(r, unicode.Pi, unicode.Pf)
}

// isHidden reports whether a character takes no place or changes the direction of others, and so goes unseen.
func isHidden(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
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

// slug is what the name of a chain looks like: users log in on chains in one spelling only.
var slug = regexp.MustCompile(`^[a-z0-9._-]*[a-z][a-z0-9._-]*$`)

func checkChain(chain string) error {
	switch {
	case chain == "":
		return errors.New("the chain is empty; name the one that users are to log in on, such as ethereum, or write picket.AnyChain")
	case chain != picket.AnyChain && !slug.MatchString(chain):
		return fmt.Errorf("the chain is %q, which is not the slug of a chain, such as ethereum or polygon", chain)
	}
	return nil
}
