package mock

import (
	"encoding/json"
	"fmt"
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
