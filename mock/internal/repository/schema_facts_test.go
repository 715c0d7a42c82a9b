package repository_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

func required(what string, is bool) string {
	if is {
		return what + ", required"
	}
	return what
}

// withoutNews leaves out what is optional and not known by name.
func withoutNews(all, known []string) []string {
	nameOf := func(what string) string {
		words := strings.Fields(what)
		if words[0] == "query" || words[0] == "path" || words[0] == "header" {
			return words[0] + " " + words[1]
		}
		return words[0]
	}
	return slices.DeleteFunc(all, func(what string) bool {
		isNamed := func(fact string) bool { return nameOf(fact) == nameOf(what) }
		return !strings.HasSuffix(what, ", required") && !strings.HasSuffix(what, " no property") && !slices.ContainsFunc(known, isNamed)
	})
}

// typeOf says in short what a schema is: the name of another one, or a type with its format, members and default.
func typeOf(ref *openapi3.SchemaRef) string {
	if name, ok := strings.CutPrefix(ref.Ref, "#/components/schemas/"); ok {
		return name
	}
	schema := ref.Value
	parts := func(refs openapi3.SchemaRefs, separator string) string {
		var all []string
		for _, part := range refs {
			all = append(all, typeOf(part))
		}
		return strings.Join(all, separator)
	}
	what := ""
	switch {
	case len(schema.AllOf) > 0:
		what = parts(schema.AllOf, " and ")
	case len(schema.AnyOf) > 0:
		what = parts(schema.AnyOf, " or ")
	case schema.Type.Is("array"):
		what = "[]" + typeOf(schema.Items)
	case schema.AdditionalProperties.Schema != nil:
		what = "map of " + typeOf(schema.AdditionalProperties.Schema)
	default:
		what = strings.Join(schema.Type.Slice(), "|")
	}
	if schema.Format != "" {
		what += " " + schema.Format
	}
	if len(schema.Enum) > 0 {
		what += " of " + strings.Trim(strings.ReplaceAll(fmt.Sprint(schema.Enum), " ", ", "), "[]")
	}
	if schema.Default != nil {
		what += fmt.Sprintf(" = %v", schema.Default)
	}
	if schema.Nullable {
		what += " or null"
	}
	if closed := schema.AdditionalProperties.Has; closed != nil && !*closed {
		what += ", closed"
	}
	if further := alsoAccepted(schema); further != nil {
		what += " or also " + typeOf(&openapi3.SchemaRef{Value: further})
	}
	return what
}

// alsoAccepted returns the schema in x-also-accepts of a schema, or nil.
func alsoAccepted(schema *openapi3.Schema) *openapi3.Schema {
	further, _ := schema.Extensions["x-also-accepts"].(map[string]any)
	text, err := json.Marshal(further)
	also := new(openapi3.Schema)
	if further == nil || err != nil || json.Unmarshal(text, also) != nil {
		return nil
	}
	return also
}

