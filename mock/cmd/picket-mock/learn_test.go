package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/picket"
)

// rewriting answers as the server does, with a text of the body replaced by another.
type rewriting struct{ was, is string }

func (r rewriting) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(request)
	if err == nil {
		text, readErr := io.ReadAll(response.Body)
		response.Body = io.NopCloser(strings.NewReader(strings.Replace(string(text), r.was, r.is, 1)))
		response.ContentLength, err = -1, readErr
	}
	return response, err
}

// seen returns a file of observations of a mock whose nonces have a further property, and a copy of the contract.
func seen(t *testing.T) (file, openAPI string) {
	t.Helper()
	file, openAPI = filepath.Join(t.TempDir(), "seen.json"), filepath.Join(t.TempDir(), "openapi.yaml")
	text, err := os.ReadFile("../../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(openAPI, text, 0o600); err != nil {
		t.Fatal(err)
	}
	observer, err := contract.NewObserver(file)
	if err != nil {
		t.Fatal(err)
	}
	srv := mock.Start(t)
	transport := contract.NewTransport(rewriting{`"format":`, `"expiresIn":120,"format":`}, contract.WithObserver(observer))
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL), picket.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if _, err := client.Nonce(t.Context(), picket.NonceRequest{WalletAddress: mock.NewEthereumWallet(t).Address}); err != nil {
			t.Fatal(err)
		}
	}
	if err := observer.Close(); err != nil {
		t.Fatal(err)
	}
	return file, openAPI
}

func learns(args ...string) (status int, stdout, stderr string) {
	var out, failed strings.Builder
	status = runLearn(args, &out, &failed)
	return status, out.String(), failed.String()
}

func TestLearnProposesAndWrites(t *testing.T) {
	file, openAPI := seen(t)
	const heading = "NonceResponse.expiresIn: new, an integer, in each (20 of 20 answers of nonce, "
	if status, out, failed := learns("-contract", openAPI, file); status != 3 || failed != "" || !strings.Contains(out, "@@ "+heading) ||
		!strings.HasPrefix(out, "# 1 proposal\n--- a/") || !strings.Contains(out, "\n+        expiresIn:\n") {
		t.Errorf("%d, %s%s", status, out, failed)
	}
	if status, out, failed := learns("-contract", openAPI, "-markdown", file); status != 3 || failed != "" ||
		!strings.Contains(out, "| NonceResponse.expiresIn: new, an integer, in each | 20 of 20 answers of nonce, ") || !strings.Contains(out, "\n```diff\n--- a/") {
		t.Errorf("%d, %s%s", status, out, failed)
	}
	if status, out, failed := learns("-contract", openAPI, "-provenance", file); status != 0 || failed != "" || !strings.Contains(out, " inferred facts: 0 confirmed, 0 contradicted, ") {
		t.Errorf("%d, %s%s", status, out, failed)
	}
	if status, out, failed := learns("-contract", openAPI, "-write", file); status != 0 || failed != "" || !strings.HasPrefix(out, "changed: "+heading) {
		t.Errorf("%d, %s%s", status, out, failed)
	}
	if status, out, failed := learns("-contract", openAPI, file); status != 0 || failed != "" || out != "# what was observed is as the contract says; there is nothing to propose\n" {
		t.Errorf("%d, %s%s", status, out, failed)
	}
}

func TestMistakesInTheArgumentsOfLearn(t *testing.T) {
	file, openAPI := seen(t)
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	if err := os.WriteFile(broken, []byte("a: [\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no file":                    {[]string{"-contract", openAPI}, "name at least one file of observations"},
		"a flag after the file":      {[]string{"-contract", openAPI, file, "-write"}, "flags come before files"},
		"a file twice":               {[]string{"-contract", openAPI, file, file}, "is given twice, and would count twice"},
		"no such file":               {[]string{"-contract", openAPI, "nowhere.json"}, "nowhere.json"},
		"a file of another kind":     {[]string{"-contract", openAPI, openAPI}, "it is no file of observations"},
		"a folder":                   {[]string{"-contract", openAPI, filepath.Dir(file)}, filepath.Dir(file)},
		"no contract":                {[]string{"-contract", "nowhere.yaml", file}, "-contract names its file"},
		"a contract of another kind": {[]string{"-contract", broken, file}, "the contract is not YAML"},
	} {
		t.Run(name, func(t *testing.T) {
			if status, out, failed := learns(test.args...); status != 2 || out != "" || !strings.HasPrefix(failed, "picket-mock learn: ") || !strings.Contains(failed, test.want) {
				t.Errorf("exited with %d: %s%s", status, out, failed)
			}
		})
	}
}
