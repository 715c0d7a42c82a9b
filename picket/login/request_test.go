package login_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

func TestRequestsOfOtherSitesPagesAreRefused(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	for name, change := range map[string]func(*http.Request){
		"another origin":               func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"a subdomain":                  func(r *http.Request) { r.Header.Set("Origin", "https://evil.shop.example") },
		"the same host over http":      func(r *http.Request) { r.Header.Set("Origin", "http://shop.example") },
		"another port":                 func(r *http.Request) { r.Header.Set("Origin", "https://shop.example:8443") },
		"an opaque origin":             func(r *http.Request) { r.Header.Set("Origin", "null") },
		"an empty origin":              func(r *http.Request) { r.Header.Set("Origin", "") },
		"the origin in capitals":       func(r *http.Request) { r.Header.Set("Origin", "https://SHOP.example") },
		"two origins":                  func(r *http.Request) { r.Header.Add("Origin", "https://evil.example") },
		"cross-site by Sec-Fetch-Site": func(r *http.Request) { r.Header.Del("Origin"); r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"same-site by Sec-Fetch-Site":  func(r *http.Request) { r.Header.Del("Origin"); r.Header.Set("Sec-Fetch-Site", "same-site") },
		"DNS rebinding":                func(r *http.Request) { r.Host = "evil.example"; r.Header.Set("Origin", "https://evil.example") },
		"DNS rebinding without Sec-Fetch-Site": func(r *http.Request) {
			r.Host = "evil.example"
			r.Header = http.Header{"Origin": {"http://evil.example"}, "Content-Type": {"application/json"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBrowser(newShop(t, srv))
			b.logIn(t, wallet)
			b.message(t, wallet)
			cookies := maps.Clone(b.cookies)
			for _, path := range []string{"/login/ethereum/message", "/login/ethereum/signature", "/logout"} {
				r := b.request(path, property("walletAddress", wallet.Address))
				change(r)
				got := b.do(r)
				got.want(t, http.StatusForbidden, "cross_origin", "only for pages of https://shop.example")
				if len(got.header["Set-Cookie"]) != 0 {
					t.Errorf("%s sets cookies", path)
				}
			}
			if !maps.Equal(cookies, b.cookies) {
				t.Error("the cookies have changed")
			}
			if text := b.shop.log.String(); strings.Count(text, "another site's page") != 1 {
				t.Errorf("the log has %s", text)
			}
		})
	}
}

func TestRequestsBehindAProxyThatChangesHostAreTheSitesOwn(t *testing.T) {
	srv := mock.Start(t)
	b := newBrowser(newShop(t, srv))
	for name, change := range map[string]func(*http.Request){
		"with Sec-Fetch-Site": func(*http.Request) {},
		"without":             func(r *http.Request) { r.Header.Del("Sec-Fetch-Site") },
		"no browser":          func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Del("Origin") },
	} {
		r := b.request("/login/ethereum/message", property("walletAddress", mock.NewEthereumWallet(t).Address))
		r.Host = "10.0.0.7:8080"
		change(r)
		if got := b.do(r); got.status != http.StatusOK {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	b := newBrowser(newShop(t, mock.Start(t)))
	for _, path := range []string{"/login/ethereum/message", "/login/ethereum/signature", "/logout"} {
		for _, method := range []string{"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post"} {
			r := b.request(path, "")
			r.Method = method
			got := b.do(r)
			got.want(t, http.StatusMethodNotAllowed, "method_not_allowed", "POST")
			if got.header.Get("Allow") != "POST" || len(got.header["Set-Cookie"]) != 0 {
				t.Errorf("got %v", got.header)
			}
		}
	}
}

func TestBodiesThatAreNotExactlyWhatIsAskedForAreRefused(t *testing.T) {
	srv := mock.Start(t)
	address := mock.NewEthereumWallet(t).Address
	for name, test := range map[string]struct{ body, part string }{
		"a name in other capitals":   {`{"walletaddress":"` + address + `"}`, `"walletaddress" is not a property`},
		"a doubled name":             {`{"walletAddress":"` + address + `","walletAddress":"` + address + `"}`, "there twice"},
		"a doubled name, escaped":    {`{"walletAddress":"` + address + `","wallet\u0041ddress":"` + address + `"}`, "there twice"},
		"a context from the browser": {`{"walletAddress":"` + address + `","context":{"domain":"evil.example"}}`, `"context" is not a property`},
		"a chain from the browser":   {`{"walletAddress":"` + address + `","chain":"polygon"}`, `"chain" is not a property`},
		"requirements":               {`{"requirements":{},"walletAddress":"` + address + `"}`, `"requirements" is not a property`},
		"an unknown name, very long": {`{"` + strings.Repeat("é", 500) + `":""}`, `\u00e9"… is not`},
		"nothing":                    {``, "not a JSON object"},
		"no property":                {`{}`, "missing or empty"},
		"an empty string":            {`{"walletAddress":""}`, "empty"},
		"a number":                   {`{"walletAddress":1}`, "not a string"},
		"null":                       {`{"walletAddress":null}`, "not a string"},
		"a list":                     {`{"walletAddress":["` + address + `"]}`, "not a string"},
		"an object":                  {`{"walletAddress":{"a":"b"}}`, "not a string"},
		"null alone":                 {`null`, "not a JSON object"},
		"a list alone":               {`[{"walletAddress":"` + address + `"}]`, "not a JSON object"},
		"a string alone":             {`"` + address + `"`, "not a JSON object"},
		"more after it":              {`{"walletAddress":"` + address + `"}{}`, "more after"},
		"garbage after it":           {`{"walletAddress":"` + address + `"}x`, "more after"},
		"cut off":                    {`{"walletAddress":"` + address + `"`, "not a JSON object"},
		"a comma too many":           {`{"walletAddress":"` + address + `",}`, "not a JSON object"},
		"no comma":                   {`{"walletAddress":"` + address + `" "walletAddress":"x"}`, "not a JSON object"},
		"a byte order mark":          {"\ufeff" + `{"walletAddress":"` + address + `"}`, "not a JSON object"},
		"not UTF-8":                  {`{"walletAddress":"` + "\xff" + address + `"}`, "not UTF-8"},
		"form encoded":               {"walletAddress=" + address, "not a JSON object"},
		"very deep":                  {strings.Repeat(`{"walletAddress":`, 900), "not a string"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBrowser(newShop(t, srv))
			got := b.post("/login/ethereum/message", test.body)
			got.want(t, http.StatusBadRequest, "parameter_invalid", test.part)
			got.want(t, http.StatusBadRequest, "parameter_invalid", `send exactly {"walletAddress": "…"}`)
			if text := b.shop.log.String(); text != "" {
				t.Errorf("the log has %s", text)
			}
		})
	}
}

func TestBodiesAreBounded(t *testing.T) {
	b := newBrowser(newShop(t, mock.Start(t)))
	for _, path := range []string{"message", "signature"} {
		b.post("/login/ethereum/"+path, `{"walletAddress":"`+strings.Repeat("a", 16<<10)+`"}`).
			want(t, http.StatusRequestEntityTooLarge, "parameter_invalid", "longer than 16384 bytes")
	}
}

func TestOtherMediaTypesAreRefused(t *testing.T) {
	srv := mock.Start(t)
	b := newBrowser(newShop(t, srv))
	body := property("walletAddress", mock.NewEthereumWallet(t).Address)
	for _, contentTypes := range [][]string{
		nil, {""}, {"text/plain"}, {"application/x-www-form-urlencoded"}, {"multipart/form-data; boundary=x"}, {"application/jsonp"},
		{"application/json", "application/json"}, {"application/json; charset=utf-8,application/json"}, {"application/json; charset: utf-8"},
		{"application/json; charset=iso-8859-1"}, {"text/plain; a=application/json"}, {"application/json; boundary=x"},
	} {
		r := b.request("/login/ethereum/message", body)
		r.Header["Content-Type"] = contentTypes
		b.do(r).want(t, http.StatusUnsupportedMediaType, "parameter_invalid", "Content-Type: application/json")
	}
	for _, contentType := range []string{"application/json", "application/json;charset=utf-8", "Application/JSON; charset=UTF-8"} {
		r := b.request("/login/ethereum/message", body)
		r.Header.Set("Content-Type", contentType)
		if got := b.do(r); got.status != http.StatusOK {
			t.Errorf("%s: got %d %s", contentType, got.status, got.body)
		}
	}
}
