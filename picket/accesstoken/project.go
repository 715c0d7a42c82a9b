package accesstoken

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// uuid is the text form of RFC 9562 section 4.
var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// checkProjectID names the cause of what is no project ID. It shows none: it may be a key.
func checkProjectID(id string, skipAudience bool) error {
	switch {
	case skipAudience && id != "":
		return errors.New("there is a project ID, and InsecureSkipAudience, which would ignore it; leave one out")
	case skipAudience || uuid.MatchString(id):
		return nil
	case id == "":
		return errors.New("the project ID is empty, so the tokens of every project would be let in; is a value that it was read from empty?")
	}
	if !uuid.MatchString(strings.Trim(id, "{}")) {
		if err := check.Setting("the project ID", id); err != nil {
			return err
		}
	}
	switch {
	case strings.HasPrefix(id, "sk_") || strings.HasPrefix(id, "pk_"):
		return errors.New("the project ID is an API key; the ID is the UUID that the project's access tokens have as aud")
	case strings.Contains(id, "://"):
		return errors.New("the project ID is a URL; the ID is the UUID that the project's access tokens have as aud")
	}
	return fmt.Errorf("the project ID, of %d characters, is not a UUID, such as 123e4567-e89b-12d3-a456-426614174000; the project's access tokens have it as aud", utf8.RuneCountInString(id))
}
