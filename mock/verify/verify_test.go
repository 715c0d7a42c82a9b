package verify_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/verify"
)

func run(t *testing.T, baseURL, secretKey string, options ...verify.Option) *verify.Report {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	report, err := verify.Run(t.Context(), baseURL, secretKey, append(options, verify.WithTransport(transport))...)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// leavesNothing fails a test that leaves a goroutine running.
func leavesNothing(t *testing.T) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
}

func TestTheMockPassesWithNothingSkipped(t *testing.T) {
	leavesNothing(t)
	srv := mock.Start(t)
	for name, options := range map[string][]verify.Option{
		"with a publishable key": {verify.WithPublishableKey(srv.PublishableKey)},
		"without":                nil,
		"at another site":        {verify.WithDomain("shop.example")},
	} {
		t.Run(name, func(t *testing.T) {
			report := run(t, srv.URL, srv.SecretKey, options...)
			report.Check(t)
			if len(report.Checks) < 150 || report.Count(verify.Pass) != len(report.Checks) {
				t.Errorf("%d of %d checks passed", report.Count(verify.Pass), len(report.Checks))
			}
		})
	}
}

// TestAServerMaySendATokenInEitherSpelling drops one of the two spellings from the answers of the token endpoint.
func TestAServerMaySendATokenInEitherSpelling(t *testing.T) {
	leavesNothing(t)
	srv := mock.Start(t)
	for name, dropped := range map[string][]string{
		"Picket's": {"access_token", "token_type", "expires_in"},
		"OAuth's":  {"accessToken", "tokenType", "expiresIn"},
	} {
		t.Run("only "+name, func(t *testing.T) {
			base := behind(t, srv.URL, func(response *http.Response) error {
				if !strings.HasSuffix(response.Request.URL.Path, "/oauth2/token") || response.StatusCode != http.StatusOK {
					return nil
				}
				var fields map[string]any
				if err := json.NewDecoder(response.Body).Decode(&fields); err != nil {
					return err
				}
				for _, name := range dropped {
					delete(fields, name)
				}
				text, err := json.Marshal(fields)
				setBody(response, text)
				return err
			})
			report := run(t, base, srv.SecretKey, verify.WithPublishableKey(srv.PublishableKey))
			report.Check(t)
			if report.Count(verify.Pass) != len(report.Checks) {
				t.Errorf("%d of %d checks passed", report.Count(verify.Pass), len(report.Checks))
			}
		})
	}
}

// TestAServerThatIsNotPicketMockPassesAndSkipsWhatNeedsOne stands for a staging server.
func TestAServerThatIsNotPicketMockPassesAndSkipsWhatNeedsOne(t *testing.T) {
	srv := mock.Start(t)
	base := notPicketMock(t, srv.URL)
	report := run(t, base, srv.SecretKey)
	report.Check(t)
	if report.Count(verify.Pass) < 80 || report.Count(verify.Skip) < 30 {
		t.Errorf("%d passed, %d were skipped", report.Count(verify.Pass), report.Count(verify.Skip))
	}
	for _, check := range report.Checks {
		if check.Result == verify.Skip && check.Reason == "" {
			t.Errorf("%s is skipped for no reason", check.Name)
		}
	}
}

func TestARunThatIsCancelledEnds(t *testing.T) {
	srv := mock.Start(t)
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		if calls++; calls == 20 {
			cancel()
		}
		return http.DefaultTransport.RoundTrip(r)
	})
	report, err := verify.Run(ctx, srv.URL, srv.SecretKey, verify.WithTransport(transport))
	if err != nil {
		t.Fatal(err)
	}
	if report.Count(verify.Pass) == 0 || report.Count(verify.Fail) == 0 {
		t.Errorf("%d passed, %d failed", report.Count(verify.Pass), report.Count(verify.Fail))
	}
}
