package mock_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestABodyMayBeCompressedByGzip(t *testing.T) {
	srv := mock.Start(t, mock.WithMaxBodyBytes(100_000))
	const body = `{"walletAddress":"` + someAddress + `"}`
	fits := `{"walletAddress":"` + strings.Repeat("x", 90_000) + `"}`
	for name, test := range map[string]struct {
		body, encoding string
		status         int
		code           picket.ErrorCode
		phrase         string
	}{
		"gzip":                      {gzipped(t, body), "gzip", 200, "", ""},
		"another case":              {gzipped(t, body), "GZIP", 200, "", ""},
		"by its old name":           {gzipped(t, body), "x-gzip", 200, "", ""},
		"in two parts":              {gzipped(t, body[:9]) + gzipped(t, body[9:]), "gzip", 200, "", ""},
		"identity":                  {body, "identity", 200, "", ""},
		"not by the contract":       {gzipped(t, `{"wallet_address":"x"}`), "gzip", 400, picket.CodeParameterInvalid, `did you mean "walletAddress"?`},
		"not JSON":                  {gzipped(t, `{`), "gzip", 400, picket.CodeParameterInvalid, "not JSON"},
		"not compressed":            {body, "gzip", 400, picket.CodeParameterInvalid, "the request body is not gzip, as its Content-Encoding says"},
		"empty":                     {"", "gzip", 400, picket.CodeParameterInvalid, "the request body is not gzip"},
		"cut off":                   {gzipped(t, body)[:30], "gzip", 400, picket.CodeParameterInvalid, "the request body is not gzip"},
		"with a wrong checksum":     {gzipped(t, body)[:len(gzipped(t, body))-8] + "12345678", "gzip", 400, picket.CodeParameterInvalid, "the request body is not gzip"},
		"large but within the room": {gzipped(t, fits), "gzip", 400, picket.CodeParameterInvalid, "at most 128 characters"},
		"too large once it is read": {gzipped(t, strings.Repeat(" ", 100_001)), "gzip", 413, picket.CodeParameterInvalid, "larger than 100000 bytes"},
		"a bomb":                    {gzipped(t, strings.Repeat(" ", 50<<20)), "gzip", 413, picket.CodeParameterInvalid, "larger than 100000 bytes"},
		"too many values":           {gzipped(t, "["+strings.Repeat("1,", 20_001)+"1]"), "gzip", 413, picket.CodeParameterInvalid, "more than 20000 values"},
		"brotli":                    {body, "br", 415, picket.CodeParameterInvalid, "the Content-Encoding must be gzip, or absent"},
		"gzip twice":                {gzipped(t, gzipped(t, body)), "gzip, gzip", 415, picket.CodeParameterInvalid, "the Content-Encoding must be gzip"},
		"nonsense":                  {body, "hunter2", 415, picket.CodeParameterInvalid, "the Content-Encoding must be gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			got := send(t, srv, srv.SecretKey, "POST", "/auth/nonce", test.body, "Content-Encoding", test.encoding)
			got.want(t, test.status, test.code, test.phrase)
			if accepts := got.header.Get("Accept-Encoding"); (accepts == "gzip") != (test.status == 415) {
				t.Errorf("Accept-Encoding is %q", accepts)
			}
		})
	}
	srv.Reset()
	send(t, srv, srv.SecretKey, "POST", "/auth/nonce", gzipped(t, body), "Content-Encoding", "gzip")
	if e := srv.Journal()[0]; e.RequestBody != body || len(e.Violations) > 0 {
		t.Errorf("the journal has %+v", e)
	}
	if got := control(t, srv, "", "PUT", "/displayNames", "", nil, "Content-Encoding", "br"); got.status != 415 {
		t.Errorf("the control API answers %d %s", got.status, got.body)
	}
	name := gzipped(t, `{"chain":"ethereum","walletAddress":"`+someAddress+`","name":"alice.eth"}`)
	if got := control(t, srv, "", "PUT", "/displayNames", name, nil, "Content-Encoding", "gzip"); got.status != http.StatusNoContent {
		t.Errorf("the control API answers %d %s", got.status, got.body)
	}
}

func TestABodyThatAnOperationDoesNotTakeMayHaveAnyCoding(t *testing.T) {
	srv := mock.Start(t)
	for _, encoding := range []string{"br", "gzip"} {
		if got := send(t, srv, srv.SecretKey, "GET", "/chains", "x", "Content-Encoding", encoding); got.status != http.StatusOK {
			t.Errorf("%s: %d %s", encoding, got.status, got.body)
		}
	}
}

// TestAnswersAreNotCompressed sends what clients and proxies send. An answer without a coding suits all but those that refuse it.
func TestAnswersAreNotCompressed(t *testing.T) {
	srv := mock.Start(t)
	for accept, status := range map[string]int{
		"":                              200,
		"gzip, deflate, br, zstd":       200,
		"br;q=1.0, gzip;q=0.8, *;q=0.1": 200,
		"identity":                      200,
		"*;q=0, identity;q=0.5":         200,
		"gzip;q=0":                      200,
		"gzip, identity;q=0":            406,
		"gzip, *;q=0":                   406,
		"IDENTITY; Q=0.000":             406,
	} {
		got := send(t, srv, srv.SecretKey, "GET", "/chains", "", "Accept-Encoding", accept)
		if got.status != status || got.header.Get("Content-Encoding") != "" {
			t.Errorf("%q: %d %s", accept, got.status, got.body)
		}
		if status == 406 {
			got.want(t, 406, picket.CodeParameterInvalid, "the Accept-Encoding header refuses answers without a content coding")
		}
		if got := control(t, srv, "", "GET", "/health", "", nil, "Accept-Encoding", accept); got.status != status {
			t.Errorf("%q: the control API answers %d %s", accept, got.status, got.body)
		}
	}
}
