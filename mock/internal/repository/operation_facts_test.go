package repository_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

// The facts in this file and in schema_facts_test.go are from the documentation, the official SDKs and the RFCs, and not
// from openapi.yaml: a change of the contract that contradicts them is noticed here, whatever the generated code and the
// mock make of it. To change a fact, change it in both. An operation, a schema, or an optional property or parameter that is
// not known here contradicts nothing, and needs no line here; a further status of a known operation does.

// An operationFact is what is known of an operation.
type operationFact struct {
	ID         string
	Security   []string // the alternatives
	Parameters []string
	Request    []string // content types, with what they hold
	Responses  map[string][]string
}

var (
	everyKey = []string{"apiKey"}
	noKey    = []string{}
	chain    = "path chain string, required"
	address  = "path walletAddress WalletAddress, required"
)

const (
	errorBody  = "application/json ErrorResponse"
	oauthError = "application/json OAuthError"
	page       = "text/html string"
	retryAfter = "header Retry-After string, required"
)

// answers returns the responses of an operation: its success, what every operation can answer, and what is its own.
func answers(success []string, more ...map[string][]string) map[string][]string {
	all := map[string][]string{
		"200": success,
		"429": {errorBody, retryAfter},
		"500": {errorBody},
		"503": {errorBody},
	}
	for _, some := range more {
		maps.Copy(all, some)
	}
	return all
}

var (
	withKey     = map[string][]string{"401": {errorBody}, "502": {errorBody}, "504": {errorBody}}
	withBody    = map[string][]string{"400": {errorBody}, "413": {errorBody}}
	ofAChain    = map[string][]string{"404": {errorBody}}
	gated       = map[string][]string{"403": {errorBody}, "424": {errorBody}}
	makesUsers  = map[string][]string{"409": {errorBody}}
	redirecting = map[string][]string{"302": {"header Location string uri, required"}, "400": {page}}
	ofAForm     = map[string][]string{"413": {page}}
	withToken   = map[string][]string{"401": {errorBody, "header WWW-Authenticate string, required"}}
	ofOAuth     = map[string][]string{"400": {oauthError}, "401": {oauthError, "header WWW-Authenticate string"}}
)

var operationFacts = map[string]operationFact{
	"POST /auth/nonce": {
		"nonce", everyKey, nil, []string{"application/json NonceRequest, required"},
		answers([]string{"application/json NonceResponse"}, withKey, withBody, ofAChain),
	},
	"POST /auth": {
		"auth", everyKey, nil, []string{"application/json AuthRequest, required"},
		answers([]string{"application/json AuthResponse"}, withKey, withBody, ofAChain, gated, makesUsers),
	},
	"POST /authz": {
		"authz", everyKey, nil, []string{"application/json AuthzRequest, required"},
		answers([]string{"application/json AuthResponse"}, withKey, withBody, gated),
	},
	"POST /auth/validate": {
		"validate", everyKey, nil, []string{"application/json ValidateRequest, required"},
		answers([]string{"application/json AccessTokenPayload"}, withKey, withBody, gated),
	},
	"GET /chains": {
		"chains", everyKey, nil, nil,
		answers([]string{"application/json ChainsResponse"}, withKey),
	},
	"GET /chains/{chain}": {
		"chain", everyKey, []string{chain}, nil,
		answers([]string{"application/json ChainInfo"}, withKey, ofAChain),
	},
	"POST /chains/{chain}/wallets/{walletAddress}/tokenOwnership": {
		"tokenOwnership", everyKey, []string{chain, address}, []string{"application/json TokenOwnershipRequest, required"},
		answers([]string{"application/json TokenOwnershipResponse"}, withKey, withBody, ofAChain, gated),
	},
	"GET /oauth2/authorize": {
		"authorize", noKey, []string{
			"query allowedWallets []string",
			"query chain string",
			"query client_id string, required",
			"query code_challenge string, required",
			"query code_challenge_method string of S256, required",
			"query collection []string",
			"query contractAddress string",
			"query creatorAddress string",
			"query domain string",
			"query id_token_hint IDToken",
			"query issuedAt string",
			"query locale Locale",
			"query max_age integer int64",
			"query minTokenBalance Decimal",
			"query nonce string",
			"query prompt string",
			"query redirect_uri string uri, required",
			"query response_mode string of code, query, form_post, web_message",
			"query response_type string of code",
			"query scope string",
			"query signature Signature",
			"query state string",
			"query tokenIds []string",
			"query uri string",
			"query walletAddress WalletAddress",
		}, nil,
		answers([]string{page}, redirecting),
	},
	"POST /oauth2/authorize": {
		"postAuthorize", noKey, nil, []string{"application/x-www-form-urlencoded AuthorizationRequest, required"},
		answers([]string{page}, redirecting, ofAForm),
	},
	"GET /oauth2/logout": {
		"logout", noKey, []string{
			"query client_id string",
			"query id_token_hint IDToken",
			"query post_logout_redirect_uri string uri",
			"query state string",
		}, nil,
		answers([]string{page}, redirecting),
	},
	"POST /oauth2/logout": {
		"postLogout", noKey, nil, []string{"application/x-www-form-urlencoded LogoutRequest"},
		answers([]string{page}, redirecting, ofAForm),
	},
	"POST /oauth2/token": {
		"token", []string{"apiKey", "none"}, nil,
		[]string{"application/x-www-form-urlencoded OAuthTokenRequest, required", "also application/json"},
		answers([]string{"application/json OAuthTokenResponse"}, withKey, withBody, ofOAuth),
	},
	"GET /.well-known/openid-configuration": {
		"openIDConfiguration", noKey, nil, nil, answers([]string{"application/json OpenIDConfiguration"}),
	},
	"GET /.well-known/oauth-authorization-server": {
		"authorizationServerMetadata", noKey, nil, nil, answers([]string{"application/json OpenIDConfiguration"}),
	},
	"GET /oauth2/jwks": {
		"jwks", noKey, nil, nil, answers([]string{"application/json JSONWebKeySet"}),
	},
	"GET /oauth2/userinfo": {
		"getUserInfo", []string{"bearerToken"}, nil, nil, answers([]string{"application/json UserInfo"}, withToken),
	},
	"POST /oauth2/userinfo": {
		"postUserInfo", []string{"bearerToken"}, nil, nil, answers([]string{"application/json UserInfo"}, withToken),
	},
}

