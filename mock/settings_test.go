package mock_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

// TestAProjectCanTurnOffWhatTheDefaultProjectTurnsOn adds projects by the configuration and over HTTP.
func TestAProjectCanTurnOffWhatTheDefaultProjectTurnsOn(t *testing.T) {
	srv := mock.Start(t, mock.WithConfig("picket.yaml", []byte(`
projects:
  - {reusableNonces: true, unknownProperties: true}
  - {reusableNonces: false, unknownProperties: false}
  - {}
`)))
	for _, body := range []string{`{"reusableNonces":false,"unknownProperties":false}`, `{}`} {
		if got := control(t, srv, "", "POST", "/projects", body, nil); got.status != http.StatusCreated {
			t.Fatalf("got %d %s", got.status, got.body)
		}
	}
	projects := srv.Projects()
	for i, want := range []bool{true, false, true, false, true} {
		client := newClient(t, srv, projects[i].SecretKey)
		request := mock.NewEthereumWallet(t).AuthRequest(t, client)
		_, first := client.Auth(ctx, request)
		_, second := client.Auth(ctx, request)
		if first != nil || (second == nil) != want {
			t.Errorf("project %d: the logins with one nonce end with %v and %v", i, first, second)
		}
		got := send(t, srv, projects[i].SecretKey, "POST", "/auth/nonce", fmt.Sprintf(`{"walletAddress":%q,"zzz":1}`, someAddress))
		if (got.status == http.StatusOK) != want {
			t.Errorf("project %d: an unknown property is answered with %d %s", i, got.status, got.body)
		}
	}
}

func TestControlRefusesUnknownNamesInEveryProject(t *testing.T) {
	srv := mock.Start(t, mock.WithUnknownProperties())
	control(t, srv, "", "POST", "/reset", `{"part":["faults"]}`, nil).want(t, http.StatusBadRequest, "parameter_invalid", `did you mean "parts"?`)
}
