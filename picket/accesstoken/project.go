package accesstoken

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// uuid is the text form of RFC 9562 section 4.
var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// checkProjectID names the cause of what is no project ID. It shows none: it may be a key.
func checkProjectID(id string, skipAudience bool) error {
	has := func(is func(rune) bool) bool { return strings.ContainsFunc(id, is) }
	switch {
	case skipAudience && id != "":
		return errors.New("there is a project ID, and InsecureSkipAudience, which would ignore it; leave one out")
	case skipAudience || uuid.MatchString(id):
		return nil
	case id == "":
		return errors.New("the project ID is empty, so the tokens of every project would be let in; is a value that it was read from empty?")
	case !utf8.ValidString(id):
		return errors.New("the project ID is not UTF-8")
	case strings.HasPrefix(id, "$") || strings.HasPrefix(id, "%"):
		return errors.New("the project ID is the name of a variable, not its value; whatever should have replaced it did not")
	case strings.ContainsAny(id[:1]+id[len(id)-1:], "\"'`"):
		return errors.New("the project ID is in quotes; leave them out, also where it is set, as in a .env file")
	case has(func(r rune) bool { return unicode.Is(unicode.Cf, r) }):
		return errors.New("the project ID has an invisible character in it, such as a byte order mark or a zero-width space; type it again")
	case has(unicode.IsSpace), has(unicode.IsControl):
		return errors.New("the project ID has a space or a control character in it; is it read from a file or a variable without being trimmed?")
	case strings.HasPrefix(id, "sk_") || strings.HasPrefix(id, "pk_"):
		return errors.New("the project ID is an API key; the ID is the UUID that the project's access tokens have as aud")
	case strings.Contains(id, "://"):
		return errors.New("the project ID is a URL; the ID is the UUID that the project's access tokens have as aud")
	}
	return fmt.Errorf("the project ID, of %d characters, is not a UUID, such as 123e4567-e89b-12d3-a456-426614174000; the project's access tokens have it as aud", utf8.RuneCountInString(id))
}
