package picket_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/picket"
)

func exchange(t *testing.T, body string) (*picket.OAuthTokenResponse, error) {
	t.Helper()
	client, _ := serve(t, http.StatusOK, "application/json", body)
	return client.ExchangeGrant(t.Context(), picket.OAuthTokenRequest{Code: "c0de", RedirectURI: "http://localhost/", CodeVerifier: "ver1fier"})
}

func TestATokenResponseIsReadInEitherSpelling(t *testing.T) {
	want := &picket.OAuthTokenResponse{AccessToken: "a.b.c", TokenType: "Bearer", ExpiresIn: 43200, Scope: "openid"}
	for _, body := range []string{
		`{"accessToken":"a.b.c","tokenType":"Bearer","expiresIn":43200,"scope":"openid"}`,
		`{"access_token":"a.b.c","token_type":"Bearer","expires_in":43200,"scope":"openid"}`,
		`{"access_token":"a.b.c","accessToken":"a.b.c","token_type":"Bearer","tokenType":"Bearer","expires_in":43200,"expiresIn":43200,"scope":"openid"}`,
		"\t{ \"\\u0061ccess_token\" : \"a.\\u0062.c\" , \"accessToken\":\"a.b.c\",\n\"tokenType\":\"Bearer\",\"expires_in\" :43200,\"scope\":\"openid\", \"new\":[{\"access_token\":1}] } ",
		"\ufeff" + `{"access_token":"a.b.c","tokenType":"Bearer","expiresIn":43200,"scope":"openid"}`,
	} {
		got, err := exchange(t, body)
		if err != nil {
			t.Errorf("%s: %v", body, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", body, diff)
		}
	}
}

func TestATokenResponseThatContradictsItselfIsRefused(t *testing.T) {
	const rest = `"tokenType":"Bearer","expiresIn":43200`
	for body, want := range map[string]string{
		`{"accessToken":"a.b.c","access_token":"x.y.z",` + rest + `}`:                                 `"accessToken" and "access_token", which must be the same and differ`,
		`{"accessToken":"a.b.c","access_token":null,` + rest + `}`:                                    `must be the same and differ`,
		`{"accessToken":null,"access_token":"a.b.c",` + rest + `}`:                                    `must be the same and differ`,
		`{"accessToken":"a.b.c","access_token":["a.b.c"],` + rest + `}`:                               `must be the same and differ`,
		`{"accessToken":"a.b.c","expires_in":1,` + rest + `}`:                                         `"expiresIn" and "expires_in"`,
		`{"accessToken":"a.b.c","token_type":"DPoP",` + rest + `}`:                                    `"tokenType" and "token_type"`,
		`{"access_token":"a.b.c","access_token":"a.b.c",` + rest + `}`:                                `"access_token" twice`,
		`{"access_token":"a.b.c","access\u005ftoken":"a.b.c",` + rest + `}`:                           `"access_token" twice`,
		`{"accessToken":"a.b.c","Access_Token":"a.b.c",` + rest + `}`:                                 `"Access_Token", and not "access_token" exactly`,
		`{"access_token":"a.b.c","AccessToken":"a.b.c",` + rest + `}`:                                 `"AccessToken", and not "accessToken" exactly`,
		`{"access_token":"a.b.c","accessToken":"a.b.c","accessToken":"a.b.c",` + rest + `}`:           `"accessToken" twice`,
		`{"accessToken":"a.b.c","access_token":"a.b.c","accessToken":"x.y.z",` + rest + `}`:           ``,
		`{"accessToken":"x.y.z","access_token":"a.b.c","accessToken":"a.b.c",` + rest + `}`:           `"accessToken" twice`,
		`{"access_token":null,` + rest + `}`:                                                          `lacks "accessToken"`,
		`{"access_token":"",` + rest + `}`:                                                            `lacks "accessToken"`,
		`{"access_token":"a.b.c","new":1,"new":1,` + rest + `}`:                                       `"new" twice`,
		`{"access_token":"a.b.c","token_type":"Bearer"}`:                                              `lacks "expiresIn"`,
		`{"access_token":"a.b.c","tokenType":"Bearer","expires_in":43200,"expiresIn":43200.0}`:        `must be the same and differ`,
		`{"access_token":7,` + rest + `}`:                                                             ``,
		`{"user":{"access_token":"a.b.c"},` + rest + `}`:                                              ``,
		`{"access_token":"a.b.c",` + rest + `,"user":{"walletAddress":"0x1","displayAddress":"0x1"}}`: `lacks "user.chain"`,
	} {
		_, err := exchange(t, body)
		if !errors.Is(err, picket.ErrUnexpectedResponse) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, not %q", body, err, want)
		}
		if err != nil && (strings.Contains(err.Error(), "a.b.c") || strings.Contains(err.Error(), "x.y.z")) {
			t.Errorf("%s: the error shows a token: %v", body, err)
		}
	}
}

// TestEveryResponseIsReadInTheSpellingsOfTheContract renames the properties in the examples of responses one by one to what openapi.yaml
// says that they supersede.
func TestEveryResponseIsReadInTheSpellingsOfTheContract(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(openapi.Spec())
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			media := op.Responses.Status(http.StatusOK)
			if media == nil || media.Value.Content["application/json"] == nil {
				continue
			}
			superseded, _ := media.Value.Content["application/json"].Schema.Value.Extensions["x-superseded"].(map[string]any)
			for old, entry := range superseded {
				by := entry.(map[string]any)["by"].(string)
				for _, example := range media.Value.Content["application/json"].Examples {
					value := map[string]any{}
					for name, member := range example.Value.Value.(map[string]any) {
						value[name] = member
					}
					value[old] = value[by]
					delete(value, by)
					client, _ := serve(t, http.StatusOK, "application/json", encoded(t, value))
					if err := calls(t.Context())[op.OperationID](client); err != nil {
						t.Errorf("%s with %s instead of %s: %v", op.OperationID, old, by, err)
					}
					tried++
				}
			}
		}
	}
	if tried < 3 {
		t.Errorf("only %d responses were tried", tried)
	}
}

func encoded(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
