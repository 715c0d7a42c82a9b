package picket_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

func TestAnOriginIsASchemeAndAHost(t *testing.T) {
	for site, ok := range map[string]bool{
		"https://example.com": true, "https://shop.example.com:8443": true, "https://EXAMPLE.com": true, "https://example.com:443": true,
		"https://xn--bcher-kva.example": true, "https://192.0.2.1": true, "https://[2001:db8::1]:8443": true, "https://a_b.example": true,
		"http://localhost": true, "http://LocalHost:3000": true, "http://127.0.0.1:8080": true, "http://[::1]:80": true,

		"": false, "null": false, "*": false, "example.com": false, "//example.com": false, "localhost:3000": false,
		"http://example.com": false, "http://localhost.example.com": false, "http://127.0.0.1.example.com": false, "http://0.0.0.0": false,
		"https://": false, "https://:443": false, "https://example.com/": false, "https://example.com/login": false,
		"https://example.com?": false, "https://example.com?a": false, "https://example.com#": false, "https://example.com#a": false,
		"https://user@example.com": false, "https://user:hunter2@example.com": false, "https://@example.com": false,
		"https://*.example.com": false, "https://exam ple.com": false, "https://example.com ": false, " https://example.com": false,
		"https://bücher.example": false, "https://example.com:": false, "https://example.com:0443": false, "https://example.com:x": false,
		"https://a..example": false, "https://example.com,https://evil.example": false, "https://evil.example\\@example.com": false,
		"ftp://example.com": false, "chrome-extension://abc": false, "https:example.com": false, "https://[fe80::1%25eth0]": false,
		"https://exa%6dple.com": false, "https://example.com\n": false, "https://example.com\u200b": false,
	} {
		if _, err := picket.New(testKey, picket.WithOrigin(site)); (err == nil) != ok || strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("%q: %v", site, err)
		}
	}
}

// wantSent fails unless a login of a client with an origin was sent, or was not sent and the error says why.
func wantSent(t *testing.T, want string, request picket.AuthRequest, options ...picket.Option) {
	t.Helper()
	client, requests := serve(t, http.StatusForbidden, "application/json", `{"msg":"no"}`, options...)
	_, err := client.Auth(t.Context(), request)
	switch {
	case want == "" && (len(*requests) != 1 || !errors.Is(err, picket.CodePermissionDenied)):
		t.Errorf("it was not sent: %v", err)
	case want != "" && (len(*requests) != 0 || !errors.Is(err, picket.ErrInvalidArgument) || !strings.Contains(err.Error(), want)):
		t.Errorf("got %v, which does not say %q, and %d requests", err, want, len(*requests))
	}
}

