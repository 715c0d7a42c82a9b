package mock

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/generated"
)

// basePath is where the API is, as in the address of the Picket API.
const basePath = "/api/v1"

// handler takes a request through all that the mock does with it: it finds the operation, authenticates, checks the
// request against the contract, answers, and checks the answer against the contract.
type handler struct {
	server   *Server
	contract *apiContract
	mux      *http.ServeMux
}

func newHandler(s *Server, c *apiContract) *handler {
	h := &handler{s, c, http.NewServeMux()}
	strict := generated.NewStrictHandlerWithOptions(operations{s}, nil, generated.StrictHTTPServerOptions{
		RequestErrorHandlerFunc:  h.refuseUnreadable,
		ResponseErrorHandlerFunc: h.refuse,
	})
	generated.HandlerWithOptions(strict, generated.StdHTTPServerOptions{
		BaseURL:          basePath,
		BaseRouter:       h.mux,
		ErrorHandlerFunc: h.refuseUnreadable,
	})
	return h
}

// incoming is a request for an operation, as it came.
type incoming struct {
	op       *operation
	request  *http.Request
	project  *Project // whose request it is, whether or not it may do what it asks
	body     []byte
	tooLarge *apiError // when the body is
}

type incomingKey struct{}

func incomingOf(ctx context.Context) incoming { return ctx.Value(incomingKey{}).(incoming) }

// refuse answers a request for an operation with an error, in the form that the contract has for it. Errors of
// /oauth2/authorize go to the client where there is one to trust.
func (h *handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	op, refused := incomingOf(r.Context()).op, refusal(err)
	switch {
	case op.id == "authorize" && refused.status < http.StatusInternalServerError:
		_ = h.server.refuseAuthorization(r.URL.Query(), refused).VisitAuthorizeResponse(w) // to a buffer: it cannot fail
	case op.speaksOAuth(refused.status):
		refused.writeOAuth(w, r)
	default:
		refused.write(w)
	}
}

// refuseUnreadable answers a request that the contract allows and the generated code cannot read: a number beyond what the
// wire types hold.
func (h *handler) refuseUnreadable(w http.ResponseWriter, r *http.Request, err error) {
	h.refuse(w, r, invalidParameter("the request cannot be read: %v", err))
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	allowBrowsers(w.Header())
	if r.URL.Path == decisionPath {
		h.decide(w, r)
		return
	}
	if isPreflight(r) {
		if methods := h.allowedMethods(r); len(methods) > 0 {
			answerPreflight(w, strings.Join(methods, ", "))
			return
		}
	}
	project := h.server.keys.tenant(r, h.server.Project)
	entry := Exchange{Time: project.Now(), Method: shorten(r.Method), Path: h.contract.requests.redactURL(r.URL)}
	answer := &recorder{header: http.Header{}, status: http.StatusOK}
	fault := Fault{}

	body, tooLarge, done := h.server.readBody(r)
	defer done()
	entry.RequestBody = h.contract.requests.redactBody(r.Header, body)
	op, refused := h.route(answer, r)
	switch {
	case refused != nil:
		refused.write(answer)
		entry.Violations = []string{refused.message}
	default:
		entry.Operation = op.id
		var hit bool
		if fault, hit = project.faults.hit(op.id); hit {
			entry.Fault = cmp.Or(string(fault.Kind), "delay")
			if !wait(r, fault.Delay) {
				project.journal.add(entry) // the client gave up
				return
			}
		}
		if fault.performs() {
			entry.Violations = h.serve(answer, incoming{op, r, project, body, tooLarge})
		}
	}
	switch fault.Kind {
	case FaultStatus:
		entry.Status = fault.Status
	case FaultReset, FaultEmpty:
	default:
		entry.Status = answer.status
		entry.ResponseBody = h.contract.responses.redactBody(answer.header, answer.body.Bytes())
	}
	project.journal.add(entry) // before the answer, so that a test that has it finds it
	fault.answer(w, r, answer)
}

