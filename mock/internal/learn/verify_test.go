package learn_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/verify"
)

// wiretap keeps what passes.
type wiretap struct {
	mu   sync.Mutex
	all  bytes.Buffer
	next http.RoundTripper
}

func (w *wiretap) RoundTrip(request *http.Request) (*http.Response, error) {
	var sent []byte
	if request.Body != nil {
		sent, _ = io.ReadAll(request.Body)
		request = request.Clone(request.Context())
		request.Body = io.NopCloser(bytes.NewReader(sent))
	}
	response, err := w.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	answered, err := io.ReadAll(response.Body)
	response.Body = io.NopCloser(bytes.NewReader(answered))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all.WriteString(request.URL.String() + "\n" + response.Header.Get("Location") + "\n")
	for _, text := range [][]byte{sent, answered} {
		w.all.Write(append(text, '\n'))
	}
	key, _, _ := request.BasicAuth()
	w.all.WriteString(key + " " + request.Header.Get("Authorization") + "\n")
	return response, err
}

// telling matches what may be personal or secret: keys, tokens, addresses, IDs, nonces, signatures and balances.
var telling = regexp.MustCompile(`[sp]k_[0-9a-f]{32}|eyJ[A-Za-z0-9_.-]+|0x[0-9a-fA-F]{16,}|[1-9A-HJ-NP-Za-km-z]{26,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+|[A-Z2-7]{26}|[0-9]+\.[0-9]+|[a-z0-9-]+\.eth`)

func TestAllOfVerifyLeavesNothingToProposeAndNothingInTheFile(t *testing.T) {
	srv := mock.Start(t)
	file := filepath.Join(t.TempDir(), "seen.json")
	observer, err := contract.NewObserver(file)
	if err != nil {
		t.Fatal(err)
	}
	tap := &wiretap{next: http.DefaultTransport}
	report, err := verify.Run(t.Context(), srv.URL, srv.SecretKey, verify.WithPublishableKey(srv.PublishableKey), verify.WithObserver(observer), verify.WithTransport(tap))
	if err != nil {
		t.Fatal(err)
	}
	report.Check(t)
	if err := observer.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	log, err := observe.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(log.Operations) < 10 {
		t.Errorf("only %d operations were noted", len(log.Operations))
	}
	proposals, left := says(learnFrom(t, theContract(t), log))
	if len(proposals)+len(left) > 0 {
		t.Errorf("proposed %q and left %q, from a server that keeps the contract", proposals, left)
	}
	values := map[string]bool{}
	for _, value := range telling.FindAllString(tap.all.String(), -1) {
		if !strings.Contains(string(theContract(t)), value) {
			values[value] = true
		}
	}
	if len(values) < 100 {
		t.Errorf("only %d values passed that are looked for", len(values))
	}
	for value := range values {
		if strings.Contains(strings.ToLower(string(text)), strings.ToLower(value)) {
			t.Errorf("the file has %q", value)
		}
	}
}
