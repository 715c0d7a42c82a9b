package picket_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
)

// Package encoding/json reads names without case, and the last of several; what opens something must not hang on that.
func TestAResponseIsReadByItsExactNamesOnly(t *testing.T) {
	const (
		user  = `{"chain":"ethereum","walletAddress":"0x1","displayAddress":"0x1"}`
		login = `{"accessToken":"a.b.c","user":` + user + `}`
		claim = `{"chain":"ethereum","walletAddress":"0x1","displayAddress":"0x1","iat":1,"exp":2,"iss":"i","sub":"s","aud":"a","tid":"t"}`
		chain = `{"chainSlug":"a","chainId":1,"chainType":"ethereum","chainName":"A","authorizationSupported":false}`
	)
	edit := func(text, old, new string) string { //nolint:predeclared // the usual names
		if !strings.Contains(text, old) {
			t.Fatalf("%s is not in %s", old, text)
		}
		return strings.Replace(text, old, new, 1)
	}
	for operation, bodies := range map[string][]string{
		"tokenOwnership": {
			`{"allowed":false,"Allowed":true}`, `{"Allowed":true}`, `{"ALLOWED":true,"allowed":false}`,
			`{"allowed":false,"allowed":true}`, `{"allowed":true,"allowed":true}`,
			`{"allowed":false,"\u0061llowed":true}`, `{"allowed":false,"\u0041llowed":true}`, `{"allowed":true,"allowe\u0064":true}`,
			`{"allowed":true,"tokenBalance":"1","toKenBalance":"9"}`, `{"allowed":true,"toſenBalance":"9","to` + "\u212a" + `enBalance":"9"}`,
			`{"allowed":true,"to\u212aenBalance":"9"}`, `{"allowed":true,"wallet` + "Addre\u017f\u017f" + `":"0x2"}`,
			`{"allowed":true,"tokenBalances":{"contractAddress":{"0xC0":"1","0xC0":"9"}}}`,
			`{"allowed":true,"tokenBalances":{"contractAddress":{"0xC0":"1","0xC\u0030":"9"}}}`,
			`{"allowed":true,"tokenBalances":{"contractAddress":{"0xC0":"1","a\ud800":"9","a\ud801":"9"}}}`,
			`{"allowed":true,"tokenBalances":{"ContractAddress":{"0xC0":"9"}}}`,
			`{"allowed":true,"tokenBalances":{"contractAddress":{},"contractAddress":{"0xC0":"9"}}}`,
			`{"allowed":true,"tokenBalances":{},"tokenBalances":{"contractAddress":{"0xC0":"9"}}}`,
			`{"allowed":true,"new":1,"new":2}`, `{"allowed":true,"new":1,"ne\u0077":2}`,
			"{\n\t\"allowed\" : false ,\r\n \"Allowed\" : true }",
		},
		"auth": {
			edit(login, `"accessToken"`, `"AccessToken"`), edit(login, `{"accessToken"`, `{"accesstoken":"x.y.z","accessToken"`),
			edit(login, `{"chain"`, `{"Chain":"polygon","chain"`), edit(login, `{"chain"`, `{"chain":"polygon","chain"`),
			edit(login, `"user":`, `"User":`), edit(login, `"user":`, `"user":{"walletAddress":"0x2"},"user":`),
			edit(login, `"user":`, `"USER":{"walletAddress":"0x2"},"user":`),
			edit(login, `{"chain"`, `{"tokenBalances":{"tokenids":{"m":"9"}},"chain"`),
		},
		"authz":    {edit(login, `{"chain"`, `{"tokenBalances":{"tokenIds":{"m":"9","m":"9"}},"chain"`)},
		"validate": {edit(claim, `"exp"`, `"EXP":9999999999,"exp"`), edit(claim, `"sub"`, `"sub":"x","sub"`), edit(claim, `"tid"`, `"t\u0069d":"x","tid"`)},
		"chains": {
			`{"data":[` + edit(chain, `"authorizationSupported"`, `"AuthorizationSupported":true,"authorizationSupported"`) + `]}`,
			`{"data":[` + chain + `,` + edit(chain, `"chainId"`, `"chainId":2,"chainId"`) + `]}`, `{"Data":[` + chain + `],"data":[]}`,
			`{"data":[` + chain + `,null]}`,
			`{"data":[` + chain + `,` + chain + `],"data":[` + chain + `]}`, `{"data":[` + chain + `],"data":null}`,
			`{"data":[` + chain + `,` + chain + `],"Data":[]}`, `{"data":[],"data":[` + chain + `]}`,
		},
		"chain": {edit(chain, `"chainType"`, `"chainTYPE"`)},
		"nonce": {`{"nonce":"n","statement":"s","format":"simple","Format":"siwe"}`, `{"nonce":"n","statement":"s","statement":"t","format":"siwe"}`},
		"token": {
			`{"accessToken":"a.b.c","tokenType":"Bearer","expiresIn":1,"expiresin":99999}`,
			`{"accessToken":"a.b.c","tokenType":"Bearer","expiresIn":1,"user":{"chain":"ethereum","walletAddress":"0x1","walletaddress":"0x2","displayAddress":"0x1"}}`,
		},
	} {
		for _, body := range bodies {
			t.Run(operation+"/"+body, func(t *testing.T) {
				client, _ := serve(t, http.StatusOK, "application/json", body)
				err := calls(context.Background())[operation](client)
				var failure *picket.Error
				if !errors.As(err, &failure) || failure.StatusCode != http.StatusOK || !errors.Is(err, picket.ErrUnexpectedResponse) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

func TestNamesThatAreOnlyAlikeAreRead(t *testing.T) {
	for _, body := range []string{
		`{"\u0061llowed":true}`, `{"allowed":true,"allow":false,"allowedd":false,"":1," allowed":2,"allowed ":3}`,
		`{"new":{"Allowed":1,"allowed":2,"allowed":3,"x":["\"}",{"a":"\\"}]},"allowed":true}`,
		`{"allowed":true,"tokenBalances":{"contractAddress":{"0xc0":"1","0xC0":"2"},"collection":null}}`,
		"\t{\n\"allowed\"\r: true } ",
	} {
		client, _ := serve(t, http.StatusOK, "application/json", body)
		if err := calls(context.Background())["tokenOwnership"](client); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestAnErrorSaysWhichNameWasWrong(t *testing.T) {
	for body, want := range map[string]string{
		`{"allowed":false,"Allowed":true}`:                              `the response has "Allowed", and not "allowed" exactly`,
		`{"allowed":false,"allowed":true}`:                              `the response has "allowed" twice`,
		`{"allowed":true,"tokenBalances":{"tokenIds":{"m":1,"m":"2"}}}`: `the response has a name twice in "tokenBalances.tokenIds"`,
		`{"tokenBalance":"1"}`:                                          `the response lacks "allowed"`,
		`{"allowed":null}`:                                              `the response lacks "allowed"`,
		`{"allowed":true,"x":1,"x":2}`:                                  `the response has "x" twice`,
		`null`:                                                          `the response is null`,
	} {
		client, _ := serve(t, http.StatusOK, "application/json", body)
		err := calls(context.Background())["tokenOwnership"](client)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, which does not say %q", body, err, want)
		}
	}
}

func TestARefusalIsReadByItsExactNamesOnly(t *testing.T) {
	for body, want := range map[string]struct {
		code, message string
		unexpected    bool
	}{
		`{"code":"permission_denied","msg":"no"}`:                                {"permission_denied", "no", false},
		`{"\u0063ode":"permission_denied","msg":"no"}`:                           {"permission_denied", "no", false},
		`{"error":"invalid_grant","error_description":"no","new":1}`:             {"invalid_grant", "no", false},
		`{"Code":"permission_denied","Msg":"no"}`:                                {"", "the response gives no reason; it is application/json", true},
		`{"code":"api_key_invalid","Code":"permission_denied","msg":"no"}`:       {"", "no", true},
		`{"code":"api_key_invalid","code":"permission_denied","msg":"no"}`:       {"", "no", true},
		`{"code":"permission_denied","co\u0064e":"permission_denied","msg":"n"}`: {"", "n", true},
		`{"code":"permission_denied","MSG":"x"}`:                                 {"", "the response gives no reason; it is application/json", true},
		`{"msg":"a","msg":"b"}`:                                                  {"", "the response gives no reason; it is application/json", true},
		`{"ERROR":"invalid_grant","msg":"a"}`:                                    {"", "a", true},
		`{"code":"permission_denied","new":{"code":"x","Code":"y"},"msg":"no"}`:  {"permission_denied", "no", false},
		`["code","permission_denied"]`:                                           {"", "the response gives no reason; it is application/json", true},
	} {
		client, _ := serve(t, http.StatusForbidden, "application/json", body)
		err := calls(context.Background())["validate"](client)
		var failure *picket.Error
		if !errors.As(err, &failure) {
			t.Fatalf("%s: %v", body, err)
		}
		got := fmt.Sprint(failure.Code, failure.Message, errors.Is(err, picket.ErrUnexpectedResponse))
		if diff := cmp.Diff(fmt.Sprint(want.code, want.message, want.unexpected), got); diff != "" {
			t.Errorf("%s: %s", body, diff)
		}
		if want.unexpected && (errors.Is(err, picket.CodePermissionDenied) || errors.Is(err, picket.CodeAPIKeyInvalid)) {
			t.Errorf("%s: is told as a refusal: %v", body, err)
		}
	}
}
