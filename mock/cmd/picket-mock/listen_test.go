package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/certificates"
	"github.com/seed-a13ee279/picket/picket"
)

// baseOf returns the base URL at the end of the first line that the program printed.
func baseOf(printed []string) string {
	words := strings.Fields(printed[0])
	return words[len(words)-1]
}

func TestTheURLThatItPrintsWorksOnAllInterfaces(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0"} {
		t.Run(addr, func(t *testing.T) {
			base := baseOf(start(t, "-addr", addr))
			if !strings.HasPrefix(base, "http://127.0.0.1:") && !strings.HasPrefix(base, "http://localhost:") {
				t.Errorf("printed %s", base)
			}
			if got := get(t, strings.TrimSuffix(base, "/api/v1")+"/_mock/health"); !strings.Contains(got, "ok") {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestItPrintsWhatComposeFilesName(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	const id, issuer = "01234567-89ab-4cde-8f01-23456789abcd", "http://picket-mock:4010/api/v1"
	printed := start(t, "-project-id", id, "-issuer", issuer, "-signing-key", file, "-trusted-proxy", "10.0.0.0/8", "-public-url", "http://localhost:4010/api/v1")
	kid, root := mock.Start(t, mock.WithSigningKey(key)).SigningKeys()[0].ID, strings.TrimSuffix(baseOf(printed), "/api/v1")
	if want := []string{"project ID       " + id, "issuer           " + issuer, "signing key      " + kid, "dashboard        " + root + "/_mock/", "reference        " + root + "/_mock/reference"}; strings.Join(printed[3:], "\n") != strings.Join(want, "\n") {
		t.Errorf("printed %q", printed)
	}
	if got := get(t, baseOf(printed)+"/.well-known/openid-configuration"); !strings.Contains(got, `"authorization_endpoint":"http://localhost:4010/`) || !strings.Contains(got, `"issuer":"`+issuer+`"`) {
		t.Errorf("got %s", got)
	}
	defaults := start(t)
	if want := []string{"project ID       " + mock.DefaultProjectID, "issuer           " + baseOf(defaults)}; strings.Join(defaults[3:5], "\n") != strings.Join(want, "\n") {
		t.Errorf("printed %q", defaults)
	}
}

// trusting returns a client that trusts only an authority, and speaks HTTP/2 if it may.
func trusting(t *testing.T, authority []byte, http2 bool) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		t.Fatalf("there is no certificate in %s", authority)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: http2}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestItServesTLS(t *testing.T) {
	dir := t.TempDir()
	made := filepath.Join(dir, "ca.pem")
	certificate, authority, err := certificates.New([]string{"127.0.0.1"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}, key: {Type: "PRIVATE KEY", Bytes: der}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, args := range map[string][]string{
		"with a certificate that is made up": {"-tls-ca", made},
		"with a given certificate":           {"-tls-cert", cert, "-tls-key", key},
	} {
		t.Run(name, func(t *testing.T) {
			base := baseOf(start(t, args...))
			if !strings.HasPrefix(base, "https://127.0.0.1:") {
				t.Fatalf("printed %s", base)
			}
			trusted := authority
			if args[0] == "-tls-ca" {
				if trusted, err = os.ReadFile(made); err != nil {
					t.Fatal(err)
				}
			}
			for protocol, http2 := range map[string]bool{"HTTP/2.0": true, "HTTP/1.1": false} {
				client := trusting(t, trusted, http2)
				response, err := client.Get(base + "/.well-known/openid-configuration")
				if err != nil {
					t.Fatal(err)
				}
				_ = response.Body.Close()
				if response.Proto != protocol {
					t.Errorf("got %s", response.Proto)
				}
				api, err := picket.New(mock.DefaultSecretKey, picket.WithBaseURL(base), picket.WithHTTPClient(client), picket.WithMaxRetries(0))
				if err != nil {
					t.Fatal(err)
				}
				mock.NewEthereumWallet(t).Login(t, api)
			}
		})
	}
}

func TestTheCertificateIsForEveryNameOfTheMock(t *testing.T) {
	ca := filepath.Join(t.TempDir(), "ca.pem")
	base := baseOf(start(t, "-tls-ca", ca, "-control-host", "picket-mock", "-public-url", "https://mock.example/api/v1", "-issuer", "https://issuer.example:8443/api/v1"))
	authority, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	response, err := trusting(t, authority, true).Get(base + "/oauth2/jwks")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	for name, want := range map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true, "picket-mock": true, "mock.example": true, "issuer.example": true, "evil.example": false} {
		if err := response.TLS.PeerCertificates[0].VerifyHostname(name); (err == nil) != want {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestFaultsBreakConnectionsWithTLS(t *testing.T) {
	ca := filepath.Join(t.TempDir(), "ca.pem")
	base := baseOf(start(t, "-tls-ca", ca))
	authority, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	for name, http2 := range map[string]bool{"HTTP/2": true, "HTTP/1.1": false} {
		client := trusting(t, authority, http2)
		for _, kind := range []string{"reset", "empty", "truncate", "drip"} {
			r, err := http.NewRequest(http.MethodPost, strings.TrimSuffix(base, "/api/v1")+"/_mock/faults", strings.NewReader(`{"kind":"`+kind+`","count":1}`))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			response, err := client.Do(r)
			if err != nil || response.StatusCode != http.StatusNoContent {
				t.Fatal(response, err)
			}
			_ = response.Body.Close()
			api, err := picket.New(mock.DefaultSecretKey, picket.WithBaseURL(base), picket.WithHTTPClient(client), picket.WithMaxRetries(0))
			if err != nil {
				t.Fatal(err)
			}
			_, err = api.Nonce(t.Context(), picket.NonceRequest{WalletAddress: "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"})
			if (err == nil) != (kind == "drip") {
				t.Errorf("%s, %s: got %v", name, kind, err)
			}
			if kind == "reset" && !http2 && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%s: the connection is not reset: %v", name, err)
			}
		}
	}
}

func TestAnAddressThatIsTakenIsNoMistakeInTheArguments(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	if _, err := listen(taken.Addr().String()); exitOf(err) != exitFailed {
		t.Errorf("got %v", err)
	}
}
