package verify_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/verify"
)

// TestTheProgressNamesEachCheckBeforeItRuns looks at a whole run, and at one on a server that is not picket-mock.
func TestTheProgressNamesEachCheckBeforeItRuns(t *testing.T) {
	srv := mock.Start(t)
	other := notPicketMock(t, srv.URL)
	limited := mock.Start(t, mock.WithAllowedDomain("shop.example"))
	for name, test := range map[string]struct {
		base, key string
		options   []verify.Option
	}{
		"picket-mock":         {srv.URL, srv.SecretKey, nil},
		"another server":      {other, srv.SecretKey, nil},
		"only some domains":   {limited.URL, limited.SecretKey, nil},
		"some names to skip":  {srv.URL, srv.SecretKey, []verify.Option{verify.WithSkip(regexp.MustCompile("solana"))}},
		"without picket-mock": {other, srv.SecretKey, []verify.Option{verify.WithPublishableKey(srv.PublishableKey)}},
	} {
		t.Run(name, func(t *testing.T) {
			var named []string
			var of int
			report := run(t, test.base, test.key, append(test.options, verify.WithProgress(func(check string, done, total int) {
				if done != len(named) {
					t.Errorf("%s: %d checks are done, and %d were named", check, done, len(named))
				}
				named, of = append(named, check), total
			}))...)
			var ran []string
			for _, check := range report.Checks {
				ran = append(ran, check.Name)
			}
			if difference := cmp.Diff(ran, named); difference != "" || of != len(ran) {
				t.Errorf("the total is %d, and the names (-ran +named):\n%s", of, difference)
			}
		})
	}
}
