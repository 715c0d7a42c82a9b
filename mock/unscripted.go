package mock

import (
	"context"
	"net/http"

	"github.com/seed-a13ee279/picket/generated"
)

// unscripted answers the operations that have no behaviour of their own with their examples in openapi.yaml: OAuth 2.0
// and OpenID Connect.
type unscripted struct {
	byID map[string]*operation
}

// example is a response that is an example.
type example struct {
	contentType string
	body        []byte
}

func (u unscripted) example(operationID string) (example, error) {
	contentType, body, err := u.byID[operationID].example(http.StatusOK)
	return example{contentType, body}, err
}

func (e example) write(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", e.contentType)
	_, err := w.Write(e.body)
	return err
}

func (u unscripted) Authorize(context.Context, generated.AuthorizeRequestObject) (generated.AuthorizeResponseObject, error) {
	return u.example("authorize")
}

func (u unscripted) Token(context.Context, generated.TokenRequestObject) (generated.TokenResponseObject, error) {
	return u.example("token")
}

func (u unscripted) OpenIDConfiguration(context.Context, generated.OpenIDConfigurationRequestObject) (generated.OpenIDConfigurationResponseObject, error) {
	return u.example("openIDConfiguration")
}

func (u unscripted) JWKS(context.Context, generated.JWKSRequestObject) (generated.JWKSResponseObject, error) {
	return u.example("jwks")
}

func (u unscripted) GetUserInfo(context.Context, generated.GetUserInfoRequestObject) (generated.GetUserInfoResponseObject, error) {
	return u.example("getUserInfo")
}

func (u unscripted) PostUserInfo(context.Context, generated.PostUserInfoRequestObject) (generated.PostUserInfoResponseObject, error) {
	return u.example("postUserInfo")
}

func (e example) VisitAuthorizeResponse(w http.ResponseWriter) error           { return e.write(w) }
func (e example) VisitTokenResponse(w http.ResponseWriter) error               { return e.write(w) }
func (e example) VisitOpenIDConfigurationResponse(w http.ResponseWriter) error { return e.write(w) }
func (e example) VisitJWKSResponse(w http.ResponseWriter) error                { return e.write(w) }
func (e example) VisitGetUserInfoResponse(w http.ResponseWriter) error         { return e.write(w) }
func (e example) VisitPostUserInfoResponse(w http.ResponseWriter) error        { return e.write(w) }
