package drift_test

import (
	"fmt"
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

func set(name string, value any) change { return func(a *answer) { a.Body[name] = value } }

func drop(name string) change { return func(a *answer) { delete(a.Body, name) } }

func status(status int) change { return func(a *answer) { a.Status = status } }

func header(name, value string) change { return func(a *answer) { a.Header.Set(name, value) } }

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
	return func(a *answer) { a.Status, a.Body = status, body }
}

type object = map[string]any

const (
	address = "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"
	id      = "141090c4-a563-4855-bab9-747a5d0e7d81"
	moment  = "2026-01-02T03:04:05Z"
)

// difference is a way in which the answers of a path differ from the contract.
type difference struct {
	path   string
	change change
}

// apis are APIs that differ from the contract in many ways each.
var apis = [][]difference{
	{
		// New properties.
		{"/auth/nonce", set("expiresIn", 120)},
		{"/auth/nonce", sometimes(set("hint", "see there"), nil)},
		{"/auth/nonce", sometimes(set("note", "see there"), set("note", nil))},
		{"/auth/nonce", sometimes(set("remark", "see there"), set("remark", 1.5))},
		{"/auth/nonce", set("isNew", true)},
		{"/auth/nonce", set("since", moment)},
		{"/auth/nonce", set("fee", "0.15")},
		{"/auth/nonce", set("owner", address)},
		{"/auth/nonce", sometimes(set("limits", object{"daily": 1, "hourly": 2}), set("limits", object{"daily": 1}))},
		{"/auth/nonce", set("entries", []any{object{"id": id, "final": true}})},
		{"/auth/nonce", set("nothing", []any{})},
		{"/auth/nonce", set("byWallet", object{address: "1.5"})},
		{"/auth/nonce", set(address, "1.5")}, // a name that is data
		{"/auth/nonce", set("chain", object{"chainSlug": "goerli", "chainId": 5, "chainType": "ethereum", "chainName": "Goerli", "authorizationSupported": true})},
		// A renamed one, null, other types, and a further member of an enum.
		{"/chains/polygon", both(drop("chainName"), set("label", "Polygon"))},
		{"/chains/polygon", sometimes(set("publicRPC", nil), nil)},
		{"/chains/polygon", set("chainId", "137")},
		{"/chains/polygon", set("authorizationSupported", "yes")},
		{"/chains/polygon", sometimes(set("chainType", "rollup"), nil)},
		{"/tokenOwnership", set("tokenBalance", 12.5)},
		{"/tokenOwnership", set("tokenBalances", nil)},
		// Headers, codes and statuses.
		{"/chains", sometimes(header("X-Seats-Left", "99"), nil)},
		{"/chains/atlantis", sometimes(set("code", "chain_retired"), nil)},
		{"/chains/atlantis", sometimes(status(http.StatusGone), nil)},
		{"/oauth2/token", both(set("code", "invalid_thing"), set("error", "invalid_thing"))},
		// An operation.
		{"/history", replace(http.StatusOK, object{"total": 2, "entries": []any{object{"at": moment, "amount": "1.5", "final": true}}})},
	},
	{
		{"/auth/nonce", sometimes(status(http.StatusCreated), nil)},
		{"/chains/polygon", sometimes(drop("chainName"), nil)},
		{"/chains/polygon", set("chainSlug", 7)},
		{"/chains/polygon", set("chainId", 7.5)},
		{"/chains/polygon", set("publicRPC", []any{"https://rpc.example.com"})},
		{"/chains/polygon", set("authorizationSupported", object{"en": "yes", "fr": nil})},
		{"/chains", set("data", "none")},
		{"/tokenOwnership", set("tokenBalance", 12)},
		{"/tokenOwnership", set("tokenBalances", []any{object{"id": id, "amount": "1.5"}})},
		{"/chains/atlantis", status(http.StatusGone)},
		{"/history", both(header("X-Next-Page", "https://example.com/next"), sometimes(replace(http.StatusOK, object{"total": 2, "isLast": true}),
			replace(http.StatusOK, object{"total": nil, "byWallet": object{address: object{"amount": 1.5}}})))},
	},
	{
		{"/chains/polygon", replace(http.StatusAccepted, object{"state": "queued", "job": id})},
		{"/chains/atlantis", both(header("Content-Type", "application/problem+json"), set("title", "gone"))},
		{"/history", sometimes(replace(http.StatusOK, object{"total": 2}), replace(http.StatusAccepted, object{"job": id}))},
	},
	{
		{"/chains/polygon", sometimes(replace(http.StatusNoContent, nil), nil)},
	},
}

// changing makes each difference to the answers of its path, unless it leaves it out.
func changing(differences []difference, leavesOut func() bool) func(*answer) {
	return func(a *answer) {
		for _, d := range differences {
			if strings.HasSuffix(a.Path, d.path) && a.Body != nil && !leavesOut() {
				d.change(a)
			}
		}
	}
}

func never() bool { return false }

func TestWhatADriftingMockShowsIsProposedAgain(t *testing.T) {
	for i, differences := range apis {
		t.Run(fmt.Sprint("API ", i), func(t *testing.T) {
			t.Parallel()
			api := mock.Start(t)
			file := observed(t, api, changedAPI(t, api, changing(differences, never)), 24, "")
			want := learned(t, file)
			if len(want.Proposals) < len(differences) {
				t.Fatalf("only %q are proposed", says(want))
			}
			drifting := mock.Start(t, mock.WithDrift("seen.json", file))
			if len(drifting.Drift()) != len(want.Proposals) {
				t.Errorf("the mock plays %q", drifting.Drift())
			}
			got := learned(t, observed(t, drifting, drifting.URL, 24, ""))
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
