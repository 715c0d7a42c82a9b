package picket_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
)

func TestAResponseIsDescribedWhateverCameOfTheCall(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	type headers map[string]string
	for name, test := range map[string]struct {
		status  int
		headers headers
		want    picket.ResponseInfo
	}{
		"nothing of interest": {200, nil, picket.ResponseInfo{Tries: 1}},
		"a success": {
			200, headers{"X-Request-Id": "r-1", "RateLimit-Limit": "100", "RateLimit-Remaining": "7", "RateLimit-Reset": "30"},
			picket.ResponseInfo{RequestID: "r-1", Tries: 1, RateLimit: &picket.RateLimit{Limit: 100, Remaining: 7, Reset: now.Add(30 * time.Second)}},
		},
		"a refusal": {
			404, headers{"X-Request-Id": "r-2", "X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1767323100"},
			picket.ResponseInfo{RequestID: "r-2", Tries: 1, RateLimit: &picket.RateLimit{Limit: 60, Remaining: 0, Reset: time.Unix(1767323100, 0).UTC()}},
		},
		"too many requests": {
			429, headers{"Retry-After": "0"}, picket.ResponseInfo{Tries: 3},
		},
		"a wait": {
			500, headers{"Retry-After": "120"}, picket.ResponseInfo{Tries: 1, RetryAfter: 2 * time.Minute},
		},
		"no number that remains": {200, headers{"RateLimit-Limit": "100", "X-RateLimit-Remaining": "many"}, picket.ResponseInfo{Tries: 1}},
		"the standard's names first": {
			200, headers{"RateLimit-Remaining": "1", "X-RateLimit-Remaining": "2"},
			picket.ResponseInfo{Tries: 1, RateLimit: &picket.RateLimit{Remaining: 1}},
		},
		"numbers that are none": {
			200, headers{"RateLimit-Remaining": " 5 ", "RateLimit-Limit": "-1", "RateLimit-Reset": "99999999999999999999"},
			picket.ResponseInfo{Tries: 1, RateLimit: &picket.RateLimit{Remaining: 5}},
		},
		"a time beyond all": {
			200, headers{"RateLimit-Remaining": "5", "RateLimit-Reset": "9223372036854775807"},
			picket.ResponseInfo{Tries: 1, RateLimit: &picket.RateLimit{Remaining: 5}},
		},
		"secrets": {
			200, headers{"X-Request-Id": "r " + testKey, "Server": sample, "Set-Cookie": "a=b", "Authorization": "x", "X-Other": "y"},
			picket.ResponseInfo{RequestID: "r [redacted]", Tries: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				for name, value := range test.headers {
					w.Header().Set(name, value)
				}
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, `{"data":[]}`)
			}))
			defer server.Close()
			client, err := picket.New(testKey, picket.WithBaseURL(server.URL), picket.WithRetryWait(0, 0), picket.WithClock(func() time.Time { return now }))
			if err != nil {
				t.Fatal(err)
			}
			info := picket.ResponseInfo{StatusCode: 1, RequestID: "of another call", RateLimit: &picket.RateLimit{}}
			_, err = client.Chains(t.Context(), picket.WithResponseInfo(&info))
			if (err == nil) != (test.status == 200) {
				t.Errorf("got %v", err)
			}
			got, want := info.Header, http.Header{"Content-Type": {"application/json"}}
			for name, value := range test.headers {
				switch name {
				case "X-Request-Id":
					want.Set(name, test.want.RequestID)
				case "Server":
					want.Set(name, "[redacted]")
				case "Set-Cookie", "Authorization", "X-Other":
				default:
					want.Set(name, value)
				}
			}
			got.Del("Date")
			if name == "numbers that are none" {
				want.Set("RateLimit-Remaining", "5") // the space is taken off on the way
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			info.Header, test.want.StatusCode = nil, test.status
			if diff := cmp.Diff(test.want, info); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheInfoOfACallWithoutAResponseIsEmpty(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	client, err := picket.New(testKey, picket.WithBaseURL(server.URL), picket.WithRetryWait(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	old := picket.ResponseInfo{StatusCode: 200, RequestID: "of another call", Tries: 1}
	info := old
	if _, err := client.Chains(t.Context(), picket.WithResponseInfo(&info)); err == nil || !cmp.Equal(info, picket.ResponseInfo{Tries: 3}) {
		t.Errorf("no server: got %v, %+v", err, info)
	}
	info = old
	if _, err := client.Chain(t.Context(), "../x", picket.WithResponseInfo(&info)); err == nil || !cmp.Equal(info, picket.ResponseInfo{}) {
		t.Errorf("an invalid argument: got %v, %+v", err, info)
	}
	info = old
	if _, err := client.Chains(t.Context(), picket.WithTimeout(-1), nil, picket.WithResponseInfo(&info)); err == nil || !cmp.Equal(info, picket.ResponseInfo{}) {
		t.Errorf("invalid options in front of it: got %v, %+v", err, info)
	}
	info = old
	if _, err := (*picket.Client)(nil).Chains(t.Context(), picket.WithResponseInfo(&info)); err == nil || !cmp.Equal(info, picket.ResponseInfo{}) {
		t.Errorf("no client: got %v, %+v", err, info)
	}
}

func TestAResponseIsNotDescribedByHeadersWithASecretInTheirNames(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-RateLimit-"+testKey, "1")
		w.Header().Set("X-RateLimit-Policy", "1")
		_, _ = io.WriteString(w, `{"data":[]}`)
	}))
	defer server.Close()
	client, err := picket.New(testKey, picket.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	var info picket.ResponseInfo
	_, err = client.Chains(t.Context(), picket.WithResponseInfo(&info))
	if _, known := info.Header["X-Ratelimit-Policy"]; err != nil || !known || strings.Contains(strings.ToLower(fmt.Sprint(info)), testKey) {
		t.Errorf("got %v, %+v", err, info)
	}
}
