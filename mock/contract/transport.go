package contract

import (
	"io"
	"net/http"
	"sync"
)

// Transport checks every request that goes through it, and every response, and alters neither by a byte: what breaks the
// contract is passed on like all else, and told by Findings. It is safe for concurrent use.
//
// A body is checked as it goes by, without delay: that of a request before its last bytes are sent, that of a response before
// its last bytes are read. One that is larger than WithMaxBodyBytes, has a content coding other than gzip, or is not read to
// its end is noted as unchecked. A request that is for no operation is a violation, and its response is not interpreted.
// Preflights of browsers and what is under /_mock/ are no part of the API, and are passed on without a check.
type Transport struct {
	next    http.RoundTripper
	checker *checker
	err     error
}

// NewTransport returns a Transport that sends requests with next, or with http.DefaultTransport where next is nil. Requests are
// for the API at the base path of the contract, BasePath by default, on any host. An option that is not valid is the error of every
// RoundTrip.
func NewTransport(next http.RoundTripper, options ...Option) *Transport {
	if next == nil {
		next = http.DefaultTransport
	}
	k, err := newChecker(options)
	return &Transport{next, k, err}
}

// Findings returns what was found so far.
func (t *Transport) Findings() Findings { return t.checker.snapshot() }

// CloseIdleConnections closes those of the transport that the requests are sent with, as http.Client.CloseIdleConnections
// has it.
func (t *Transport) CloseIdleConnections() {
	if closer, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// RoundTrip sends a request, as http.RoundTripper has it. Its errors are those of the transport that sends it.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	k := t.checker
	switch {
	case t.err != nil:
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, t.err
	case !k.contract.isOfTheAPI(r):
		return t.next.RoundTrip(r)
	}
	k.count()
	op := k.contract.Find(r)
	if op == nil {
		k.report(k.contract.noSuchOperation(r))
		return t.next.RoundTrip(r)
	}
	x := &exchange{checker: k, op: op, request: r}
	response, err := t.next.RoundTrip(x.tapRequest())
	x.sent(err)
	if err != nil {
		return response, err
	}
	x.tapResponse(response)
	return response, nil
}

// exchange is a request for an operation and its response.
type exchange struct {
	checker *checker
	op      *Operation
	request *http.Request

	mu       sync.Mutex
	current  *tap   // of the request's body; when the request is sent again, of its next one
	checked  bool   // whether the request was
	left     ending // how the current body ended, when it was not complete
	leftBody []byte
	returned bool // whether there is an answer, so that the request is not sent again
}

// tapRequest returns the request with a tap on its body.
func (x *exchange) tapRequest() *http.Request {
	r := x.request
	if r.Body == nil || r.Body == http.NoBody {
		x.checked = true
		x.checkRequest(complete, nil)
		return r
	}
	tapped := *r
	tapped.Body = x.tapBody(r.Body)
	if r.GetBody != nil {
		tapped.GetBody = func() (io.ReadCloser, error) {
			body, err := r.GetBody()
			if err != nil || body == nil || body == http.NoBody {
				return body, err
			}
			return x.tapBody(body), nil
		}
	}
	return &tapped
}

func (x *exchange) tapBody(body io.ReadCloser) *tap {
	t := newTap(body, x.request.ContentLength, x.checker.limit)
	t.done = func(how ending, kept []byte) {
		x.mu.Lock()
		now := !x.checked && x.current == t && (how == complete || how == tooLarge || x.returned)
		if x.current == t {
			x.left, x.leftBody = how, kept
		}
		x.checked = x.checked || now
		x.mu.Unlock()
		if now {
			x.checkRequest(how, kept)
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.current, x.left, x.leftBody = t, complete, nil
	return t
}

// sent checks a request of which the server did not want all.
func (x *exchange) sent(err error) {
	x.mu.Lock()
	x.returned = true
	now := !x.checked && x.left != complete && err == nil
	x.checked = x.checked || now
	x.mu.Unlock()
	if now {
		x.checkRequest(x.left, x.leftBody)
	}
}

func (x *exchange) checkRequest(how ending, body []byte) {
	k := x.checker
	body, how = x.open(Request, x.request.Header, how, body)
	k.report(x.op.checkRequest(x.request, body, how == complete)...)
}

// open returns a body without its content coding, and reports what stands in the way of that.
func (x *exchange) open(direction Direction, header http.Header, how ending, body []byte) ([]byte, ending) {
	var err error
	if how == early && isJSON(header) && header.Get("Content-Encoding") == "" {
		if _, err := decodeJSON(body); err == nil {
			how = complete // whoever decodes JSON need not read on
		}
	}
	if how == complete {
		body, how, err = decode(header, body, x.checker.limit)
	}
	switch {
	case err != nil:
		x.checker.report(Violation{Operation: x.op.ID, Direction: direction, Pointer: "Content-Encoding", Message: err.Error(), Spec: x.op.place})
		return nil, broken
	case how != complete:
		x.checker.reportUnchecked(Unchecked{Operation: x.op.ID, Direction: direction, Reason: string(how)})
		return nil, how
	}
	return body, complete
}

// tapResponse puts a tap on the body of the response.
func (x *exchange) tapResponse(response *http.Response) {
	method, status, header := x.request.Method, response.StatusCode, response.Header.Clone()
	check := func(how ending, body []byte) {
		if body, how = x.open(Response, header, how, body); how != complete {
			method = http.MethodHead // all but the body
		}
		x.checker.report(x.op.CheckResponse(method, status, header, body)...)
	}
	if response.Body == nil || response.Body == http.NoBody || status == http.StatusSwitchingProtocols {
		check(complete, nil)
		return
	}
	t := newTap(response.Body, response.ContentLength, x.checker.limit)
	t.done = check
	response.Body = t
}
