package mock

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"

	"github.com/seed-a13ee279/picket/generated"
	"github.com/seed-a13ee279/picket/picket"
)

// apiError is a refusal in the API's own shape.
type apiError struct {
	status  int
	code    picket.ErrorCode
	message string
}

func (e *apiError) Error() string { return e.message }

func invalidParameter(format string, args ...any) *apiError {
	return &apiError{http.StatusBadRequest, picket.ErrParameterInvalid, fmt.Sprintf(format, args...)}
}

func permissionDenied(format string, args ...any) *apiError {
	return &apiError{http.StatusForbidden, picket.ErrPermissionDenied, fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) *apiError {
	return &apiError{http.StatusNotFound, picket.ErrResourceNotFound, fmt.Sprintf(format, args...)}
}

func (e *apiError) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.status)
	_ = json.NewEncoder(w).Encode(generated.Error{Code: string(e.code), Msg: e.message}) // the client is gone
}

// refuse writes an error in the form that the contract has for it: JSON, or a page where the client is a browser.
func (op *operation) refuse(w http.ResponseWriter, err error) {
	refused := refusal(err)
	if response := op.route.Operation.Responses.Status(refused.status); response == nil || response.Value.Content.Get("text/html") == nil {
		refused.write(w)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(refused.status)
	_, _ = fmt.Fprintf(w, "<!doctype html><title>Error</title><p>%s</p>\n", html.EscapeString(refused.message)) // the client is gone
}

// refusal returns err as the API tells it; an error that is not the API's is an internal one.
func refusal(err error) *apiError {
	var refused *apiError
	if errors.As(err, &refused) {
		return refused
	}
	return &apiError{status: http.StatusInternalServerError, message: "internal server error: " + err.Error()}
}

// writeUnreadable answers a request that the contract allows and the generated code cannot read: a number beyond what the
// wire types hold.
func writeUnreadable(w http.ResponseWriter, _ *http.Request, err error) {
	invalidParameter("the request cannot be read: %v", err).write(w)
}

func writeRefusal(w http.ResponseWriter, _ *http.Request, err error) { refusal(err).write(w) }
