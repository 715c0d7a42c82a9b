package accesstoken

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// uuid is the text form of RFC 9562 section 4.
var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// checkProjects returns the project IDs as they are compared with aud. No ID at all is only for skipAudience.
func checkProjects(ids []string, skipAudience bool) ([]string, error) {
	if skipAudience {
		if slices.ContainsFunc(ids, func(id string) bool { return id != "" }) {
			return nil, errors.New("there is a project ID, which WithInsecureSkipAudience would ignore; leave one out")
		}
		return nil, nil
	}
	if len(ids) == 0 {
		return nil, errors.New("there is no project ID, so the tokens of every project would be let in; give at least one")
	}
	projects := make([]string, len(ids))
	for i, id := range ids {
		err := checkProjectID(id)
		projects[i] = strings.ToLower(id)
		if err == nil && slices.Contains(projects[:i], projects[i]) {
			err = errors.New("the project ID is there twice")
		}
		if err != nil && len(ids) > 1 {
			err = fmt.Errorf("project %d of %d: %w", i+1, len(ids), err)
		}
		if err != nil {
			return nil, err
		}
	}
	return projects, nil
}

// checkProjectID says why an ID is not that of a project. It never shows it, because it may be a key.
func checkProjectID(id string) error {
	switch {
	case uuid.MatchString(id):
		return nil
	case id == "":
		return errors.New("the project ID is empty, so the tokens of every project would be let in; is the variable that it was read from set?")
	}
	if !uuid.MatchString(strings.Trim(id, "{}")) {
		if err := check.Setting("the project ID", id); err != nil {
			return err
		}
	}
	switch {
	case strings.HasPrefix(id, "sk_") || strings.HasPrefix(id, "pk_"):
		return errors.New("the project ID is an API key; the ID is the UUID in aud of the project's access tokens")
	case strings.Contains(id, "://"):
		return errors.New("the project ID is a URL; the ID is the UUID in aud of the project's access tokens")
	}
	return fmt.Errorf("the project ID, of %d characters, is not a UUID, such as 123e4567-e89b-12d3-a456-426614174000; it is in aud of the project's access tokens", utf8.RuneCountInString(id))
}
