package contract

import (
	"io"
	"net/http"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// exchange is a request for an operation, and its response. It checks each once its body has gone by.
type exchange struct {
	checker *checker
	op      *spec.Operation
	request *http.Request
	uploads uploads
}

// watchRequest returns the request with a tap on its body, and on each further body that it is sent again with.
func (x *exchange) watchRequest() *http.Request {
	r := x.request
	if r.Body == nil || r.Body == http.NoBody {
		x.checkRequest(complete, nil)
		return r
	}
	x.uploads.check = x.checkRequest
	watched := *r
	watched.Body = x.uploads.start(r.Body, r.ContentLength, x.checker.limit)
	if r.GetBody != nil {
		watched.GetBody = func() (io.ReadCloser, error) {
			body, err := r.GetBody()
			if err != nil || body == nil || body == http.NoBody {
				return body, err
			}
			return x.uploads.start(body, r.ContentLength, x.checker.limit), nil
		}
	}
	return &watched
}

// watchResponse puts a tap on the body of the response.
func (x *exchange) watchResponse(response *http.Response) {
	status, header := response.StatusCode, response.Header.Clone() // the client may change its own
	if response.Body == nil || response.Body == http.NoBody || status == http.StatusSwitchingProtocols {
		x.checkResponse(status, header, complete, nil)
		return
	}
	t := newTap(response.Body, response.ContentLength, x.checker.limit)
	t.done = func(how ending, body []byte) { x.checkResponse(status, header, how, body) }
	response.Body = t
}

func (x *exchange) checkRequest(how ending, body []byte) {
	body, known := x.decode(Request, x.request.Header, how, body)
	if known {
		x.report(Request, x.op.CheckRequest(x.request, body))
	} else {
		x.report(Request, x.op.CheckRequestHead(x.request))
	}
}

func (x *exchange) checkResponse(status int, header http.Header, how ending, body []byte) {
	method := x.request.Method
	body, known := x.decode(Response, header, how, body)
	if !known {
		method = http.MethodHead // everything but the body is checked
	}
	x.report(Response, x.op.CheckResponse(method, status, header, body))
}

func (x *exchange) report(direction Direction, found []spec.Violation) {
	x.checker.report(violations(x.op, direction, found)...)
}

// decode returns a body without its content coding. If that is not possible, it reports why and returns false.
func (x *exchange) decode(direction Direction, header http.Header, how ending, body []byte) (decoded []byte, known bool) {
	if how == early && isWholeJSON(header, body) {
		how = complete // a decoder of JSON need not read to the end
	}
	var err error
	if how == complete {
		body, how, err = decode(header, body, x.checker.limit)
	}
	switch {
	case err != nil:
		x.report(direction, []spec.Violation{{Pointer: "Content-Encoding", Message: err.Error(), Place: x.op.Place}})
		return nil, false
	case how != complete:
		x.checker.reportUnchecked(Unchecked{Operation: x.op.ID, Direction: direction, Reason: string(how)})
		return nil, false
	}
	return body, true
}
