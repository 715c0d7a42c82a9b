package mock

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

// basePath is where the API is, as in the address of the Picket API.
const basePath = spec.BasePath

// handler takes a request through all that the mock does with it: it finds the operation, authenticates, checks the
// request against the contract, answers, and checks the answer against the contract.
type handler struct {
	server   *Server
	contract *spec.Contract
	mux      *http.ServeMux

	requests, responses redactor // of what the journal keeps
}

func newHandler(s *Server, c *spec.Contract, o server.StrictServerInterface) *handler {
	h := &handler{server: s, contract: c, mux: http.NewServeMux()}
	h.requests, h.responses = newRedactors(c)
	strict := server.NewStrictHandlerWithOptions(o, nil, server.StrictHTTPServerOptions{
		RequestErrorHandlerFunc:  h.refuseUnreadable,
		ResponseErrorHandlerFunc: h.answerUnwritten,
	})
	server.HandlerWithOptions(strict, server.StdHTTPServerOptions{
		BaseURL:          basePath,
		BaseRouter:       h.mux,
		ErrorHandlerFunc: h.refuseUnreadable,
	})
	return h
}

// incoming is a request for an operation, as it came.
type incoming struct {
	op       *spec.Operation
	request  *http.Request
	project  *Project // whose request it is, whether or not it may do what it asks
	caller   caller   // whom its key authenticates, unless keyError says why it does not
	keyError error
	claims   *picket.AccessTokenPayload // those of its access token, when it was admitted by one
	body     []byte
	tooLarge *apiError // when the body is
}

type incomingKey struct{}

func incomingOf(ctx context.Context) *incoming { return ctx.Value(incomingKey{}).(*incoming) }

// refuse answers a request for an operation with an error, in the form that the contract has for it. Errors of
// /oauth2/authorize go to the client where there is one to trust.
func (h *handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	op, refused := incomingOf(r.Context()).op, refusal(err)
	switch {
	case op.ID == "authorize" && refused.status < http.StatusInternalServerError:
		_ = h.server.refuseAuthorization(r.URL.Query(), refused).VisitAuthorizeResponse(w) // to a buffer: it cannot fail
	case speaksOAuth(op, refused.status):
		refused.writeOAuth(w, r)
	default:
		refused.write(w)
	}
}

// refuseUnreadable answers a request that the contract allows and the generated code cannot read: a number beyond what the
// wire types hold.
func (h *handler) refuseUnreadable(w http.ResponseWriter, r *http.Request, err error) {
	h.refuse(w, r, invalidParameter("the request cannot be read: %s", names.Message(err.Error())))
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
	project, caller, keyError := h.server.keys.tenant(r, h.server.Project)
	answer := &recorder{header: http.Header{}, status: http.StatusOK}
	fault := Fault{}

	op, refused := h.route(answer, r)
	entry := record{Exchange: Exchange{Time: project.Now(), Method: names.ShownMethod(r.Method), Path: h.requests.redactURL(r.URL, op)}}
	body, tooLarge, done := h.server.readBody(r)
	defer done()
	entry.request = h.requests.message(r.Header, body)
	switch {
	case refused != nil:
		refused.write(answer)
		entry.Violations = []string{refused.message}
	default:
		entry.Operation = op.ID
		var hit bool
		if fault, hit = project.faults.hit(op.ID); hit {
			entry.Fault = cmp.Or(string(fault.Kind), "delay")
			if !wait(r, fault.Delay) {
				project.journal.add(entry) // the client gave up
				return
			}
		}
		if fault.performs() {
			entry.Violations = h.serve(answer, &incoming{op: op, request: r, project: project, caller: caller, keyError: keyError, body: body, tooLarge: tooLarge})
		}
	}
	switch fault.Kind {
	case FaultStatus:
		entry.Status = fault.Status
	case FaultReset, FaultEmpty:
	default:
		entry.Status = answer.status
		entry.response = h.responses.message(answer.header, answer.body.Bytes())
	}
	project.journal.add(entry) // before the answer, so that a test that has it finds it
	fault.answer(w, r, answer)
}

// route returns the operation that a request is for. A path that is not in its plain form is not redirected to it, as
// http.ServeMux would: the API redirects nothing.
func (h *handler) route(w http.ResponseWriter, r *http.Request) (*spec.Operation, *apiError) {
	if op := h.contract.Find(r); op != nil {
		return op, nil
	}
	escaped := r.URL.EscapedPath()
	shown := names.ShortenTo(names.ShownPath(escaped), 256)
	if allowed := h.allowedMethods(r); len(allowed) > 0 {
		w.Header()["Allow"] = allowed
		return nil, &apiError{
			status:  http.StatusMethodNotAllowed,
			message: fmt.Sprintf("the method %s is not allowed for %s, only %s", names.ShownMethod(r.Method), shown, strings.Join(allowed, " and ")),
		}
	}
	message := fmt.Sprintf("there is no %s %s; all is under %s", names.ShownMethod(r.Method), shown, h.contract.Base())
	if nearest := h.contract.Nearest(r.Method, escaped); nearest != "" {
		message += "; did you mean " + nearest + "?"
	}
	return nil, notFound("%s", message)
}

