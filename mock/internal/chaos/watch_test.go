package chaos_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"sync/atomic"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

// secret finds what must not be in any text: an API key, plain or as in HTTP Basic, a part of a JWT, and anything that is as long as
// a signature.
var secret = regexp.MustCompile(mock.DefaultSecretKey + "|" + base64.StdEncoding.EncodeToString([]byte(mock.DefaultSecretKey))[:20] +
	"|eyJ|[A-Za-z0-9+_-]{60,}")

func checkText(t *testing.T, what, text string) {
	if found := secret.FindString(text); found != "" {
		t.Errorf("%s has a secret in it: %s", what, text)
	}
}

// checkError looks for secrets in an error, however it is printed.
func checkError(t *testing.T, err error) {
	if err != nil {
		checkText(t, "an error", fmt.Sprintf("%s %+v %#v %q", err, err, err, err))
	}
}

// leakDetector is a log.
type leakDetector struct{ t *testing.T }

func (d *leakDetector) Write(line []byte) (int, error) {
	checkText(d.t, "a line of the log", string(line))
	return len(line), nil
}

// bodyCounter is a transport that counts all response bodies, and those that are open.
type bodyCounter struct {
	transport http.RoundTripper
	idle      *http.Transport
	open, all atomic.Int64
}

func (c *bodyCounter) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.transport.RoundTrip(r)
	if err == nil {
		c.open.Add(1)
		c.all.Add(1)
		response.Body = &countedBody{ReadCloser: response.Body, open: &c.open}
	}
	return response, err
}

func (c *bodyCounter) CloseIdleConnections() { c.idle.CloseIdleConnections() }

type countedBody struct {
	io.ReadCloser
	open   *atomic.Int64
	closed atomic.Bool
}

func (b *countedBody) Close() error {
	if !b.closed.Swap(true) {
		b.open.Add(-1)
	}
	return b.ReadCloser.Close()
}
