package mock

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"

	"github.com/seed-a13ee279/picket/generated"
	"github.com/seed-a13ee279/picket/picket"
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
		RequestErrorHandlerFunc: func(w http.ResponseWriter, r *http.Request, err error) {
			// The contract was checked before; what is left is a number beyond what the wire types hold.
			h.refuse(w, r, invalidParameter("the body cannot be read: %v", err))
		},
		ResponseErrorHandlerFunc: h.refuse,
	})
	generated.HandlerWithOptions(strict, generated.StdHTTPServerOptions{
		BaseURL:    basePath,
		BaseRouter: h.mux,
		ErrorHandlerFunc: func(w http.ResponseWriter, r *http.Request, _ error) {
			h.refuse(w, r, invalidParameter("a parameter cannot be read"))
		},
	})
	return h
}

// incoming is what the contract does not hand to an operation: the request as it came, and the operation that it is for.
type incoming struct {
	op      *operation
	request *http.Request
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

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == decisionPath {
		h.decide(w, r)
		return
	}
	op, err := h.route(w, r)
	if err != nil {
		err.write(w)
		return
	}
	answer := &recorder{header: http.Header{}, status: http.StatusOK}
	h.serve(op, answer, r)
	if violation := op.checkResponse(r, answer.status, answer.header, answer.body.Bytes()); violation != nil {
		message := fmt.Sprintf("the mock breaks its contract: %s, status %d: %v", op.id, answer.status, violation)
		h.server.settings.onViolation(message)
		refusal(errors.New(message)).write(w)
		return
	}
	answer.copyTo(w)
}

// route returns the operation that a request is for. A path that is not in its plain form is not redirected to it, as
// http.ServeMux would: the API redirects nothing.
func (h *handler) route(w http.ResponseWriter, r *http.Request) (*operation, *apiError) {
	notFound := notFound("there is no %s %s; the API is under %s", r.Method, r.URL.EscapedPath(), basePath)
	if escaped := r.URL.EscapedPath(); path.Clean(escaped) != escaped {
		return nil, notFound
	}
	_, pattern := h.mux.Handler(r)
	if op := h.contract.operations[pattern]; op != nil {
		return op, nil
	}
	if allowed := h.allowedMethods(r); len(allowed) > 0 {
		for _, method := range allowed {
			w.Header().Add("Allow", method)
		}
		return nil, &apiError{
			status:  http.StatusMethodNotAllowed,
			message: fmt.Sprintf("the method %s is not allowed for %s", r.Method, r.URL.EscapedPath()),
		}
	}
	return nil, notFound
}

func (h *handler) allowedMethods(r *http.Request) []string {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		probe := r.Clone(r.Context())
		probe.Method = method
		if _, pattern := h.mux.Handler(probe); h.contract.operations[pattern] != nil {
			allowed = append(allowed, method)
		}
	}
	return allowed
}

// serve answers a request for an operation.
func (h *handler) serve(op *operation, w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(context.WithValue(r.Context(), incomingKey{}, incoming{op, r}))
	defer func() {
		if reason := recover(); reason != nil {
			h.server.settings.onViolation(fmt.Sprintf("the mock panicked: %s: %v", op.id, reason))
			h.refuse(w, r, errors.New("the mock panicked"))
		}
	}()
	w.Header().Set("Cache-Control", "no-store") // nonces, codes and tokens are for one client
	body, tooLarge := readBody(r, h.server.settings.maxBodyBytes)
	if tooLarge != nil && op.route.Operation.RequestBody != nil {
		h.refuse(w, r, tooLarge)
		return
	}
	switch schemes, optional := op.security(); {
	case optional: // the operation authenticates who wants to be
	case slices.Contains(schemes, "apiKey"):
		c, err := h.server.keys.authenticate(r.Header)
		if err != nil {
			h.refuse(w, r, err)
			return
		}
		r = r.WithContext(withCaller(r.Context(), c))
	case slices.Contains(schemes, "accessToken"):
		claims, challenge, err := h.server.authenticateBearer(r.Header)
		if err != nil {
			w.Header().Set("WWW-Authenticate", challenge)
			h.refuse(w, r, err)
			return
		}
		r = r.WithContext(withClaims(r.Context(), claims))
	}
	if err := op.checkRequest(r, body, h.server.settings.allowUnknown); err != nil {
		h.refuse(w, r, err)
		return
	}
	h.mux.ServeHTTP(w, r)
}

func readBody(r *http.Request, limit int64) ([]byte, *apiError) {
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	switch {
	case err != nil:
		return nil, invalidParameter("the request body broke off")
	case int64(len(body)) > limit:
		return nil, &apiError{http.StatusRequestEntityTooLarge, picket.ErrParameterInvalid,
			fmt.Sprintf("the request body is larger than %d bytes", limit)}
	}
	return body, nil
}

// recorder keeps a response until it was checked.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

func (r *recorder) copyTo(w http.ResponseWriter) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes()) // the client is gone
}
