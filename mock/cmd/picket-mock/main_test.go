package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// start runs the program until the test ends, and returns the lines that it prints at the start.
func start(t *testing.T, args ...string) []string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	exited := make(chan int, 1)
	var stderr strings.Builder
	go func() {
		exited <- run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), writer, &stderr)
		_ = writer.Close()
	}()
	lines := bufio.NewScanner(reader)
	var printed []string
	count := 8
	if slices.Contains(args, "-drift") {
		count++
	}
	for len(printed) < count && lines.Scan() {
		printed = append(printed, lines.Text())
	}
	t.Cleanup(func() {
		stop()
		if status := <-exited; status != 0 || stderr.String() != "" {
			t.Errorf("exited with %d: %s", status, stderr.String())
		}
	})
	return printed
}

func TestItPrintsWhereItIsAndAnswersThere(t *testing.T) {
	const secret, publishable = "sk_0123456789abcdef0123456789abcdef", "pk_0123456789abcdef0123456789abcdef"
	printed := start(t, "-secret-key", secret, "-publishable-key", publishable, "-format", "simple", "-statement", "Come in.", "-reusable-nonces", "-unknown-properties", "-seed", "7",
		"-redirect-uri", "http://localhost:3000/callback", "-redirect-uri", "http://localhost:3000/")
	words := strings.Fields(printed[0])
	url := words[len(words)-1]
	if !strings.HasPrefix(url, "http://127.0.0.1:") || !strings.HasSuffix(url, "/api/v1") {
		t.Fatalf("the first line does not end with the base URL: %q", printed[0])
	}
	if !strings.Contains(printed[1], secret) || !strings.Contains(printed[2], publishable) {
		t.Errorf("the keys are not printed: %q", printed)
	}
	if !strings.Contains(get(t, strings.TrimSuffix(url, "/api/v1")+"/_mock/projects"), strings.TrimPrefix(printed[3], "project ID       ")) {
		t.Errorf("the project's ID is not printed: %q", printed)
	}
	// Without a signature and a code challenge the response is an error, which goes to the redirect URI.
	response, err := http.DefaultTransport.RoundTrip(httptest.NewRequest(http.MethodGet, url+"/oauth2/authorize?redirect_uri=http://localhost:3000/&client_id="+publishable, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if location := response.Header.Get("Location"); !strings.HasPrefix(location, "http://localhost:3000/?error=invalid_request&") {
		t.Errorf("got %s to %q", response.Status, location)
	}
	client, err := picket.New(secret, picket.WithBaseURL(url))
	if err != nil {
		t.Fatal(err)
	}
	wallet := mock.NewEthereumWallet(t)
	request := wallet.AuthRequest(t, client)
	for range 2 {
		if _, err := client.Auth(context.Background(), request); err != nil {
			t.Error(err)
		}
	}
	nonce, err := client.Nonce(context.Background(), picket.NonceRequest{WalletAddress: wallet.Address})
	if err != nil || nonce.Statement != "Come in." || nonce.Format != picket.MessageFormatSimple {
		t.Errorf("got %+v, %v", nonce, err)
	}
}

func TestItServesTheReferenceToPeopleButToNoOtherPage(t *testing.T) {
	printed := start(t)
	url, found := strings.CutPrefix(printed[7], "reference        ")
	if !found || !strings.Contains(get(t, url), "<title>Reference of the Picket API</title>") {
		t.Fatalf("printed %q", printed)
	}
	for name, header := range map[string]http.Header{
		"an embedding page":  {"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Dest": {"iframe"}},
		"a page of a script": {"Origin": {"https://evil.example"}},
	} {
		for _, asked := range []string{url, url + "/reference.js", url + "/nothing"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, asked, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header = header
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != http.StatusForbidden || response.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s gets %s of %s", name, response.Status, asked)
			}
		}
	}
}

func TestFlagsWinOverTheConfiguration(t *testing.T) {
	const inFile, byFlag = "sk_0123456789abcdef0123456789abcdef", "pk_0123456789abcdef0123456789abcdef"
	file := filepath.Join(t.TempDir(), "picket.yaml")
	text := "projects:\n  - {secretKey: " + inFile + ", publishableKey: " + mock.DefaultPublishableKey + "}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	printed := start(t, "-config", file, "-publishable-key", byFlag)
	if !strings.Contains(printed[1], inFile) || !strings.Contains(printed[2], byFlag) {
		t.Errorf("got %q", printed)
	}
}

func TestItSaysHowFarItDriftsAndDoes(t *testing.T) {
	const span = `"from": "2026-01-02", "to": "2026-01-03"`
	file := func(headers string) string {
		name := filepath.Join(t.TempDir(), "seen.json")
		text := `{"version": 1, "operations": {"GET /chains/{chain}": {` + span + `, "count": 3, "responses": {"200": {` + span +
			`, "count": 3, "headers": {` + headers + `}}}}}}`
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	const label = `"X-Label": {` + span + `, "types": {"string": 3}}`
	for _, test := range []struct {
		headers []string
		says    string
	}{
		{[]string{""}, "none: what was observed is as the contract says"},
		{[]string{label}, "1 difference from the contract, see http"},
		{[]string{label, strings.Replace(label, "Label", "Logo", 1)}, "2 differences from the contract, see http"},
	} {
		var args []string
		for _, headers := range test.headers {
			args = append(args, "-drift", file(headers))
		}
		printed := start(t, args...)
		last := printed[len(printed)-1]
		if !strings.HasPrefix(last, "drift            "+test.says) {
			t.Fatalf("printed %q", printed)
		}
		words := strings.Fields(last)
		if list := words[len(words)-1]; strings.HasPrefix(list, "http") && !strings.Contains(get(t, list), `a further header, X-Label"`) {
			t.Errorf("%s has %s", list, get(t, list))
		}
	}
}

func TestAFlagThatIsTurnedOffIsOff(t *testing.T) {
	printed := start(t, "-reusable-nonces=false", "-unknown-properties=false")
	words := strings.Fields(printed[0])
	client, err := picket.New(mock.DefaultSecretKey, picket.WithBaseURL(words[len(words)-1]))
	if err != nil {
		t.Fatal(err)
	}
	request := mock.NewEthereumWallet(t).AuthRequest(t, client)
	if _, err := client.Auth(context.Background(), request); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Auth(context.Background(), request); err == nil {
		t.Error("a nonce works twice")
	}
}

func TestDomainsAndControlHostsComeFromFlags(t *testing.T) {
	printed := start(t, "-allowed-domain", "shop.example", "-allowed-domain", mock.DefaultDomain, "-control-host", "picket-mock", "-control-host", "mock.test")
	words := strings.Fields(printed[0])
	base := words[len(words)-1]
	for host, status := range map[string]int{"picket-mock:4010": 200, "mock.test": 200, "evil.example": 403} {
		request, err := http.NewRequest(http.MethodGet, strings.TrimSuffix(base, "/api/v1")+"/_mock/health", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != status {
			t.Errorf("%s: got %s", host, response.Status)
		}
	}
	client, err := picket.New(mock.DefaultSecretKey, picket.WithBaseURL(base))
	if err != nil {
		t.Fatal(err)
	}
	wallet := mock.NewEthereumWallet(t)
	wallet.Login(t, client)
	wallet.Domain = "shop.example"
	wallet.Login(t, client)
	wallet.Domain = "evil.example"
	if _, err := client.Auth(context.Background(), wallet.AuthRequest(t, client)); err == nil {
		t.Error("another site logs in")
	}
}

func TestAKeyThatCouldBeLiveDrawsAWarning(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop() // so that the program stops immediately
	var stdout, stderr strings.Builder
	const key = "sk_8f14e45fceea167a5a36dedd4bea2543"
	if status := run(ctx, []string{"-addr", "127.0.0.1:0", "-secret-key", key}, &stdout, &stderr); status != 0 {
		t.Errorf("exited with %d", status)
	}
	if !strings.Contains(stderr.String(), "warning: the key sk_8f… could be a live one") || strings.Contains(stderr.String(), key) {
		t.Errorf("printed %q", stderr.String())
	}
}

func TestMistakesInTheArguments(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for name, test := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"help":            {[]string{"-help"}, 0, "usage: picket-mock"},
		"unknown flag":    {[]string{"-port", "4010"}, 2, "-port"},
		"argument":        {[]string{"4010"}, 2, `"4010" is neither a flag nor a command`},
		"key as argument": {[]string{"sk_0123456789abcdef0123456789abcdef"}, 2, `"[redacted]" is neither a flag nor a command`},
		"allowed domain":  {[]string{"-allowed-domain", "https://shop.example"}, 2, `"https://shop.example" is not a domain`},
		"control host":    {[]string{"-control-host", "mock:4010"}, 2, `"mock:4010" is not the name of a host`},
		"secret key":      {[]string{"-secret-key", "hunter2"}, 2, "a secret key is sk_ and 32"},
		"redirect URI":    {[]string{"-redirect-uri", "/callback"}, 2, "the redirect URI is not absolute"},
		"format":          {[]string{"-format", "siws"}, 2, `"siws"`},
		"address taken":   {[]string{"-addr", taken.Addr().String()}, 1, "address already in use; -addr 127.0.0.1:0 takes any free port"},
		"no address":      {[]string{"-addr", "4010"}, 2, "missing port"},
		"no config":       {[]string{"-config", "nowhere.yaml"}, 2, "-config: open nowhere.yaml"},
		"port too large":  {[]string{"-addr", "127.0.0.1:99999"}, 2, "the port of -addr is not a number"},
		"unknown host":    {[]string{"-addr", "nowhere.invalid:0"}, 2, "-addr is host:port"},
		"project ID":      {[]string{"-project-id", "shop"}, 2, "-project-id: a project ID is a UUID"},
		"no signing key":  {[]string{"-signing-key", "nowhere.pem"}, 2, "-signing-key: open nowhere.pem"},
		"public URL":      {[]string{"-public-url", "https://mock.example"}, 2, "-public-url: the URL does not end in /api/v1"},
		"issuer":          {[]string{"-issuer", "mock"}, 2, `-issuer: "mock" is not an http or https URL`},
		"token issuer":    {[]string{"-access-token-issuer", ""}, 2, "-access-token-issuer: the issuer is empty"},
		"proxy":           {[]string{"-trusted-proxy", "nginx"}, 2, `-trusted-proxy: "nginx" is neither`},
		"log":             {[]string{"-log", "xml"}, 2, `-log: there is no format "xml"; it is json, text or none`},
		"half of TLS":     {[]string{"-tls-cert", "cert.pem"}, 2, "one of them is missing"},
		"TLS twice":       {[]string{"-tls-cert", "cert.pem", "-tls-ca", "ca.pem"}, 2, "leave out"},
		"no certificate":  {[]string{"-tls-cert", "nowhere.pem", "-tls-key", "nowhere.pem"}, 2, "nowhere.pem"},
		"no folder":       {[]string{"-tls-ca", "nowhere/ca.pem"}, 2, "nowhere/ca.pem"},
		"no observations": {[]string{"-drift", "nowhere.json"}, 2, "-drift: open nowhere.json"},
		"not one":         {[]string{"-drift", "main.go"}, 2, "-drift: main.go: it is no file of observations"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			status := run(context.Background(), test.args, &stdout, &stderr)
			if status != test.status || !strings.Contains(stderr.String(), test.want) {
				t.Errorf("exited with %d: %s", status, stderr.String())
			}
			if stdout.String() != "" || strings.Contains(stderr.String(), "hunter2") {
				t.Errorf("printed %q and %q", stdout.String(), stderr.String())
			}
		})
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