func TestALoginMustBeOfTheSiteTheChainAndNow(t *testing.T) {
	now := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	at := func(d time.Duration) string { return now.Add(d).Format(time.RFC3339Nano) }
	clock := picket.WithClock(func() time.Time { return now })
	type edit = func(*picket.AuthRequest)
	for name, test := range map[string]struct {
		edit edit
		want string // what the error says, or "" for none
	}{
		"as it should be":                 {func(*picket.AuthRequest) {}, ""},
		"with a path":                     {func(r *picket.AuthRequest) { r.Context.URI = "https://shop.example:8443/login?a=b#c" }, ""},
		"a scheme and host in capitals":   {func(r *picket.AuthRequest) { r.Context.URI = "HTTPS://Shop.Example:8443" }, ""},
		"with a locale":                   {func(r *picket.AuthRequest) { r.Context.Locale = "de" }, ""},
		"with the type left out":          {func(r *picket.AuthRequest) { r.Context.ChainType = "" }, ""},
		"with the default chain named":    {func(r *picket.AuthRequest) { r.Chain = "ethereum" }, ""},
		"on polygon":                      {func(r *picket.AuthRequest) { r.Chain, r.Context.ChainID = "polygon", 137 }, ""},
		"on optimism":                     {func(r *picket.AuthRequest) { r.Chain, r.Context.ChainID = "optimism", 10 }, ""},
		"on arbitrum":                     {func(r *picket.AuthRequest) { r.Chain, r.Context.ChainID = "arbitrum", 42161 }, ""},
		"on avalanche":                    {func(r *picket.AuthRequest) { r.Chain, r.Context.ChainID = "avalanche", 43114 }, ""},
		"on Solana":                       {func(r *picket.AuthRequest) { r.Chain, r.Context.ChainID, r.Context.ChainType = "solana", 101, "solana" }, ""},
		"on Flow":                         {func(r *picket.AuthRequest) { r.Chain, r.Context.ChainID, r.Context.ChainType = "flow", 747, "flow" }, ""},
		"of five minutes ago":             {func(r *picket.AuthRequest) { r.Context.IssuedAt = at(-5 * time.Minute) }, ""},
		"of a clock that is a minute off": {func(r *picket.AuthRequest) { r.Context.IssuedAt = at(time.Minute) }, ""},
		"of another zone":                 {func(r *picket.AuthRequest) { r.Context.IssuedAt = "2024-05-06T09:08:00+02:00" }, ""},
		"in lower case":                   {func(r *picket.AuthRequest) { r.Context.IssuedAt = "2024-05-06t07:08:00.5z" }, ""},

		"no context":                {func(r *picket.AuthRequest) { r.Context = picket.SigningMessageContext{} }, "Context is empty"},
		"evil.example":              {func(r *picket.AuthRequest) { r.Context.Domain, r.Context.URI = "evil.example", "https://evil.example" }, "another site"},
		"the domain of evil":        {func(r *picket.AuthRequest) { r.Context.Domain = "evil.example" }, "Context.Domain"},
		"no domain":                 {func(r *picket.AuthRequest) { r.Context.Domain = "" }, "Context.Domain"},
		"a domain without port":     {func(r *picket.AuthRequest) { r.Context.Domain = "shop.example" }, "Context.Domain"},
		"a domain that begins so":   {func(r *picket.AuthRequest) { r.Context.Domain = "shop.example:8443.evil.example" }, "Context.Domain"},
		"a domain that ends so":     {func(r *picket.AuthRequest) { r.Context.Domain = "evil-shop.example:8443" }, "Context.Domain"},
		"a subdomain":               {func(r *picket.AuthRequest) { r.Context.Domain = "a.shop.example:8443" }, "Context.Domain"},
		"a domain in capitals":      {func(r *picket.AuthRequest) { r.Context.Domain = "Shop.example:8443" }, "Context.Domain"},
		"a domain with long s":      {func(r *picket.AuthRequest) { r.Context.Domain = "ſhop.example:8443" }, "Context.Domain"},
		"the URI of evil":           {func(r *picket.AuthRequest) { r.Context.URI = "https://evil.example" }, "Context.URI"},
		"no URI":                    {func(r *picket.AuthRequest) { r.Context.URI = "" }, "Context.URI"},
		"a URI with the domain in":  {func(r *picket.AuthRequest) { r.Context.URI = "https://evil.example/https://shop.example:8443" }, "Context.URI"},
		"a URI with a user":         {func(r *picket.AuthRequest) { r.Context.URI = "https://shop.example:8443@evil.example" }, "Context.URI"},
		"a URI with a backslash":    {func(r *picket.AuthRequest) { r.Context.URI = `https://shop.example:8443\@evil.example` }, "Context.URI"},
		"a URI in the clear":        {func(r *picket.AuthRequest) { r.Context.URI = "http://shop.example:8443" }, "Context.URI"},
		"a URI of another port":     {func(r *picket.AuthRequest) { r.Context.URI = "https://shop.example" }, "Context.URI"},
		"a URI without slashes":     {func(r *picket.AuthRequest) { r.Context.URI = "https:shop.example:8443" }, "Context.URI"},
		"a URI without a scheme":    {func(r *picket.AuthRequest) { r.Context.URI = "shop.example:8443" }, "Context.URI"},
		"chain 1 on polygon":        {func(r *picket.AuthRequest) { r.Chain = "polygon" }, "Context.ChainID is 1, and that of the request's chain polygon is 137"},
		"chain 137 on ethereum":     {func(r *picket.AuthRequest) { r.Context.ChainID = 137 }, "Context.ChainID"},
		"no chain ID":               {func(r *picket.AuthRequest) { r.Context.ChainID = 0 }, "Context.ChainID"},
		"a chain nobody knows":      {func(r *picket.AuthRequest) { r.Chain = "newchain" }, "is not known"},
		"the type of Solana":        {func(r *picket.AuthRequest) { r.Context.ChainType = "solana" }, "Context.ChainType"},
		"no type on Solana":         {func(r *picket.AuthRequest) { r.Chain, r.Context.ChainID, r.Context.ChainType = "solana", 101, "" }, "Context.ChainType"},
		"a type nobody knows":       {func(r *picket.AuthRequest) { r.Context.ChainType = "bitcoin" }, "Context.ChainType"},
		"of 1990":                   {func(r *picket.AuthRequest) { r.Context.IssuedAt = "1990-01-01T00:00:00Z" }, "ago"},
		"of a bit too long ago":     {func(r *picket.AuthRequest) { r.Context.IssuedAt = at(-5*time.Minute - time.Millisecond) }, "ago"},
		"of a bit too far ahead":    {func(r *picket.AuthRequest) { r.Context.IssuedAt = at(time.Minute + time.Millisecond) }, "ahead"},
		"of the year 9999":          {func(r *picket.AuthRequest) { r.Context.IssuedAt = "9999-12-31T23:59:59Z" }, "ahead"},
		"of the year 0":             {func(r *picket.AuthRequest) { r.Context.IssuedAt = "0000-01-01T00:00:00Z" }, "ago"},
		"of no time":                {func(r *picket.AuthRequest) { r.Context.IssuedAt = "" }, "IssuedAt"},
		"of a time in words":        {func(r *picket.AuthRequest) { r.Context.IssuedAt = "now" }, "IssuedAt"},
		"of a day":                  {func(r *picket.AuthRequest) { r.Context.IssuedAt = "2024-05-06" }, "IssuedAt"},
		"of a time with line break": {func(r *picket.AuthRequest) { r.Context.IssuedAt = at(0) + "\n" }, "IssuedAt"},
	} {
		t.Run(name, func(t *testing.T) {
			request := picket.AuthRequest{WalletAddress: address, Signature: "0x51617a", Context: picket.SigningMessageContext{
				Domain: "shop.example:8443", URI: "https://shop.example:8443", ChainID: 1, ChainType: picket.ChainTypeEthereum, IssuedAt: at(0),
			}}
			test.edit(&request)
			wantSent(t, test.want, request, picket.WithOrigin("https://Shop.example:8443"), clock)
			wantSent(t, "", request) // nothing is checked without an origin
		})
	}
}

