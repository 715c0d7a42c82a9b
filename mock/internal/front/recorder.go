package front

import (
	"bytes"
	"net/http"

	"github.com/seed-a13ee279/picket/mock/internal/drift"
	"github.com/seed-a13ee279/picket/mock/internal/faults"
)

// recorder keeps a response until it was checked.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecorder() *recorder { return &recorder{header: http.Header{}, status: http.StatusOK} }

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) { r.status = status }

func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

func (r *recorder) replace(body []byte) { r.body = *bytes.NewBuffer(body) }

func (r *recorder) reset() {
	r.header, r.status = http.Header{}, http.StatusOK
	r.body.Reset()
}

func (r *recorder) answer() drift.Answer {
	return drift.Answer{Status: r.status, Header: r.header, Body: r.body.Bytes()}
}

func (r *recorder) change(to drift.Answer) {
	r.status, r.header = to.Status, to.Header
	r.replace(to.Body)
}

func (r *recorder) response() faults.Response {
	return faults.Response{Status: r.status, Header: r.header, Body: r.body.Bytes()}
}

// send sends the response.
func (r *recorder) send(w http.ResponseWriter) { r.response().Write(w) }
