package harness_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// TestMain makes the test's own binary the program that is started, when the environment says what it shall do.
func TestMain(m *testing.M) {
	switch os.Getenv("HARNESS_PROGRAM") {
	case "":
		os.Exit(m.Run())
	case "fail":
		fmt.Println("hello")
		fmt.Fprintln(os.Stderr, "no such flag")
		os.Exit(3)
	case "silent failure":
		fmt.Fprintln(os.Stderr, "no such flag")
		os.Exit(3)
	case "serve":
		interrupted := make(chan os.Signal, 1)
		signal.Notify(interrupted, syscall.SIGTERM)
		server := httptest.NewServer(http.NotFoundHandler())
		for began := time.Now(); time.Since(began) < 50*time.Millisecond; { // so that it takes measurable processor time
		}
		fmt.Println("the mock is at", server.URL)
		<-interrupted
	}
}

func start(t *testing.T, program string) *harness.Process {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), "HARNESS_PROGRAM="+program)
	p, err := harness.Start(command)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

func TestAProgramIsStartedMeasuredAndStopped(t *testing.T) {
	p := start(t, "serve")
	base, err := p.BaseURL()
	if err != nil || !strings.HasPrefix(base, "http://127.0.0.1:") {
		t.Fatalf("got %q, %v", base, err)
	}
	err = p.Answers(func() error {
		response, err := http.Get(base)
		if err == nil {
			err = response.Body.Close()
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	usage, err := p.Usage()
	switch {
	case runtime.GOOS != "linux":
		if err == nil {
			t.Errorf("got %+v", usage)
		}
	case err != nil || usage.Resident < 1<<20 || usage.CPU < 10*time.Millisecond || usage.CPU > time.Minute:
		t.Errorf("got %+v, %v", usage, err)
	}
	if runtime.GOOS == "windows" {
		return // where it cannot be asked to end
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if err := p.Stop(); err == nil {
		t.Error("a program that has ended is stopped")
	}
}

func TestAProgramThatEndsIsAnErrorWithWhatItPrinted(t *testing.T) {
	_, err := start(t, "silent failure").Line()
	refused := errors.New("connection refused")
	for _, err := range []error{err, start(t, "fail").Answers(func() error { return refused })} {
		if err == nil || !strings.Contains(err.Error(), "does not serve") || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "no such flag") {
			t.Errorf("got %v", err)
		}
	}
}

func TestBuildSaysWhyAProgramDoesNotCompile(t *testing.T) {
	err := harness.Build(t.Context(), "../../..", "./mock/internal/nowhere", filepath.Join(t.TempDir(), "nowhere"))
	if err == nil || !strings.Contains(err.Error(), "building ./mock/internal/nowhere") || !strings.Contains(err.Error(), "not found") {
		t.Errorf("got %v", err)
	}
}

func TestDriveMakesAsManyCallsAsWanted(t *testing.T) {
	const clients, calls = 4, 100
	var made [calls]int
	succeeded, err := harness.Drive(t.Context(), clients, calls, func(client, number int) error {
		made[number]++
		if client < 0 || client >= clients {
			t.Errorf("client %d", client)
		}
		return nil
	})
	want := [calls]int{}
	for i := range want {
		want[i] = 1
	}
	if diff := cmp.Diff(want, made); diff != "" || succeeded != calls || err != nil {
		t.Errorf("%d succeeded, %v\n%s", succeeded, err, diff)
	}
}

func TestDriveEndsWithItsContextAndWithAnError(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	succeeded, err := harness.Drive(ctx, 1, harness.Unlimited, func(_, number int) error {
		if number == 9 {
			cancel()
		}
		return nil
	})
	if succeeded != 10 || err != nil {
		t.Errorf("%d succeeded, %v", succeeded, err)
	}
	refused := errors.New("refused")
	succeeded, err = harness.Drive(t.Context(), 1, harness.Unlimited, func(_, number int) error {
		if number == 9 {
			return refused
		}
		return nil
	})
	if succeeded != 9 || !errors.Is(err, refused) {
		t.Errorf("%d succeeded, %v", succeeded, err)
	}
}

func TestQuantiles(t *testing.T) {
	for _, c := range []struct {
		values      []float64
		share, want float64
	}{
		{nil, 0.5, 0},
		{[]float64{7}, 0.99, 7},
		{[]float64{3, 1, 2}, 0.5, 2},
		{[]float64{4, 1, 2, 3}, 0.5, 2.5},
		{[]float64{4, 1, 2, 3}, 0, 1},
		{[]float64{4, 1, 2, 3}, 1, 4},
	} {
		if got := harness.Quantile(c.values, c.share); got != c.want {
			t.Errorf("%v of %v: got %v, want %v", c.share, c.values, got, c.want)
		}
	}
	if got := harness.Quantile([]time.Duration{3, 1}, 0.5); got != 2 {
		t.Errorf("got %v", got)
	}
}

func TestATableHasColumns(t *testing.T) {
	var text strings.Builder
	table := harness.NewTable(&text, "what", "how much")
	table.Row("requests", 12)
	if err := table.Flush(); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff("what      how much  \nrequests  12        \n", text.String()); diff != "" {
		t.Error(diff)
	}
}

func TestARequestIsWholeAndHasTheKey(t *testing.T) {
	got := harness.Request("POST", "/api/v1/auth", "key", "Connection: close\r\n", "{}")
	want := "POST /api/v1/auth HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Basic a2V5Og==\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