func TestDefaultPortsAreNotPartOfAnOrigin(t *testing.T) {
	for _, site := range []string{"https://shop.example", "https://shop.example:443"} {
		for uri, want := range map[string]string{"https://shop.example": "", "https://shop.example:443/": "", "https://shop.example:80": "Context.URI"} {
			wantSent(t, want, picket.AuthRequest{WalletAddress: address, Signature: "0x51617a", Context: picket.SigningMessageContext{
				Domain: "shop.example", URI: uri, ChainID: 1, IssuedAt: time.Now().UTC().Format(time.RFC3339),
			}}, picket.WithOrigin(site))
		}
	}
	wantSent(t, "", picket.AuthRequest{WalletAddress: address, Signature: "0x51617a", Context: picket.SigningMessageContext{
		Domain: "[::1]", URI: "http://[::1]:80", ChainID: 1, IssuedAt: time.Now().UTC().Format(time.RFC3339),
	}}, picket.WithOrigin("http://[::1]:80"))
}

func TestAVictimOfAnotherSiteIsNotLoggedIn(t *testing.T) {
	srv := mock.Start(t)
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL), picket.WithOrigin("https://shop.example"))
	if err != nil {
		t.Fatal(err)
	}
	victim := mock.NewEthereumWallet(t)
	sign := func(site string) picket.AuthRequest {
		nonce, err := client.Nonce(t.Context(), picket.NonceRequest{WalletAddress: victim.Address})
		if err != nil {
			t.Fatal(err)
		}
		signed := picket.SigningMessageContext{
			Domain: site, URI: "https://" + site, ChainID: 1, IssuedAt: time.Now().UTC().Format(time.RFC3339),
		}
		message, err := picket.SigningMessage(nonce, victim.Address, signed)
		if err != nil {
			t.Fatal(err)
		}
		return picket.AuthRequest{WalletAddress: victim.Address, Signature: victim.Sign(message), Context: signed}
	}
	if login, err := client.Auth(t.Context(), sign("evil.example")); login != nil || !errors.Is(err, picket.ErrInvalidArgument) || len(srv.Journal("auth")) != 0 {
		t.Errorf("the attacker is the victim: %v, %v", login, err)
	}
	if login, err := client.Auth(t.Context(), sign("evil.example"), picket.WithOrigin("https://evil.example")); login == nil || err != nil {
		t.Errorf("the call's own origin does not come first: %v", err)
	}
	if login, err := client.Auth(t.Context(), sign("shop.example")); login == nil || err != nil {
		t.Errorf("the site's own user is not logged in: %v", err)
	}
}

func TestAGrantThatNamesNoSiteIsRefusedWithAnOrigin(t *testing.T) {
	client, requests := serve(t, http.StatusOK, "application/json", `{"accessToken":"a.b.c","tokenType":"Bearer","expiresIn":1}`, picket.WithOrigin("https://shop.example"))
	_, err := client.ExchangeGrant(t.Context(), picket.OAuthTokenRequest{GrantType: picket.GrantPassword, Username: address, Password: "0x51617a"})
	if !errors.Is(err, picket.ErrInvalidArgument) || !strings.Contains(err.Error(), "names no site") || len(*requests) != 0 {
		t.Errorf("got %v", err)
	}
	// A code was bound to a site by its redirect URI.
	if _, err := client.ExchangeGrant(t.Context(), picket.OAuthTokenRequest{Code: "c0de", RedirectURI: "https://shop.example/", CodeVerifier: "ver1fier"}); err != nil {
		t.Error(err)
	}
}

func TestAClockThatIsNilIsRefused(t *testing.T) {
	if _, err := picket.New(testKey, picket.WithClock(nil)); err == nil {
		t.Error("New takes it")
	}
}
