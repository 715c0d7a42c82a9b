package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// asProgram is an environment variable that makes this test binary run as the program, with the race detector if the tests have it.
const asProgram = "PICKET_MOCK_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// program starts the program as a separate process and returns the base URL. When the test ends, it sends SIGTERM, and expects the
// program to exit with status 0 and to have printed nothing to stderr, where the race detector reports.
func program(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
			t.Errorf("the program ended with %v and printed %s", err, stderr.String())
		}
	})
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		t.Fatalf("the program printed nothing: %s", stderr.String())
	}
	words := strings.Fields(lines.Text())
	return words[len(words)-1]
}

// TestParallelSuitesOnOneServerDoNotMeet runs 64 suites at the same time, each with its own project. A suite fails if the balances,
// faults, clock or journal of another one affect it.
func TestParallelSuitesOnOneServerDoNotMeet(t *testing.T) {
	base := program(t)
	var suites sync.WaitGroup
	for i := range 64 {
		suites.Go(func() {
			if err := suite(t, base, i); err != nil {
				t.Errorf("suite %d: %v", i, err)
			}
		})
	}
	suites.Wait()
}

func suite(t *testing.T, base string, i int) error {
	ctx := context.Background()
	var project struct{ SecretKey, PublishableKey string }
	if err := tell(base, "", "POST", "/projects", `{}`, &project); err != nil {
		return err
	}
	client, err := picket.New(project.SecretKey, picket.WithBaseURL(base), picket.WithMaxRetries(0))
	if err != nil {
		return err
	}
	contract := fmt.Sprintf("0x%040x", 1) // the same in all suites, with a different balance in each
	wallet := mock.NewEthereumWallet(t)
	seed := fmt.Sprintf(`{"chain":"ethereum","walletAddress":"%s","contractAddress":"%s","balance":"%d"}`, wallet.Address, contract, i+1)
	if err := tell(base, project.SecretKey, "PUT", "/balances", seed, nil); err != nil {
		return err
	}
	auth := wallet.Login(t, client)
	gate := func(minimum int) error {
		_, err := client.Authz(ctx, picket.AuthzRequest{AccessToken: auth.AccessToken, Requirements: picket.Requirements{
			ContractAddress: contract, MinTokenBalance: picket.Decimal(fmt.Sprint(minimum))}})
		return err
	}
	if err := gate(i + 1); err != nil {
		return err
	}
	if err := gate(i + 2); !errors.Is(err, picket.CodePermissionDenied) {
		return fmt.Errorf("the gate did not stay closed: %v", err)
	}
	if i%2 == 0 {
		if err := tell(base, project.SecretKey, "POST", "/faults", `{"operation":"validate","kind":"status","status":503,"count":1}`, nil); err != nil {
			return err
		}
	}
	validate := func() error {
		_, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken})
		return err
	}
	if err := validate(); (err != nil) != (i%2 == 0) {
		return fmt.Errorf("the first validation: %v", err)
	}
	if err := validate(); err != nil {
		return err
	}
	if err := tell(base, project.SecretKey, "POST", "/clock/advance", `{"seconds":43200}`, nil); err != nil {
		return err
	}
	if err := validate(); !errors.Is(err, picket.CodeParameterInvalid) {
		return fmt.Errorf("the token did not expire: %v", err)
	}
	var count struct{ Count int }
	if err := tell(base, project.SecretKey, "GET", "/journal/count", "", &count); err != nil {
		return err
	}
	if count.Count != 7 {
		return fmt.Errorf("the journal has %d exchanges", count.Count)
	}
	return nil
}

// tell sends a request to the control API.
func tell(base, key, method, path, body string, result any) error {
	request, err := http.NewRequest(method, strings.TrimSuffix(base, "/api/v1")+"/_mock"+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		request.SetBasicAuth(key, "")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode > 299 {
		return fmt.Errorf("%s %s: %s", method, path, response.Status)
	}
	if result == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(result)
}
