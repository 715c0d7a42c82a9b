package contract

import "net/http"

// Transport is an http.RoundTripper that checks every request and every response that goes through it. It changes no byte of either: a
// message that breaks the contract is passed on like any other, and reported by Findings. It is safe for concurrent use.
//
// A body is checked as it goes by, without delay: that of a request before its last bytes are sent, that of a response before its last
// bytes are read. A body is reported as unchecked if it is larger than WithMaxBodyBytes, has a content coding other than gzip, or is not
// read to its end. A request for an unknown operation is a violation, and its response is not checked. Preflights of browsers and requests
// under /_mock/ are not part of the API, and are passed on unchecked.
type Transport struct {
	next    http.RoundTripper
	checker *checker
	err     error
}

// NewTransport returns a Transport that sends requests with next, or with http.DefaultTransport if next is nil. It checks requests for the
// API at the base path /api/v1 of any host; WithBasePath changes the path. An invalid option is the error of every RoundTrip.
func NewTransport(next http.RoundTripper, options ...Option) *Transport {
	if next == nil {
		next = http.DefaultTransport
	}
	k, err := newChecker(options)
	return &Transport{next, k, err}
}

// Findings returns what was found so far.
func (t *Transport) Findings() Findings { return t.checker.snapshot() }

// CloseIdleConnections closes the idle connections of the transport that sends the requests, as http.Client.CloseIdleConnections does.
func (t *Transport) CloseIdleConnections() {
	if closer, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// RoundTrip sends a request, as http.RoundTripper describes. Its errors are those of the transport that sends the request.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	k := t.checker
	switch {
	case t.err != nil:
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, t.err
	case !k.isForTheAPI(r):
		return t.next.RoundTrip(r)
	}
	k.count()
	op := k.contract.Find(r)
	if op == nil {
		k.report(k.noSuchOperation(r))
		if k.observer == nil {
			return t.next.RoundTrip(r)
		}
	}
	x := &exchange{checker: k, op: op, request: r}
	response, err := t.next.RoundTrip(x.watchRequest())
	x.uploads.stop(err)
	if err != nil {
		return response, err
	}
	x.watchResponse(response)
	return response, nil
}