// route returns the operation that a request is for. A path that is not in its plain form is not redirected to it, as
// http.ServeMux would: the API redirects nothing.
func (h *handler) route(w http.ResponseWriter, r *http.Request) (*operation, *apiError) {
	escaped := r.URL.EscapedPath()
	if path.Clean(escaped) == escaped {
		_, pattern := h.mux.Handler(r)
		if op := h.contract.operations[pattern]; op != nil {
			return op, nil
		}
		if allowed := h.allowedMethods(r); len(allowed) > 0 {
			w.Header()["Allow"] = allowed
			return nil, &apiError{
				status:  http.StatusMethodNotAllowed,
				message: fmt.Sprintf("the method %s is not allowed for %s, only %s", shorten(r.Method), shortenTo(escaped, 256), strings.Join(allowed, " and ")),
			}
		}
	}
	message := fmt.Sprintf("there is no %s %s; all is under %s", shorten(r.Method), shortenTo(escaped, 256), h.contract.base)
	if nearest := h.contract.nearestRoute(r.Method, escaped); nearest != "" {
		message += "; did you mean " + nearest + "?"
	}
	return nil, notFound("%s", message)
}

// allowedMethods returns the methods that the path of a request has.
func (h *handler) allowedMethods(r *http.Request) []string {
	var allowed []string
	for _, method := range []string{http.MethodDelete, http.MethodGet, http.MethodPost, http.MethodPut} {
		probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := h.mux.Handler(probe); h.contract.operations[pattern] != nil {
			allowed = append(allowed, method)
		}
	}
	return allowed
}

// serve answers a request for an operation, and returns how the request and the answer break the contract.
func (h *handler) serve(answer *recorder, in incoming) []string {
	op, violation := in.op, []string(nil)
	if preferred, asked, err := preferenceOf(in.request.Header); asked {
		if err == nil {
			err = preferred.answer(op, answer)
		}
		if err != nil {
			refusal(err).write(answer)
			return nil // it is about the mock, and no answer of the API
		}
	} else {
		violation = h.perform(answer, in)
	}
	broken := op.checkResponse(in.request, answer.status, answer.header, answer.body.Bytes())
	if broken == nil {
		return violation
	}
	message := fmt.Sprintf("the mock breaks its contract: %s, status %d: %v", op.id, answer.status, broken)
	h.server.settings.onViolation(message)
	answer.reset()
	refusal(errors.New(message)).write(answer)
	return append(violation, message)
}

// perform lets the operation take place, and returns how the request breaks the contract.
func (h *handler) perform(answer *recorder, in incoming) (violation []string) {
	op, r := in.op, in.request.WithContext(context.WithValue(in.request.Context(), incomingKey{}, in))
	defer func() {
		if reason := recover(); reason != nil {
			message := fmt.Sprintf("the mock panicked: %s: %v", op.id, reason)
			h.server.settings.onViolation(message)
			answer.reset()
			h.refuse(answer, r, errors.New("the mock panicked"))
			violation = append(violation, message)
		}
	}()
	answer.header.Set("Cache-Control", "no-store") // nonces, codes and tokens are for one client
	if in.tooLarge != nil && op.route.Operation.RequestBody != nil {
		h.refuse(answer, r, in.tooLarge)
		return nil
	}
	switch schemes, optional := op.security(); {
	case op.speaksOAuth(http.StatusUnauthorized): // the operation authenticates the client
	case slices.Contains(schemes, "apiKey") && !(optional && r.Header.Get("Authorization") == ""):
		c, err := h.server.keys.authenticate(r.Header)
		if err != nil {
			h.refuse(answer, r, err)
			return nil
		}
		r = r.WithContext(withCaller(r.Context(), c))
	case slices.Contains(schemes, "accessToken"):
		claims, challenge, err := h.server.authenticateBearer(r.Header)
		if err != nil {
			answer.header.Set("WWW-Authenticate", challenge)
			h.refuse(answer, r, err)
			return nil
		}
		r = r.WithContext(withClaims(r.Context(), claims))
	}
	if wrong := op.checkRequest(r, in.body, in.project.store.settings.allowUnknown); len(wrong) > 0 {
		h.refuse(answer, r, invalidParameter("%s", wrong[0]))
		return wrong[:min(len(wrong), maxViolations)]
	}
	h.mux.ServeHTTP(answer, r)
	return nil
}

// maxViolations bounds what the journal keeps of what is wrong with a request.
const maxViolations = 20

// recorder keeps a response until it was checked.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

func (r *recorder) reset() {
	r.header, r.status = http.Header{}, http.StatusOK
	r.body.Reset()
}

func (r *recorder) copyTo(w http.ResponseWriter) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes()) // the client is gone
}
