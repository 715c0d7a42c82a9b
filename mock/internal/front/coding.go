package front

import (
	"compress/gzip"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// checkCodings refuses a body in a content coding that the mock cannot read, and a client that takes no answer without one: a body may
// be compressed by gzip, and answers never are (RFC 9110 sections 8.4.1 and 12.5.3). A body that the operation does not take has no
// meaning, whatever its coding.
func checkCodings(answer http.Header, r *http.Request, op *spec.Operation) *refusal.Error {
	coding := contentCoding(r.Header)
	switch {
	case op.Spec().RequestBody != nil && coding != "" && coding != "gzip":
		answer.Set("Accept-Encoding", "gzip") // RFC 9110 section 15.5.16
		return refusal.UnsupportedMediaType("the Content-Encoding must be gzip, or absent")
	case refusesIdentity(r.Header):
		return refusal.NotAcceptable("the Accept-Encoding header refuses answers without a content coding, and the mock compresses none")
	}
	return nil
}

// contentCoding returns the content coding of a body in lower case. It is empty when there is none.
func contentCoding(header http.Header) string {
	values := header.Values("Content-Encoding")
	if len(values) == 0 {
		return ""
	}
	switch coding := strings.ToLower(strings.TrimSpace(strings.Join(values, ","))); coding {
	case "identity":
		return ""
	case "x-gzip": // RFC 9110 section 8.4.1.3
		return "gzip"
	default:
		return coding
	}
}

// refusesIdentity reports whether a client takes no answer without a content coding.
func refusesIdentity(header http.Header) bool {
	accepted := strings.ToLower(strings.Join(header.Values("Accept-Encoding"), ","))
	if !strings.Contains(accepted, "identity") && !strings.Contains(accepted, "*") {
		return false // as most clients, which name only what they can read
	}
	refused := map[string]bool{}
	for element := range strings.SplitSeq(accepted, ",") {
		coding, parameters, err := mime.ParseMediaType(element)
		if err != nil {
			continue
		}
		quality, err := strconv.ParseFloat(parameters["q"], 64)
		refused[coding] = err == nil && quality == 0
	}
	if identity, named := refused["identity"]; named {
		return identity
	}
	return refused["*"]
}

// decoded returns a body without its content coding, if that is gzip, and its length, if that is known and above 0. The body is
// decompressed as it is read.
func decoded(r *http.Request) (body io.Reader, length int64) {
	if contentCoding(r.Header) == "gzip" {
		return &gunzip{compressed: r.Body}, 0
	}
	return r.Body, max(r.ContentLength, 0) // 0 may mean that it is not known, where no server read the request
}

// gunzip decompresses a body.
type gunzip struct {
	compressed io.Reader
	plain      *gzip.Reader
}

func (g *gunzip) Read(p []byte) (n int, err error) {
	if g.plain == nil {
		if g.plain, err = gzip.NewReader(g.compressed); err != nil {
			return 0, errNotGzip
		}
	}
	if n, err = g.plain.Read(p); err != nil && !errors.Is(err, io.EOF) {
		err = errNotGzip
	}
	return n, err
}

var errNotGzip = refusal.InvalidParameter("the request body is not gzip, as its Content-Encoding says, or it broke off")
