package picket

import (
	"errors"
	"strings"
	"unicode"

	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// checkAPIKey refuses a text that cannot be the API key of a project. Its errors do not show it.
func checkAPIKey(key string) error {
	if err := check.Setting("the API key", key); err != nil {
		return err
	}
	scheme, _, hasSpace := strings.Cut(key, " ")
	switch {
	case strings.Contains(key, "://"):
		return errors.New("the API key is a URL; are the key and the base URL interchanged?")
	case hasSpace && (strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "Basic")):
		return errors.New("the API key has an authorization scheme in front of it, which New adds itself; give the key only")
	case strings.ContainsAny(key, " :"):
		return errors.New("the API key has a space or a colon in it, which no key has")
	case strings.ContainsFunc(key, func(r rune) bool { return r > unicode.MaxASCII }):
		return errors.New("the API key has a letter in it that is not ASCII, which no key has; type it again instead of copying it")
	case strings.HasPrefix(key, "eyJ") && strings.Count(key, ".") == 2:
		return errors.New("the API key is an access token, which belongs to a user; a key is of the project (sk_… on servers)")
	}
	return nil
}
