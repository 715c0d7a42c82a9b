package picket

// TokenRequirements returns a copy of the requirements without AllowedWallets, and reports whether any are left. If none are, the
// chain and the wallet address of a user decide, and a server need not ask the API.
func (g *Gate) TokenRequirements() (Requirements, bool) {
	if g == nil {
		return Requirements{}, false
	}
	r := g.requirements
	r.AllowedWallets = nil
	named := r.ContractAddress != "" || r.CreatorAddress != "" || len(r.TokenIDs) > 0 || len(r.Collection) > 0
	return cloneRequirements(r), named
}
