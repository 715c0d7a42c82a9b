package mock

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// apiError is a refusal in the API's own shape.
type apiError struct {
	status  int
	code    picket.ErrorCode
	message string
}

func (e *apiError) Error() string { return e.message }

func invalidParameter(format string, args ...any) *apiError {
	return &apiError{http.StatusBadRequest, picket.CodeParameterInvalid, fmt.Sprintf(format, args...)}
}

func permissionDenied(format string, args ...any) *apiError {
	return &apiError{http.StatusForbidden, picket.CodePermissionDenied, fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) *apiError {
	return &apiError{http.StatusNotFound, picket.CodeResourceNotFound, fmt.Sprintf(format, args...)}
}

func (e *apiError) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.status)
	_ = json.NewEncoder(w).Encode(types.Error{Code: string(e.code), Msg: e.message}) // the client is gone
}

// speaksOAuth reports whether the contract has errors with a status in the shape of OAuth 2.0.
func speaksOAuth(op *contract.Operation, status int) bool {
	response := op.Spec().Responses.Status(status)
	if response == nil {
		return false
	}
	media := response.Value.Content.Get("application/json")
	return media != nil && media.Schema.Ref == "#/components/schemas/OAuthError"
}

// refusal returns err as the API tells it; an error that is not the API's is an internal one.
func refusal(err error) *apiError {
	var refused *apiError
	if errors.As(err, &refused) {
		return refused
	}
	return &apiError{status: http.StatusInternalServerError, message: "internal server error: " + names.Message(err.Error())}
}
