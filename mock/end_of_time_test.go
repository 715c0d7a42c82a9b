package mock_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
)

// TestAClockThatRunsPastTheYear9999 lets one run to a time that JSON cannot say.
func TestAClockThatRunsPastTheYear9999(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	srv := mock.Start(t, mock.WithClock(func() time.Time { return now }))
	end := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	srv.SetTime(end)
	srv.RunClock()
	now = now.Add(time.Hour)
	mock.NewEthereumWallet(t).Login(t, newClient(t, srv, srv.SecretKey))
	for _, path := range []string{"/clock", "/journal"} {
		if got := control(t, srv, "", "GET", path, "", nil); got.status != http.StatusOK {
			t.Errorf("%s: got %d %s", path, got.status, got.body)
		}
	}
	if got := srv.Now(); got.Year() != 9999 || got.Before(end) {
		t.Errorf("it is %v", got)
	}
}

func TestALanguageHasOneStatement(t *testing.T) {
	if _, err := mock.New(mock.WithStatements(map[string]string{"": "a", "de": "b", "DE": "c"})); err == nil {
		t.Error("there may be two")
	}
}