// schemaFacts are the schemas. An object is not closed: readers tolerate what is new.
var schemaFacts = map[string][]string{
	"ErrorResponse": {"object", "code string", "msg string, required"},
	"OAuthError":    {"object", "code string, required", "error string", "error_description string", "msg string, required"},

	"AccessToken":   {"string"},
	"ChainID":       {"integer int64"},
	"ChainType":     {"string of ethereum, solana, flow"},
	"Decimal":       {"string"},
	"Locale":        {"string"},
	"MessageFormat": {"string of simple, siwe"},
	"NumericDate":   {"integer int64"},
	"Signature":     {"string"},
	"StringList":    {"[]string or also string"},
	"WalletAddress": {"string"},

	"NonceRequest":  {"object", "chain string", "locale Locale", "walletAddress WalletAddress, required"},
	"NonceResponse": {"object", "format MessageFormat, required", "nonce string, required", "statement string, required"},
	"SigningMessageContext": {
		"object",
		"chainId integer int64 or also string",
		"chainType string",
		"domain string",
		"issuedAt string",
		"locale Locale",
		"uri string",
	},
	"TokenRequirements": {
		"object",
		"collection StringList",
		"contractAddress string",
		"creatorAddress string",
		"minTokenBalance Decimal or also number",
		"tokenIds Strings",
	},
	"Requirements": {"TokenRequirements and object", "allowedWallets Strings"},
	"AuthRequest": {
		"object",
		"allowedWallets superseded by requirements.allowedWallets",
		"chain string",
		"collection superseded by requirements.collection",
		"context SigningMessageContext",
		"contractAddress superseded by requirements.contractAddress",
		"creatorAddress superseded by requirements.creatorAddress",
		"minTokenBalance superseded by requirements.minTokenBalance",
		"requirements Requirements",
		"signature Signature, required",
		"tokenIds superseded by requirements.tokenIds",
		"walletAddress WalletAddress, required",
	},
	"AuthResponse":    {"object", "accessToken AccessToken, required", "user AuthenticatedUser, required"},
	"AuthzRequest":    {"object", "accessToken AccessToken, required", "requirements Requirements, required", "revalidate boolean"},
	"ValidateRequest": {"object", "accessToken AccessToken, required", "requirements Requirements"},
	"TokenBalances": {
		"object",
		"collection map of Decimal",
		"contractAddress map of Decimal",
		"creatorAddress map of Decimal",
		"tokenIds map of Decimal",
	},
	"AuthenticatedUser": {
		"object",
		"chain string, required",
		"contractAddress string",
		"displayAddress string, required",
		"tokenBalance Decimal",
		"tokenBalances TokenBalances",
		"tokenIds StringList",
		"walletAddress WalletAddress, required",
	},
	"AccessTokenPayload": {
		"AuthenticatedUser and object",
		"aud string, required",
		"email string",
		"exp NumericDate, required",
		"iat NumericDate, required",
		"iss string, required",
		"sub string, required",
		"tid string, required",
		"ver integer",
	},
	"ChainInfo": {
		"object",
		"authorizationSupported boolean, required",
		"chainId ChainID, required",
		"chainName string, required",
		"chainSlug string, required",
		"chainType ChainType, required",
		"publicRPC string",
	},
	"ChainsResponse":        {"object", "data []ChainInfo, required"},
	"TokenOwnershipRequest": {"TokenRequirements and ", "requirements superseded by ."},
	"TokenOwnershipResponse": {
		"object",
		"allowed boolean, required",
		"tokenBalance Decimal",
		"tokenBalances TokenBalances",
		"walletAddress WalletAddress",
	},

	// RFC 6749 sections 4.1.3, 4.3.2 and 2.3.1; RFC 7636 section 4.5. The password grant is of a wallet of a chain.
	"OAuthTokenRequest": {
		"object",
		"chain string",
		"client_id string",
		"client_secret string",
		"code string",
		"code_verifier string",
		"grant_type string, required",
		"password string",
		"redirect_uri string",
		"scope string",
		"username string",
	},
	// RFC 6749 section 5.1; OpenID Connect Core 1.0 section 3.1.3.3.
	"OAuthTokenResponse": {
		"object",
		"accessToken AccessToken, required",
		"access_token superseded by accessToken",
		"expiresIn integer int64, required",
		"expires_in superseded by expiresIn",
		"id_token IDToken",
		"scope string",
		"tokenType string, required",
		"token_type superseded by tokenType",
		"user AuthenticatedUser",
	},
	// OpenID Connect Core 1.0 section 2.
	"IDToken": {"string"},
	// OpenID Connect RP-Initiated Logout 1.0 section 2.
	"LogoutRequest": {
		"object",
		"client_id string",
		"id_token_hint IDToken",
		"post_logout_redirect_uri string uri",
		"state string",
	},
	// OpenID Connect Discovery 1.0 section 3; RFC 8414 section 2 for the methods of PKCE; RFC 9207 section 3; RP-Initiated Logout 1.0
	// section 2.1; Initiating User Registration 1.0 for the values of prompt.
	"OpenIDConfiguration": {
		"object",
		"authorization_endpoint string uri, required",
		"authorization_response_iss_parameter_supported boolean",
		"code_challenge_methods_supported []string",
		"end_session_endpoint string uri",
		"grant_types_supported []string",
		"id_token_signing_alg_values_supported []string, required",
		"issuer string uri, required",
		"jwks_uri string uri, required",
		"prompt_values_supported []string",
		"request_parameter_supported boolean",
		"request_uri_parameter_supported boolean",
		"response_modes_supported []string",
		"response_types_supported []string, required",
		"scopes_supported []string",
		"subject_types_supported []string, required",
		"token_endpoint string uri, required",
		"token_endpoint_auth_methods_supported []string",
		"userinfo_endpoint string uri",
	},
	// RFC 7517 sections 4 and 5; RFC 7518 section 6.2.
	"JSONWebKey": {
		"object",
		"alg string",
		"crv string, required",
		"kid string",
		"kty string, required",
		"use string",
		"x string, required",
		"y string, required",
	},
	"JSONWebKeySet": {"object", "keys []JSONWebKey, required"},
	// OpenID Connect Core 1.0 section 5.1, and who the user is in Picket's own terms.
	"UserInfo": {
		"object",
		"chain string",
		"displayAddress string",
		"email string",
		"preferred_username string",
		"sub string, required",
		"walletAddress WalletAddress",
	},
}

