package learn_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// secrets are values that must be in no file, in no form.
var secrets = []string{
	address, strings.ToLower(address), contractAddress, "4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA", "0x0ae53cb6e3f42a79",
	"eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0aWQiOiIuLi4ifQ.c2lnbmF0dXJl",
	"sk_0123456789abcdef0123456789abcdef", "pk_0123456789abcdef0123456789abcdef",
	"0x4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a4d3c2b1a1b",
	"3OUGVWAZ5MJTB5IWYDQZ2KUD5A", "kEWepMt9knR6lWJ6A", "alice.eth", "alice", "Alice", "bob_smith", "carol-jones", "dave@example.com", "vitalik.eth", "example.com",
	"98765.4321", "12345678901", "2b1f8a0e-4f1c-4a3e-9d63-9a4a0a3c3b11", "c3RhdGUrLz0=", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
	"+15551234567", "Mallory O'Neill", "correct horse battery staple", "xK7p2mQa", "1987-06-05",
}

// traces returns in which forms a secret is in a text: as it is, in another case, encoded, and in pieces.
func traces(text, secret string) (found []string) {
	lower := strings.ToLower(text)
	forms := []string{secret, strings.ToLower(secret), url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.RawURLEncoding.EncodeToString([]byte(secret)), strings.Trim(asText(secret), `"`)}
	for i := 0; i+8 <= len(secret); i++ {
		forms = append(forms, secret[i:i+8])
	}
	for _, form := range forms {
		if strings.Contains(lower, strings.ToLower(form)) {
			found = append(found, form)
		}
	}
	return found
}

// hostile is traffic that has a value wherever a message can have one.
func hostile(secret string) []exchange {
	encoded, path := url.QueryEscape(secret), url.PathEscape(secret)
	everywhere := func(answer object) {
		answer[secret] = secret
		answer["profile"] = object{secret: object{secret: []any{secret, object{secret: 1}}}, "name": secret}
		answer["byName"] = object{secret: true}
	}
	header := http.Header{"X-User": {secret}, http.CanonicalHeaderKey("X-" + secret): {secret}, http.CanonicalHeaderKey(secret): {secret}, "X-Name": {secret}}
	withHeader := func(x *exchange) { x.header = header }
	failed := func(x *exchange) {
		x.status, x.answer = 404, asText(object{"msg": secret, "code": secret, "error": secret, secret: secret})
	}
	all := []exchange{
		nonce(everywhere).with(withHeader),
		nonce(func(answer object) { answer["nonce"], answer["statement"] = secret, secret }),
		nonce(nil).with(func(x *exchange) {
			x.request = asText(object{"walletAddress": secret, "chain": secret, secret: secret})
		}),
		nonce(nil).with(func(x *exchange) {
			x.target += "?" + encoded + "=" + encoded + "&name=" + encoded + "&" + encoded + "=1"
		}),
		nonce(nil).with(func(x *exchange) {
			x.sent, x.request = "application/x-www-form-urlencoded", encoded+"="+encoded+"&name="+encoded
		}),
		nonce(nil).with(func(x *exchange) { x.request, x.answer = `{"walletAddress":"`+secret, `{"`+secret }),
		auth(func(answer object) { answer["user"].(object)["displayAddress"] = secret }),
		auth(func(answer object) { everywhere(answer["user"].(object)) }),
		validate(func(answer object) { answer["email"], answer["sub"] = secret, secret }),
		ownership(func(answer object) {
			answer["tokenBalances"] = object{"contractAddress": object{secret: secret}, secret: secret}
		}),
		ownership(nil).with(func(x *exchange) { x.target = "/chains/" + path + "/wallets/" + path + "/tokenOwnership" }),
		chain(nil).with(failed).with(withHeader),
		chain(nil).with(func(x *exchange) { x.target = "/chains/" + path }),
		{method: "POST", target: "/oauth2/token?" + encoded, sent: "application/x-www-form-urlencoded", request: "grant_type=password&username=" + encoded + "&" + encoded + "=" + encoded,
			status: 400, media: "application/json", answer: asText(object{"code": secret, "error": secret, "msg": secret})},
		{method: "GET", target: "/users/" + path, status: 200, media: "application/json", answer: asText(object{"name": secret})},
		{method: "GET", target: "/users/" + path + "/cards/" + path + "?q=" + encoded, status: 200, media: "application/json", answer: asText(object{secret: 1, "cards": []any{secret}})},
		{method: "GET", target: "/user/" + path, status: 200, media: "text/plain", answer: secret},
		{method: "GET", target: "/" + path + "/settings", status: 200, media: "application/json", answer: asText(secret)},
		{method: "GET", target: "/settings", status: 200, media: "application/vnd." + path + "+json", answer: asText([]any{secret, object{secret: secret}})},
		{method: "PUT", target: "/settings", sent: "application/" + path, request: secret, status: 302, header: http.Header{"Location": {"https://example.org/" + path}}},
	}
	var usable []exchange
	for _, x := range all {
		if _, err := url.Parse("http://example.com" + x.target); err == nil {
			usable = append(usable, x)
		}
	}
	return usable
}

func TestNoSecretIsInAFile(t *testing.T) {
	contract, err := spec.API()
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		t.Run(secret, func(t *testing.T) {
			t.Parallel()
			log, _ := pass(t, contract, times(10, hostile(secret)...))
			text, err := log.JSON()
			if err != nil {
				t.Fatal(err)
			}
			if found := traces(string(text), secret); len(found) > 0 {
				t.Errorf("the file has %q\n%s", found, text)
			}
			if log.Operations["POST /auth/nonce"] == nil {
				t.Error("nothing was noted")
			}
		})
	}
}

func TestManyUsersAreNoNames(t *testing.T) {
	contract, err := spec.API()
	if err != nil {
		t.Fatal(err)
	}
	users := strings.Fields("alice bob carol dave erin frank grace heidi ivan judy mallory niaj olivia peggy rupert sybil trent victor walter wendy")
	var traffic []exchange
	for _, user := range users {
		traffic = append(traffic, times(5,
			nonce(func(answer object) { answer["names"] = object{user: "1.5"} }),
			chain(func(answer object) { answer[user] = "1.5" }),
			exchange{method: "GET", target: "/latest/" + user, status: 200, media: "application/json", answer: `{"total":1}`},
			exchange{method: "GET", target: "/cards/" + user, status: 200, media: "application/json", answer: `{"total":1}`},
		)...)
	}
	log, _ := pass(t, contract, traffic)
	text, err := log.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range users {
		if strings.Contains(string(text), user) {
			t.Errorf("the file has %s", user)
		}
	}
	for _, path := range []string{"/cards/", "/latest/"} {
		if _, ok := log.Others["GET "+path+observe.Placeholder]; !ok {
			t.Errorf("%s without the names is not noted", path)
		}
	}
}
