package mock_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

// event is a server-sent event.
type event struct{ id, name, data string }

// follow returns a function that returns the next event of a journal.
func follow(t *testing.T, url, key, lastID string) (next func() event, stop func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(url, "/api/v1")+"/_mock/journal/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		request.SetBasicAuth(key, "")
	}
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); _ = response.Body.Close() })
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/event-stream" || response.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("got %s %v", response.Status, response.Header)
	}
	lines := bufio.NewScanner(response.Body)
	return func() (e event) {
		t.Helper()
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ":")
			value = strings.TrimPrefix(value, " ")
			switch {
			case lines.Text() == "" && e != event{}:
				return e
			case name == "id":
				e.id = value
			case name == "event":
				e.name = value
			case name == "data":
				e.data = value
			}
		}
		return event{name: "end"}
	}, stop
}

func TestAJournalIsFollowed(t *testing.T) {
	srv := mock.Start(t)
	other := srv.AddProject()
	chains := func(key string) { roundTrip(t, srv, key, "GET", "/chains", "") }
	chains(srv.SecretKey)
	next, _ := follow(t, srv.URL, "", "")
	of, _ := follow(t, srv.URL, other.SecretKey, "")
	first := next()
	var exchange struct {
		Number    int
		Operation string
	}
	if err := json.Unmarshal([]byte(first.data), &exchange); err != nil || first.id != "1" || exchange.Number != 1 || exchange.Operation != "chains" {
		t.Errorf("got %+v, %v", first, err)
	}
	chains(other.SecretKey)
	chains(srv.SecretKey)
	if got := next(); got.id != "2" {
		t.Errorf("got %+v", got)
	}
	if got := of(); got.id != "1" {
		t.Errorf("the other project has %+v", got)
	}
	resumed, _ := follow(t, srv.URL, "", "1")
	if got := resumed(); got.id != "2" {
		t.Errorf("after the first came %+v", got)
	}
	srv.Reset()
	if got := next(); got.name != "reset" {
		t.Errorf("after the reset came %+v", got)
	}
	chains(srv.SecretKey)
	if got := next(); got.id != "1" || got.name != "" {
		t.Errorf("after the reset came %+v", got)
	}
	late, _ := follow(t, srv.URL, "", "12")
	if got := late(); got.name != "reset" {
		t.Errorf("with the number of another journal came %+v", got)
	}
	if got := control(t, srv, "", "HEAD", "/journal/events", "", nil); got.status != http.StatusOK {
		t.Errorf("HEAD is answered with %d", got.status)
	}
}

func TestFollowersDoNotKeepTheMockFromStopping(t *testing.T) {
	address, stop, stopped := served(t)
	next, _ := follow(t, "http://"+address, "", "")
	stop()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if got := next(); got.name != "end" {
		t.Errorf("got %+v", got)
	}
}

func TestFollowersAreBounded(t *testing.T) {
	srv := mock.Start(t)
	roundTrip(t, srv, "", "GET", "/chains", "")
	var stops []func()
	for range 32 {
		next, stop := follow(t, srv.URL, "", "")
		next() // it follows by now
		stops = append(stops, stop)
	}
	if got := control(t, srv, "", "GET", "/journal/events", "", nil); got.status != http.StatusTooManyRequests || !strings.Contains(got.body, "32") {
		t.Errorf("the next one gets %d %s", got.status, got.body)
	}
	for _, stop := range stops {
		stop()
	}
	for range 100 { // until the mock noticed
		if got := control(t, srv, "", "HEAD", "/journal/events", "", nil); got.status == http.StatusOK {
			return
		}
	}
	t.Error("after all went away, there is still no room")
}

func TestATestWalletSignsAnyText(t *testing.T) {
	srv := mock.Start(t)
	for _, w := range srv.TestWallets() {
		var got struct{ Signature string }
		body, err := json.Marshal(map[string]string{"chain": w.Chain, "address": w.Address, "message": "Hello\n"})
		if err != nil {
			t.Fatal(err)
		}
		control(t, srv, "", "POST", "/wallets/sign", string(body), &got)
		if want := string(w.Sign("Hello\n")); got.Signature != want {
			t.Errorf("%s: got %q, want %q", w.Address, got.Signature, want)
		}
	}
	for name, body := range map[string]string{
		"not a test wallet":   `{"address":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8","message":"Hello"}`,
		"not on this chain":   `{"chain":"solana","address":"` + srv.TestWallets()[0].Address + `","message":"Hello"}`,
		"not a chain":         `{"chain":"mars","address":"` + srv.TestWallets()[0].Address + `","message":"Hello"}`,
		"not at all a wallet": `{"address":"x","message":"Hello"}`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := control(t, srv, "", "POST", "/wallets/sign", body, nil); got.status != http.StatusNotFound || !strings.Contains(got.body, "msg") {
				t.Errorf("got %d %s", got.status, got.body)
			}
		})
	}
}