// allowedMethods returns the methods that the path of a request has.
func (h *handler) allowedMethods(r *http.Request) []string {
	var allowed []string
	for _, method := range []string{http.MethodDelete, http.MethodGet, http.MethodPatch, http.MethodPost, http.MethodPut} {
		if h.contract.Find(&http.Request{Method: method, URL: r.URL}) != nil {
			allowed = append(allowed, method)
		}
	}
	return allowed
}

// serve answers a request for an operation, and returns how the request and the answer break the contract.
func (h *handler) serve(answer *recorder, in *incoming) []string {
	op, violation := in.op, []string(nil)
	if preferred, asked, err := preferenceOf(in.request.Header); asked {
		if err == nil {
			err = h.answerPreferred(answer, in, preferred)
		}
		if err != nil {
			refusal(err).write(answer)
			return nil // it is about the mock, and no answer of the API
		}
	} else {
		violation = h.perform(answer, in)
	}
	broken := op.CheckResponse(in.request.Method, answer.status, answer.header, answer.body.Bytes())
	if len(broken) == 0 {
		return violation
	}
	message := fmt.Sprintf("the mock breaks its contract: %s, status %d: %s", op.ID, answer.status, broken[0].Message)
	h.server.settings.onViolation(message)
	answer.reset()
	refusal(errors.New(message)).write(answer)
	return append(violation, message)
}

// perform lets the operation take place, and returns how the request breaks the contract.
func (h *handler) perform(answer *recorder, in *incoming) (violation []string) {
	op, r := in.op, in.request.WithContext(context.WithValue(in.request.Context(), incomingKey{}, in))
	defer func() {
		if reason := recover(); reason != nil {
			message := names.Message(fmt.Sprintf("the mock panicked: %s: %v", op.ID, reason))
			h.server.settings.onViolation(message)
			answer.reset()
			h.refuse(answer, r, errors.New("the mock panicked"))
			violation = append(violation, message)
		}
	}()
	answer.header.Set("Cache-Control", "no-store") // nonces, codes and tokens are for one client
	if in.tooLarge != nil && op.Spec().RequestBody != nil {
		h.refuse(answer, r, in.tooLarge)
		return nil
	}
	if _, optional := op.Security(); !optional || !speaksOAuth(op, http.StatusUnauthorized) { // else the operation authenticates the client
		if err := h.admit(answer.header, in); err != nil {
			h.refuse(answer, r, err)
			return nil
		}
	}
	for _, wrong := range op.CheckRequest(r, in.body) {
		if !(wrong.Unknown && in.project.store.settings.allowUnknown) {
			violation = append(violation, wrong.Message)
		}
	}
	if len(violation) > 0 {
		h.refuse(answer, r, invalidParameter("%s", violation[0]))
		return violation[:min(len(violation), spec.MaxViolations)]
	}
	r.Body = io.NopCloser(bytes.NewReader(in.body))
	h.mux.ServeHTTP(answer, r)
	return nil
}

// admit authenticates a request as the contract has it for the operation. It lets nobody in where the contract names a scheme
// that the mock does not know.
func (h *handler) admit(answer http.Header, in *incoming) error {
	authorization := in.request.Header.Get("Authorization")
	schemes, optional := in.op.Security()
	takesKey, takesToken := slices.Contains(schemes, "apiKey"), slices.Contains(schemes, "accessToken")
	scheme, _, _ := strings.Cut(authorization, " ")
	unknown := slices.IndexFunc(schemes, func(name string) bool { return name != "apiKey" && name != "accessToken" })
	switch {
	case unknown >= 0:
		return fmt.Errorf("the mock cannot check the security scheme %s, so it lets nobody in", schemes[unknown])
	case len(schemes) == 0, optional && authorization == "":
		return nil
	case takesToken && (!takesKey || strings.EqualFold(scheme, "Bearer")):
		claims, challenge, err := h.server.authenticateBearer(in.request.Header)
		if err != nil {
			answer.Set("WWW-Authenticate", challenge)
			return err
		}
		in.claims = claims
		return nil
	}
	return in.keyError
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
