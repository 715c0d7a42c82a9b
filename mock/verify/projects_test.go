package verify_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/verify"
	"github.com/seed-a13ee279/picket/picket"
)

func TestARunRemovesTheProjectsThatItMakes(t *testing.T) {
	for name, test := range map[string]struct {
		cancelAfter int // calls of POST /_mock/projects; 0 for never
		answer      int // of DELETE /_mock/projects/{id}; 0 for that of the mock
		left        bool
		failed      string // the check that says so
	}{
		"a whole run":                      {},
		"cancelled once a project is made": {cancelAfter: 1},
		"cancelled further on":             {cancelAfter: 3},
		"a mock that has no such call":     {answer: http.StatusNotFound, left: true},
		"a mock that has another call":     {answer: http.StatusMethodNotAllowed, left: true},
		"a mock that does not do it":       {answer: http.StatusInternalServerError, left: true, failed: "500"},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t)
			other := srv.AddProject()
			ctx, cancel := context.WithCancel(t.Context())
			made, removed := 0, 0
			transport := roundTripper(func(r *http.Request) (*http.Response, error) {
				switch {
				case r.Method == http.MethodPost && r.URL.Path == "/_mock/projects":
					response, err := http.DefaultTransport.RoundTrip(r)
					if made++; made == test.cancelAfter {
						cancel() // when the project exists, and before verify knows its ID
					}
					return response, err
				case r.Method == http.MethodDelete && strings.HasPrefix(r.URL.Path, "/_mock/") && test.answer != 0:
					removed++
					recorder := httptest.NewRecorder()
					recorder.WriteHeader(test.answer)
					return recorder.Result(), nil
				}
				return http.DefaultTransport.RoundTrip(r)
			})
			report, err := verify.Run(ctx, srv.URL, srv.SecretKey, verify.WithTransport(transport))
			if err != nil {
				t.Fatal(err)
			}
			if made == 0 || (test.left && removed != made) {
				t.Errorf("%d projects were made, and removing was tried %d times", made, removed)
			}
			projects := srv.Projects()
			if want := []*mock.Project{srv.Project, other}; !test.left && !slices.Equal(projects, want) {
				t.Errorf("the server has %d projects, and had %d before", len(projects), len(want))
			}
			if test.cancelAfter > 0 {
				return // the checks after it failed
			}
			if test.failed == "" {
				report.Check(t)
				return
			}
			last := report.Checks[len(report.Checks)-1]
			if report.Count(verify.Fail) != 1 || last.Result != verify.Fail || !strings.Contains(last.Reason, test.failed) {
				t.Errorf("%d checks failed, the last one is %+v", report.Count(verify.Fail), last)
			}
		})
	}
}

// TestAMockThatAllowsOnlySomeDomainsPasses also covers a project whose domains are not those of the default project, and nonces that
// ask for a message that names no site, with which nobody can log in.
func TestAMockThatAllowsOnlySomeDomainsPasses(t *testing.T) {
	shop := mock.WithAllowedDomain("shop.example")
	for name, test := range map[string]struct {
		options []mock.Option
		own     []mock.Option // of a second project, which is then the one that is checked
		publish bool          // give verify the publishable key, too
	}{
		"another site":         {options: []mock.Option{shop}},
		"another port":         {options: []mock.Option{mock.WithAllowedDomain("[::1]:8443")}, publish: true},
		"several sites":        {options: []mock.Option{mock.WithAllowedDomain("Shop.example"), mock.WithAllowedDomain(mock.DefaultDomain)}},
		"in the format simple": {options: []mock.Option{shop, mock.WithFormat(picket.MessageFormatSimple)}, publish: true},
		"a second project":     {options: []mock.Option{shop}, own: []mock.Option{mock.WithAllowedDomain("club.example")}, publish: true},
		"only the second one":  {own: []mock.Option{mock.WithAllowedDomain("club.example")}},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t, test.options...)
			project := srv.Project
			if test.own != nil {
				project = srv.AddProject(test.own...)
			}
			var options []verify.Option
			if test.publish {
				options = append(options, verify.WithPublishableKey(project.PublishableKey))
			}
			before := project.AllowedDomains()
			report := run(t, srv.URL, project.SecretKey, options...)
			report.Check(t)
			if report.Count(verify.Pass) != len(report.Checks) {
				t.Errorf("%d of %d checks passed", report.Count(verify.Pass), len(report.Checks))
			}
			if !slices.Equal(before, project.AllowedDomains()) {
				t.Errorf("the allowed domains are now %q", project.AllowedDomains())
			}
		})
	}
}
