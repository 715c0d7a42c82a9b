package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

// explainEmpty returns the refusal of a wallet with the cause that clients overlook: an empty list lets nobody in. A generated client of an
// older contract sends every list that its program did not set as an empty one, at the top level of the body. It explains only where
// empty lists are all that the requirements have.
func explainEmpty(moved []spec.Moved, r *picket.Requirements, err error) error {
	var refused *refusal.Error
	if !errors.As(err, &refused) || refused.Status != http.StatusForbidden || r == nil ||
		len(r.AllowedWallets)+len(r.TokenIDs)+len(r.Collection) > 0 || r.ContractAddress != "" || r.CreatorAddress != "" {
		return err
	}
	var lists []string
	for _, m := range moved {
		if m.Empty {
			lists = append(lists, m.Given)
		}
	}
	if len(lists) > 0 {
		return emptyLists(refused, lists, " at the top level of the body")
	}
	for _, list := range []struct {
		name  string
		given bool
	}{{"allowedWallets", r.AllowedWallets != nil}, {"collection", r.Collection != nil}, {"tokenIds", r.TokenIDs != nil}} {
		if list.given {
			lists = append(lists, list.name)
		}
	}
	if len(lists) == 0 {
		return err
	}
	return emptyLists(refused, lists, " in requirements")
}

// emptyLists adds the cause to what the refusal says, because clients look for phrases in that.
func emptyLists(refused *refusal.Error, lists []string, where string) error {
	cause := fmt.Sprintf("%s%s is an empty list, which lets nobody in; leave it out if it is no requirement", lists[0], where)
	if last := len(lists) - 1; last > 0 {
		cause = fmt.Sprintf("%s and %s%s are empty lists, which let nobody in; leave out those that are no requirement", strings.Join(lists[:last], ", "), lists[last], where)
	}
	return refusal.PermissionDenied("%s: %s", refused.Message, cause).Because(refused.Why.Saying(cause))
}