func TestTheOperationsAreAsTheyAreKnown(t *testing.T) {
	doc := theContract(t)
	got := map[string]operationFact{}
	operations(doc, func(name string, op *openapi3.Operation) {
		known, ok := operationFacts[name]
		if !ok {
			return
		}
		security := doc.Security
		if op.Security != nil {
			security = *op.Security
		}
		fact := operationFact{ID: op.OperationID, Security: []string{}, Responses: map[string][]string{}}
		for _, alternative := range security {
			if len(alternative) == 0 {
				fact.Security = append(fact.Security, "none")
			}
			fact.Security = append(fact.Security, slices.Sorted(maps.Keys(alternative))...)
		}
		for _, ref := range op.Parameters {
			fact.Parameters = append(fact.Parameters, required(ref.Value.In+" "+ref.Value.Name+" "+typeOf(ref.Value.Schema), ref.Value.Required))
		}
		fact.Parameters = withoutNews(fact.Parameters, known.Parameters)
		slices.Sort(fact.Parameters)
		if op.RequestBody != nil {
			for _, content := range contentOf(op.RequestBody.Value.Content) {
				fact.Request = append(fact.Request, required(content, op.RequestBody.Value.Required))
			}
			further, _ := op.RequestBody.Value.Extensions["x-also-accepts"].([]any)
			for _, mediaType := range further {
				fact.Request = append(fact.Request, fmt.Sprintf("also %v", mediaType))
			}
		}
		for status, response := range op.Responses.Map() {
			parts := contentOf(response.Value.Content)
			for _, name := range slices.Sorted(maps.Keys(response.Value.Headers)) {
				header := response.Value.Headers[name].Value
				parts = append(parts, required("header "+name+" "+typeOf(header.Schema), header.Required))
			}
			fact.Responses[status] = parts
		}
		got[name] = fact
	})
	if diff := cmp.Diff(operationFacts, got); diff != "" {
		t.Errorf("the operations are not as they are known (-known +openapi.yaml):\n%s", diff)
	}
}

func contentOf(content openapi3.Content) []string {
	var all []string
	for _, contentType := range slices.Sorted(maps.Keys(content)) {
		all = append(all, contentType+" "+typeOf(content[contentType].Schema))
	}
	return all
}

func TestTheAPIIsWhereItIs(t *testing.T) {
	doc := theContract(t)
	if len(doc.Servers) != 1 || doc.Servers[0].URL != picket.DefaultBaseURL {
		var urls []string
		for _, server := range doc.Servers {
			urls = append(urls, server.URL)
		}
		t.Errorf("openapi.yaml has the servers %s, and needs exactly the one of picket.DefaultBaseURL, %s; nothing is generated from it, so change both, and spec.BasePath if the path is another",
			strings.Join(urls, ", "), picket.DefaultBaseURL)
	}
	if !strings.HasSuffix(picket.DefaultBaseURL, spec.BasePath) {
		t.Errorf("picket.DefaultBaseURL is %s, which does not end in spec.BasePath, %s", picket.DefaultBaseURL, spec.BasePath)
	}
	for name, known := range map[string]string{"apiKey": "http basic", "bearerToken": "http bearer"} {
		if scheme := doc.Components.SecuritySchemes[name]; scheme == nil || scheme.Value.Type+" "+scheme.Value.Scheme != known {
			t.Errorf("the security scheme %s is not %s", name, known)
		}
	}
}

// TestAFormOfAuthorizeHasTheParametersOfItsQuery because OpenID Connect Core 1.0 section 3.1.2.1 has them in either place, and so do
// logouts.
func TestAFormOfAuthorizeHasTheParametersOfItsQuery(t *testing.T) {
	doc := theContract(t)
	for path, schema := range map[string]string{"/oauth2/authorize": "AuthorizationRequest", "/oauth2/logout": "LogoutRequest"} {
		query, form := map[string]string{}, map[string]string{}
		for _, ref := range doc.Paths.Value(path).Get.Parameters {
			query[ref.Value.Name] = required(typeOf(ref.Value.Schema), ref.Value.Required)
		}
		of := doc.Components.Schemas[schema].Value
		for name, property := range of.Properties {
			form[name] = required(typeOf(property), slices.Contains(of.Required, name))
		}
		if diff := cmp.Diff(query, form); diff != "" {
			t.Errorf("%s (-query +form):\n%s", path, diff)
		}
	}
}
