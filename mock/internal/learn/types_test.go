package learn_test

import (
	"slices"
	"testing"
)

// kinds are a value of each type, and how a proposal says it.
var kinds = []struct {
	kind, words string
	value       any
}{
	{"string", "a string", "some text, and more"},
	{"integer", "an integer", 42},
	{"number", "a number", 4.5},
	{"boolean", "a boolean", false},
	{"array", "a list", []any{"a b"}},
	{"object", "an object", object{"some": "text of it", "other": 1}},
	{"null", "null", nil},
}

func TestEveryOtherTypeOfAValueIsProposed(t *testing.T) {
	places := []struct {
		subject  string
		exchange func(func(object)) exchange
		property string
		accepts  []string
	}{
		{"NonceResponse.format", nonce, "format", []string{"string"}},
		{"AuthResponse.user", auth, "user", []string{"object"}},
		{"AuthResponse.accessToken", auth, "accessToken", []string{"string"}},
		{"AuthenticatedUser.tokenBalances", validate, "tokenBalances", []string{"object"}},
		{"AuthenticatedUser.tokenIds", validate, "tokenIds", []string{"string", "array"}},
		{"AccessTokenPayload.iat", validate, "iat", []string{"integer"}},
		{"AccessTokenPayload.ver", validate, "ver", []string{"integer"}},
		{"AccessTokenPayload.email", validate, "email", []string{"string"}},
		{"TokenOwnershipResponse.allowed", ownership, "allowed", []string{"boolean"}},
		{"TokenOwnershipResponse.tokenBalance", ownership, "tokenBalance", []string{"string"}},
		{"ChainsResponse.data", chains, "data", []string{"array"}},
		{"ChainInfo.chainId", chain, "chainId", []string{"integer"}},
		{"OpenIDConfiguration.scopes_supported", configuration, "scopes_supported", []string{"array"}},
	}
	var all []difference
	for _, other := range kinds {
		d := difference{name: other.kind}
		for _, place := range places {
			if slices.Contains(place.accepts, other.kind) {
				continue
			}
			d.traffic = append(d.traffic, times(3, place.exchange(nil), place.exchange(func(answer object) { answer[place.property] = other.value }))...)
			want := place.subject + ": may also be " + other.words
			if other.kind == "null" {
				want = place.subject + ": may be null"
			}
			d.says = append(d.says, want)
		}
		all = append(all, d)
	}
	checkAll(t, all)
}
