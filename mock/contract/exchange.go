package contract

import (
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// exchange is a request, and its response. It checks each once its body has gone by, if there is an operation for it.
type exchange struct {
	checker *checker
	op      *spec.Operation // nil if the contract has none
	request *http.Request
	uploads uploads

	mu     sync.Mutex
	sent   *[]byte // the body of the request, once it has gone by
	broken []string
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
	var found []spec.Violation
	switch {
	case x.op == nil:
	case known:
		found = x.op.CheckRequest(x.request, body)
	default:
		found = x.op.CheckRequestHead(x.request)
	}
	x.report(Request, found)
	x.mu.Lock()
	defer x.mu.Unlock()
	if known {
		x.sent = &body
	}
	x.broken = places(found)
}

func (x *exchange) checkResponse(status int, header http.Header, how ending, body []byte) {
	method := x.request.Method
	body, known := x.decode(Response, header, how, body)
	if !known {
		method = http.MethodHead // everything but the body is checked
	}
	var found []spec.Violation
	if x.op != nil {
		found = x.op.CheckResponse(method, status, header, body)
	}
	x.report(Response, found)
	x.observe(status, header, known, body, found)
}

// observe has the observer note the exchange, if there is one.
func (x *exchange) observe(status int, header http.Header, known bool, body []byte, found []spec.Violation) {
	if x.checker.observer == nil {
		return
	}
	seen := observe.Exchange{
		Time:      time.Now(),
		Base:      x.checker.contract.Base(),
		Operation: x.op,
		Method:    x.request.Method,
		URL:       x.request.URL,
		Security:  observe.Security(x.request.Header),
		Sent:      x.request.Header.Get("Content-Type"),
		Status:    status,
		Answer:    header,
	}
	if known {
		seen.Response = &body
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	seen.Request, seen.Broken = x.sent, places(found)
	if !seen.Refused() { // what was wrong with a refused request says nothing about the API
		seen.Broken = slices.Concat(seen.Broken, x.broken)
	}
	x.checker.observer.add(seen)
}

// places returns what violations break.
func places(found []spec.Violation) []string {
	var all []string
	for _, violation := range found {
		all = append(all, violation.Place)
	}
	return all
}

func (x *exchange) report(direction Direction, found []spec.Violation) {
	if x.op != nil {
		x.checker.report(violations(x.op, direction, found)...)
	}
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
	case err != nil && x.op != nil:
		x.report(direction, []spec.Violation{{Pointer: "Content-Encoding", Message: err.Error(), Place: x.op.Place}})
	case how != complete && x.op != nil:
		x.checker.reportUnchecked(Unchecked{Operation: x.op.ID, Direction: direction, Reason: string(how)})
	}
	return body, err == nil && how == complete
}
