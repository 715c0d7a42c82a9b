package mock_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
)

// addFlowKey adds a key over HTTP, with further properties.
func addFlowKey(t *testing.T, srv *mock.Server, key mock.FlowKey, further string) answer {
	t.Helper()
	body := fmt.Sprintf(`{"address":%q,"publicKey":%q,"curve":%q%s}`, key.Address, key.PublicKey, key.Curve, further)
	return control(t, srv, "", http.MethodPost, "/flowKeys", body, nil)
}

// TestAFlowKeyLogsInOnlyWithTheWeightOfTheWholeAccount has keys of less weight sign. On Flow, keys act for an account together once their
// weights add up to 1,000, and a login has one signature. Each key takes its turn, so a weight is changed and not added.
func TestAFlowKeyLogsInOnlyWithTheWeightOfTheWholeAccount(t *testing.T) {
	for _, curve := range []string{mock.CurveP256, mock.CurveSecp256k1} {
		srv := mock.Start(t)
		client := newClient(t, srv, srv.SecretKey)
		wallets := []*mock.Wallet{mock.NewFlowWallet(t, srv.Project, curve), mock.NewFlowWallet(t, srv.Project, curve)}
		keys := srv.FlowKeys()
		if keys[0].Address != wallets[0].Address {
			keys[0], keys[1] = keys[1], keys[0]
		}
		wallets[1].Address, keys[1].Address = wallets[0].Address, wallets[0].Address // two keys of one account
		for _, weights := range []struct {
			given  [2]string
			refuse [2]string // what is said of the weight, or nothing where the wallet logs in
		}{
			{[2]string{"", `,"weight":1000`}, [2]string{}},
			{[2]string{`,"weight":500`, `,"weight":500`}, [2]string{"the weight 500", "the weight 500"}},
			{[2]string{`,"weight":999`, `,"weight":1`}, [2]string{"the weight 999", "the weight 1,"}},
			{[2]string{`,"weight":1000`, ""}, [2]string{}},
		} {
			for i, key := range keys {
				if got := addFlowKey(t, srv, key, weights.given[i]); got.status != http.StatusNoContent {
					t.Fatalf("got %d %s", got.status, got.body)
				}
			}
			for i, wallet := range wallets {
				_, err := client.Auth(ctx, wallet.AuthRequest(t, client))
				want := weights.refuse[i]
				if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), "invalid signature: it is by a key with "+want) {
					t.Errorf("%s, key %d with%s: got %v", curve, i, weights.given[i], err)
				}
			}
		}
	}
}

func TestTheWeightOfAFlowKeyIsKept(t *testing.T) {
	const address = "0x1654653399040a61"
	want := []mock.FlowKey{{Address: address, PublicKey: flowKey, Curve: mock.CurveP256, Hash: mock.HashSHA3, Weight: 250}}
	light := mock.FlowKey{Address: address, PublicKey: flowKey, Weight: 250}
	for name, seed := range map[string]func() *mock.Server{
		"in Go": func() *mock.Server {
			srv := mock.Start(t)
			srv.AddFlowKey(light)
			return srv
		},
		"from a state": func() *mock.Server {
			from, into := mock.Start(t), mock.Start(t)
			from.AddFlowKey(light)
			state := control(t, from, from.SecretKey, "GET", "/state", "", nil)
			if got := control(t, into, into.SecretKey, "PUT", "/state", state.body, nil); got.status != http.StatusNoContent {
				t.Errorf("got %d %s", got.status, got.body)
			}
			return into
		},
		"from a configuration": func() *mock.Server {
			return mock.Start(t, mock.WithConfig("picket.yaml", []byte(`projects: [{flowKeys: [{address: "`+address+`", publicKey: `+flowKey+`, weight: 250}]}]`)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, seed().FlowKeys()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAWeightThatNoFlowKeyHasIsRefused(t *testing.T) {
	srv := mock.Start(t)
	key := mock.FlowKey{Address: "0x1654653399040a61", PublicKey: flowKey, Curve: mock.CurveP256}
	for _, weight := range []string{"0", "-1", "1001", "0.5"} {
		if got := addFlowKey(t, srv, key, `,"weight":`+weight); got.status != http.StatusBadRequest || !strings.Contains(got.msg, "weight") {
			t.Errorf("%s over HTTP: got %d %s", weight, got.status, got.body)
		}
		flow := fmt.Sprintf("{address: %q, publicKey: %q, weight: %s}", key.Address, key.PublicKey, weight)
		for name, config := range map[string]string{
			"key":      "projects: [{flowKeys: [" + flow + "]}]",
			"scenario": "scenarios: {light: {stateVersion: 1, flowKeys: [" + flow + "]}}",
		} {
			if _, err := mock.New(mock.WithConfig("picket.yaml", []byte(config))); err == nil || !strings.Contains(err.Error(), "weight") && !strings.Contains(err.Error(), weight) {
				t.Errorf("%s in a %s of a configuration: got %v", weight, name, err)
			}
		}
	}
	for _, weight := range []int{-1, 1001} {
		heavy := key
		heavy.Weight = weight
		func() {
			s, err := mock.New()
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if recover() == nil {
					t.Errorf("%d in Go: it is taken", weight)
				}
			}()
			s.AddFlowKey(heavy)
		}()
	}
	if keys := srv.FlowKeys(); len(keys) > 0 {
		t.Errorf("got %+v", keys)
	}
}
