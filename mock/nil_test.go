package mock_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

// failing is a test that notes how it failed, and goes on.
type failing struct{ said []string }

func (f *failing) Helper()                        {}
func (f *failing) Cleanup(func())                 {}
func (f *failing) Errorf(format string, a ...any) { f.said = append(f.said, fmt.Sprintf(format, a...)) }
func (f *failing) Fatalf(format string, a ...any) { f.Errorf(format, a...); panic(f) }

// fails returns what a function says when it stops a test.
func fails(t *testing.T, do func(mock.TB)) string {
	t.Helper()
	f := &failing{}
	func() {
		defer func() {
			if reason := recover(); reason != nil && reason != any(f) {
				t.Errorf("it panics: %v", reason)
			}
		}()
		do(f)
	}()
	return strings.Join(f.said, "; ")
}

func TestWhatIsNilIsAnErrorAndNoPanic(t *testing.T) {
	if _, err := mock.New(nil); err == nil || err.Error() != "mock: option 0 is nil" {
		t.Errorf("New: got %v", err)
	}
	if _, err := mock.New(mock.WithReusableNonces(), nil); err == nil || err.Error() != "mock: option 1 is nil" {
		t.Errorf("New: got %v", err)
	}
	if _, err := mock.New(mock.WithClock(nil)); err == nil {
		t.Error("New: a nil clock is taken")
	}
	if got := fails(t, func(t mock.TB) { mock.Start(t, nil) }); got != "mock: option 0 is nil" {
		t.Errorf("Start: got %q", got)
	}
	var seeded string
	srv := mock.Start(t)
	if err := srv.Serve(ctx, nil); err == nil {
		t.Error("Serve: a nil listener is taken")
	}
	for name, do := range map[string]func(*mock.Server){
		"option 0 is nil":        func(s *mock.Server) { s.AddProject(nil) },
		"the wallet has no key":  func(s *mock.Server) { s.AddTestWallet(nil) },
		"the wallet has no key;": func(s *mock.Server) { s.AddTestWallet(&mock.Wallet{Address: someAddress, Chain: "ethereum"}) },
	} {
		server, err := mock.New()
		if err != nil {
			t.Fatal(err)
		}
		func() { // without a test a mistake panics with its message
			defer func() { seeded = fmt.Sprint(recover()) }()
			do(server)
		}()
		if !strings.HasPrefix(seeded, "mock: ") || !strings.Contains(seeded, name) {
			t.Errorf("%s: got %q", name, seeded)
		}
	}
}
