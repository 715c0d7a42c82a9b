package api

import (
	"errors"
	"net/http"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

// explainEmpty returns the refusal of a wallet with the cause that clients overlook: a generated client of an older contract sends every
// list that its program did not set, as an empty one. It does so only where such lists are all that the requirements have, so that they
// let nobody in.
func explainEmpty(moved []spec.Moved, requirements *picket.Requirements, err error) error {
	var refused *refusal.Error
	if !errors.As(err, &refused) || refused.Status != http.StatusForbidden || requirements == nil || !emptyOnly(*requirements) {
		return err
	}
	i := slices.IndexFunc(moved, func(m spec.Moved) bool { return m.Empty })
	if i < 0 {
		return err
	}
	return refusal.PermissionDenied("%s at the top level is superseded by %s and is empty, so nobody would get in; leave it out",
		moved[i].Given, moved[i].Present)
}

// emptyOnly reports whether requirements name no wallet and no token.
func emptyOnly(r picket.Requirements) bool {
	return len(r.AllowedWallets)+len(r.TokenIDs)+len(r.Collection) == 0 &&
		r.ContractAddress == "" && r.CreatorAddress == ""
}
