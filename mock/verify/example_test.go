package verify_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/verify"
)

func ExampleRun() {
	srv, err := mock.New()
	if err != nil {
		log.Fatal(err)
	}
	listener := httptest.NewServer(srv.Handler())
	defer listener.Close()

	report, err := verify.Run(context.Background(), listener.URL+"/api/v1", srv.SecretKey)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Count(verify.Fail), "failed", report.Count(verify.Skip), "skipped")
	// Output: 0 failed 0 skipped
}

// In a test, Check fails the test with each check that failed.
func ExampleReport_Check() {
	_ = func(t *testing.T) { // TestStagingKeepsTheContract
		report, err := verify.Run(t.Context(), "https://staging.example.com/api/v1", "sk_…")
		if err != nil {
			t.Fatal(err)
		}
		report.Check(t)
	}
}