func TestTheSchemasAreAsTheyAreKnown(t *testing.T) {
	got := map[string][]string{}
	for name, schema := range theContract(t).Components.Schemas {
		known, ok := schemaFacts[name]
		if !ok {
			continue
		}
		var all []string
		var add func(*openapi3.Schema)
		add = func(schema *openapi3.Schema) {
			for property, ref := range schema.Properties {
				all = append(all, required(property+" "+typeOf(ref), slices.Contains(schema.Required, property)))
			}
			for name, entry := range superseded(schema) {
				all = append(all, fmt.Sprintf("%s superseded by %v", name, entry["by"]))
			}
			for _, missing := range schema.Required {
				if schema.Properties[missing] == nil {
					all = append(all, missing+" is required and no property")
				}
			}
			for _, part := range schema.AllOf {
				if part.Ref == "" {
					add(part.Value)
				}
			}
		}
		add(schema.Value)
		all = withoutNews(all, known)
		slices.Sort(all)
		got[name] = append([]string{typeOf(schema)}, all...)
	}
	if diff := cmp.Diff(schemaFacts, got); diff != "" {
		t.Errorf("the schemas are not as they are known (-known +openapi.yaml):\n%s", diff)
	}
}

// values are what a schema, or a property of one, takes and refuses.
var values = map[string]struct{ good, bad []any }{
	"WalletAddress": {
		[]any{"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8", "4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA", "0x1654653399040a61", long(128)},
		[]any{"", "../authz", "0x A548", "a/b", "a%2Fb", long(129)},
	},
	"Locale":    {[]any{"", "en", "en-US", "pt-BR", "zh-Hant-TW", strings.Repeat("abcdefgh-", 6) + "abcdefgh-x"}, []any{"en_US", "-", "en-", "abcdefghi", strings.Repeat("abcdefgh-", 7) + "ab"}},
	"Signature": {[]any{"0x" + strings.Repeat("ab", 65), long(8192), "x"}, []any{"", long(8193)}},
	"Decimal": {
		[]any{"0", "3", "0.1337", "123456789012345678901234567890.000000000000000001", strings.Repeat("1", 256)},
		[]any{"", "-1", "+1", "1e3", ".5", "5.", "0x10", " 1", "NaN", strings.Repeat("1", 257)},
	},
	"TokenRequirements.minTokenBalance": {[]any{"3", 3.0, 0.0, 0.5}, []any{-1.0, "-1", "", true}},
	"StringList":                        {[]any{"x", []any{"x", "y"}, []any{}}, []any{"", []any{""}, []any{1.0}, 1.0}},
	"ChainID":                           {[]any{1.0, 42161.0}, []any{0.0, -1.0, 1.5, "1"}},
	"AccessToken":                       {[]any{"e"}, []any{""}},
	"NonceResponse.nonce":               {[]any{"N"}, []any{""}},
	"NonceResponse.statement":           {[]any{"S"}, []any{""}},
	"SigningMessageContext.domain":      {[]any{"", "localhost:3000", long(512)}, []any{"a b", "a\nb", long(513)}},
	"SigningMessageContext.uri":         {[]any{"", "http://localhost:3000", long(2048)}, []any{"a b", "a\nb", long(2049)}},
	"SigningMessageContext.chainId":     {[]any{0.0, 1.0, "", "0", "137", strings.Repeat("1", 19)}, []any{-1.0, 1.5, "x", strings.Repeat("1", 20)}},
	"SigningMessageContext.chainType":   {[]any{"", "ethereum", "solana", "flow"}, []any{"bitcoin", "ethereum "}},
	"SigningMessageContext.issuedAt": {
		[]any{"", "2022-10-25T01:12:36.000Z", "2022-10-25T01:12:36Z", "2022-10-25T01:12:36+02:00", "2022-10-25T01:12:36." + strings.Repeat("0", 43) + "Z"},
		[]any{"yesterday", "2022-10-25", "2022-10-25T01:12:36", "2022-10-25T01:12:36." + strings.Repeat("0", 44) + "Z"},
	},
	"TokenRequirements.contractAddress": {[]any{"x", long(128)}, []any{"", long(129)}},
	"TokenRequirements.creatorAddress":  {[]any{"x", long(128)}, []any{"", long(129)}},
	"TokenRequirements.tokenIds":        {[]any{[]any{}, []any{"x"}}, []any{[]any{""}, "x"}},
	"Requirements.allowedWallets":       {[]any{[]any{}, []any{"x"}}, []any{[]any{""}, "x"}},
	"AuthenticatedUser.chain":           {[]any{"x"}, []any{""}},
	"AuthenticatedUser.displayAddress":  {[]any{"x"}, []any{""}},
	"AccessTokenPayload.iss":            {[]any{"x"}, []any{""}},
	"AccessTokenPayload.sub":            {[]any{"x"}, []any{""}},
	"AccessTokenPayload.aud":            {[]any{"x"}, []any{""}},
	"AccessTokenPayload.tid":            {[]any{"x"}, []any{""}},
	"ChainInfo.chainSlug":               {[]any{"ethereum", "arbitrum-nova", "x1"}, []any{"", "Ethereum", "-x", "a--b", "a/b", ".."}},
	"ChainInfo.chainName":               {[]any{"x"}, []any{""}},
	"OAuthTokenResponse.tokenType":      {[]any{"x"}, []any{""}},
	"UserInfo.sub":                      {[]any{"x"}, []any{""}},
	"JSONWebKey.x":                      {[]any{"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "_-"}, []any{"", "+/", "x="}},
	"JSONWebKey.y":                      {[]any{"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", "_-"}, []any{"", "+/", "x="}},
	"chain":                             {[]any{"x"}, []any{""}},
	"client_id":                         {[]any{"x"}, []any{""}},
	"code_challenge":                    {[]any{"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, []any{"", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMx", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"}},
	"contractAddress":                   {[]any{"x"}, []any{""}},
	"creatorAddress":                    {[]any{"x"}, []any{""}},
	"collection":                        {[]any{[]any{}, []any{"x"}}, []any{[]any{""}}},
	"tokenIds":                          {[]any{[]any{}, []any{"x"}}, []any{[]any{""}}},
	"allowedWallets":                    {[]any{[]any{}, []any{"x"}}, []any{[]any{""}}},
}

func long(n int) string { return strings.Repeat("x", n) }

// TestWhatHasAFormTakesNothingElse holds each pattern and bound against values at and beyond it. A name with a small letter is
// of a parameter.
func TestWhatHasAFormTakesNothingElse(t *testing.T) {
	doc := theContract(t)
	known := map[string]*openapi3.Schema{}
	for name, schema := range doc.Components.Schemas {
		known[name] = schema.Value
		properties(name, schema, nil, func(name string, property *openapi3.SchemaRef, _ any) { known[name] = property.Value })
	}
	parameters := doc.Paths.Find("/oauth2/authorize").Get.Parameters
	for _, parameter := range append(slices.Clone(parameters), doc.Components.Parameters["Chain"]) {
		if known[parameter.Value.Name] == nil || parameter.Value.In == "path" {
			known[parameter.Value.Name] = parameter.Value.Schema.Value
		}
	}
	for name, of := range values {
		schema := known[name]
		if schema == nil {
			t.Errorf("the contract has no %s", name)
			continue
		}
		takes := func(value any) bool {
			also := alsoAccepted(schema)
			return schema.VisitJSON(value) == nil || also != nil && also.VisitJSON(value) == nil
		}
		for _, value := range of.good {
			if !takes(value) {
				t.Errorf("%s refuses %q", name, value)
			}
		}
		for _, value := range of.bad {
			if takes(value) {
				t.Errorf("%s takes %q", name, value)
			}
		}
	}
}

// TestAFormHasWhatTheQueryHas compares the forms of the operations that a browser may also call by POST with the parameters of the same
// operations by GET.
func TestAFormHasWhatTheQueryHas(t *testing.T) {
	doc := theContract(t)
	for path, form := range map[string]string{"/oauth2/authorize": "AuthorizationRequest", "/oauth2/logout": "LogoutRequest"} {
		schema := doc.Components.Schemas[form].Value
		parameters := doc.Paths.Value(path).Get.Parameters
		if len(parameters) != len(schema.Properties) {
			t.Errorf("%s has %d properties, and %s %d parameters", form, len(schema.Properties), path, len(parameters))
		}
		for _, ref := range parameters {
			parameter := ref.Value
			property := schema.Properties[parameter.Name]
			if property == nil {
				t.Errorf("%s has no %s", form, parameter.Name)
				continue
			}
			if required := slices.Contains(schema.Required, parameter.Name); required != parameter.Required {
				t.Errorf("%s.%s is required: %v", form, parameter.Name, required)
			}
			if diff := cmp.Diff(constraints(t, parameter.Schema), constraints(t, property)); diff != "" {
				t.Errorf("%s.%s (-query +form):\n%s", form, parameter.Name, diff)
			}
		}
	}
}

// constraints returns a schema as JSON, without what only describes it or is only for Go.
func constraints(t *testing.T, schema *openapi3.SchemaRef) map[string]any {
	t.Helper()
	text, err := schema.Value.MarshalJSON()
	var all map[string]any
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	delete(all, "description")
	for name := range all {
		if strings.HasPrefix(name, "x-") {
			delete(all, name)
		}
	}
	return all
}
