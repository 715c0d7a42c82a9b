package mock_test

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
)

// TestAFaultThatSleepsHoldsNoSlotForHeavyWork has more large requests sleep than may be worked on at the same time, while another
// project asks for its journal, which is heavy work.
func TestAFaultThatSleepsHoldsNoSlotForHeavyWork(t *testing.T) {
	const requests = 8
	for name, fault := range map[string]mock.Fault{
		"a delay": {Delay: time.Hour},
		"a drip":  {Kind: mock.FaultDrip, Interval: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t)
			sleeping, wake := context.WithCancel(ctx)
			ended := make(chan struct{}, requests)
			defer func() {
				wake()
				for range requests {
					<-ended
				}
			}()
			fault.Count = requests
			srv.InjectFault(fault)
			for range requests {
				body := `{"walletAddress":"` + someAddress + `"}` + strings.Repeat(" ", 20<<10)
				r, err := http.NewRequestWithContext(sleeping, http.MethodPost, srv.URL+"/auth/nonce", strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Content-Type", "application/json")
				r.SetBasicAuth(srv.SecretKey, "")
				go func() {
					if response, err := http.DefaultClient.Do(r); err == nil { // it is not, when the fault is a delay
						_, _ = io.Copy(io.Discard, response.Body)
						_ = response.Body.Close()
					}
					ended <- struct{}{}
				}()
			}
			other := srv.AddProject()
			asking, giveUp := context.WithTimeout(ctx, 20*time.Second)
			defer giveUp()
			for len(srv.Faults()) > 0 { // until the fault has hit all of them
				if asking.Err() != nil {
					t.Fatal("not all of the requests get as far as the fault")
				}
				runtime.Gosched()
			}
			r, err := http.NewRequestWithContext(asking, http.MethodGet, strings.TrimSuffix(srv.URL, "/api/v1")+"/_mock/journal", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.SetBasicAuth(other.SecretKey, "")
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != http.StatusOK {
				t.Errorf("got %s", response.Status)
			}
		})
	}
}
