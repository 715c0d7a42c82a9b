package mock_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

const contract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"

func newClient(t *testing.T, srv *mock.Server, key string) *picket.Client {
	t.Helper()
	client, err := picket.New(key, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// answer is a response, and what it says when it is an error.
type answer struct {
	status    int
	code, msg string
	header    http.Header
	body      string
}

// send sends a request as it is, with the Authorization header of curl -u KEY:, or none for an empty key.
func send(t *testing.T, srv *mock.Server, key, method, path, body string, header ...string) answer {
	t.Helper()
	request, err := http.NewRequest(method, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		request.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(key+":")))
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Del(header[i])
		if header[i+1] != "" {
			request.Header.Set(header[i], header[i+1])
		}
	}
	response, err := http.DefaultTransport.RoundTrip(request) // follows no redirect
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := answer{status: response.StatusCode, header: response.Header, body: string(text)}
	if response.StatusCode >= 400 && method != http.MethodHead {
		if contentType := response.Header.Get("Content-Type"); contentType != "application/json" {
			t.Errorf("%s %s: the error is %s", method, path, contentType)
		}
		var fields struct{ Code, Msg *string }
		if err := json.Unmarshal(text, &fields); err != nil || fields.Msg == nil || *fields.Msg == "" {
			t.Errorf("%s %s: the error is not of the API's shape: %s", method, path, text)
			return got
		}
		got.msg = *fields.Msg
		if fields.Code != nil {
			got.code = *fields.Code
		}
	}
	return got
}

func post(t *testing.T, srv *mock.Server, path, body string) answer {
	t.Helper()
	return send(t, srv, srv.SecretKey, http.MethodPost, path, body)
}

func (a answer) want(t *testing.T, status int, code picket.ErrorCode, phrase string) {
	t.Helper()
	if a.status != status || a.code != string(code) || !strings.Contains(strings.ToLower(a.msg), strings.ToLower(phrase)) {
		t.Errorf("got %d %s %q; want %d %s with %q", a.status, a.code, a.msg, status, code, phrase)
	}
}
