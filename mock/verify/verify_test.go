package verify_test

import (
	"os"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/verify"
)

func TestTheMockPassesWithNothingSkipped(t *testing.T) {
	srv := mock.Start(t)
	report, err := verify.Run(t.Context(), verify.Config{BaseURL: srv.URL, SecretKey: srv.SecretKey, PublishableKey: srv.PublishableKey})
	if err != nil {
		t.Fatal(err)
	}
	report.Check(t)
	_, _ = report.WriteTo(os.Stdout)
	if len(report.Checks) < 100 || report.Count(verify.Pass) != len(report.Checks) {
		t.Errorf("%d of %d checks passed", report.Count(verify.Pass), len(report.Checks))
	}
}
