package picket_test

import "github.com/seed-a13ee279/picket/picket"

// Lists of strings in requirements are plain slices, so that callers need no conversion for any use of them.
var (
	requirements picket.Requirements
	_            = []*[]string{&requirements.TokenIDs, &requirements.AllowedWallets}
)
