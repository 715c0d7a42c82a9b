package drift_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/learn"
)

// change changes an answer whose body is an object.
type change func(a *answer)

func set(name string, value any) change { return func(a *answer) { a.body[name] = value } }

func drop(name string) change { return func(a *answer) { delete(a.body, name) } }

func status(status int) change { return func(a *answer) { a.status = status } }

func header(name, value string) change { return func(a *answer) { a.header.Set(name, value) } }

func both(first, second change) change {
	return func(a *answer) { first(a); second(a) }
}

// sometimes makes a change to every other answer, and another one, if there is one, to those in between.
func sometimes(first, second change) change {
	return func(a *answer) {
		if a.number%2 == 0 {
			first(a)
		} else if second != nil {
			second(a)
		}
	}
}

// replace is another body.
func replace(status int, body map[string]any) change {
	return func(a *answer) { a.status, a.body = status, body }
}

type object = map[string]any

const (
	address = "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"
	id      = "141090c4-a563-4855-bab9-747a5d0e7d81"
	moment  = "2026-01-02T03:04:05Z"
)

// differences are ways in which the answers of a path can differ from the contract.
var differences = []struct {
	name, path string
	change     change
}{
	{"a new property", "/auth/nonce", set("expiresIn", 120)},
	{"a new one that is not always there", "/auth/nonce", sometimes(set("note", "see there"), nil)},
	{"a new one that may be null", "/auth/nonce", sometimes(set("note", "see there"), set("note", nil))},
	{"a new one of two types", "/auth/nonce", sometimes(set("note", "see there"), set("note", 1.5))},
	{"a new boolean", "/auth/nonce", set("isNew", true)},
	{"a new date", "/auth/nonce", set("since", moment)},
	{"a new amount", "/auth/nonce", set("fee", "0.15")},
	{"a new address", "/auth/nonce", set("owner", address)},
	{"a new object", "/auth/nonce", sometimes(set("limits", object{"daily": 1, "hourly": 2}), set("limits", object{"daily": 1}))},
	{"a new list", "/auth/nonce", set("entries", []any{object{"id": id, "final": true}})},
	{"a new list that is empty", "/auth/nonce", set("entries", []any{})},
	{"a new map", "/auth/nonce", set("byWallet", object{address: "1.5"})},
	{"names that are data", "/auth/nonce", set(address, "1.5")},
	{"a new object of the contract", "/auth/nonce",
		set("chain", object{"chainSlug": "x", "chainId": 1, "chainType": "ethereum", "chainName": "X", "authorizationSupported": true})},
	{"a dropped property", "/chains/polygon", drop("chainName")},
	{"one that is not always there", "/chains/polygon", sometimes(drop("chainName"), nil)},
	{"a renamed one", "/chains/polygon", both(drop("chainName"), set("label", "Polygon"))},
	{"null", "/chains/polygon", sometimes(set("chainName", nil), nil)},
	{"a number for a string", "/chains/polygon", set("chainName", 7)},
	{"a fraction for a string", "/chains/polygon", set("chainName", 7.5)},
	{"a fraction for a decimal", "/tokenOwnership", set("tokenBalance", 12.5)},
	{"a whole number for a decimal", "/tokenOwnership", set("tokenBalance", 12)},
	{"null for an object", "/tokenOwnership", set("tokenBalances", nil)},
	{"a list for an object", "/tokenOwnership", set("tokenBalances", []any{object{"id": id, "amount": "1.5"}})},
	{"a string for a number", "/chains/polygon", set("chainId", "137")},
	{"a string for a boolean", "/chains/polygon", set("authorizationSupported", "yes")},
	{"a list for one value", "/chains/polygon", set("chainName", []any{"Polygon"})},
	{"an object for one value", "/chains/polygon", set("chainName", object{"en": "Polygon", "fr": nil})},
	{"one value for a list", "/chains", set("data", "none")},
	{"a further member of an enum", "/chains/polygon", sometimes(set("chainType", "rollup"), nil)},
	{"a further error code", "/chains/atlantis", sometimes(set("code", "chain_retired"), nil)},
	{"an error code of OAuth", "/oauth2/token", both(set("code", "invalid_thing"), set("error", "invalid_thing"))},
	{"a further header", "/chains", sometimes(header("X-Ratelimit-Remaining", "99"), nil)},
	{"a further status of an error", "/chains/atlantis", sometimes(status(http.StatusGone), nil)},
	{"another status of an error", "/chains/atlantis", status(http.StatusGone)},
	{"a further status of a success", "/auth/nonce", sometimes(status(http.StatusCreated), nil)},
	{"one with another body", "/chains/polygon", replace(http.StatusAccepted, object{"state": "queued", "job": id})},
	{"one without a body", "/chains/polygon", sometimes(replace(http.StatusNoContent, nil), nil)},
	{"a further media type", "/chains/atlantis", both(header("Content-Type", "application/problem+json"), set("title", "gone"))},
	{"an operation", "/history", replace(http.StatusOK, object{"total": 2, "entries": []any{object{"at": moment, "amount": "1.5", "final": true}}})},
	{"an operation whose answers vary", "/history", both(header("X-Next-Page", "https://example.com/next"),
		sometimes(replace(http.StatusOK, object{"total": 2, "isLast": true}), replace(http.StatusOK, object{"total": nil, "byWallet": object{address: object{"amount": 1.5}}})))},
	{"an operation with two statuses", "/history", sometimes(replace(http.StatusOK, object{"total": 2}), replace(http.StatusAccepted, object{"job": id}))},
}

// at makes a change to the answers of one path.
func at(path string, change change) func(*answer) {
	return func(a *answer) {
		if strings.HasSuffix(a.path, path) {
			change(a)
		}
	}
}

func TestWhatADriftingMockShowsIsProposedAgain(t *testing.T) {
	for _, test := range differences {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			api := mock.Start(t)
			file := observed(t, api, changedAPI(t, api, at(test.path, test.change)), 24, test.path)
			want := learned(t, file)
			if len(want.Proposals) == 0 {
				t.Fatal("the difference was not seen")
			}
			drifting := mock.Start(t, mock.WithDrift("seen.json", file))
			if len(drifting.Drift()) != len(want.Proposals) {
				t.Errorf("the mock plays %q", drifting.Drift())
			}
			got := learned(t, observed(t, drifting, drifting.URL, 24, test.path))
			if diff := cmp.Diff(says(want), says(got)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(changed(t, want), changed(t, got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

var evidence = regexp.MustCompile(`(?m)(?:x-source: "|# )observed: .*$`)

// changed returns the contract with what is proposed, without the evidence and without values that are made up.
func changed(t *testing.T, result *learn.Result) string {
	t.Helper()
	text, err := result.Apply()
	if err != nil {
		t.Fatal(err)
	}
	return evidence.ReplaceAllString(string(text), "")
}
