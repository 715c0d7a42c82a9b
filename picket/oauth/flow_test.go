package oauth_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/seed-a13ee279/picket/generated"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/oauth"
)

const (
	publishableKey = "pk_0123456789abcdef0123456789abcdef"
	redirectURI    = "https://shop.example/callback?from=picket"
)

func newFlow(t *testing.T, config oauth.Config) *oauth.Flow {
	t.Helper()
	flow, err := oauth.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return flow
}

// begin begins a login, and returns its session and the query of its URL.
func begin(t *testing.T, flow *oauth.Flow, parameters oauth.Parameters) (*oauth.Login, url.Values) {
	t.Helper()
	login, err := flow.Begin(parameters)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(login.URL)
	if err != nil {
		t.Fatal(err)
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		t.Fatal(err)
	}
	return login, query
}

func everyParameter() oauth.Parameters {
	return oauth.Parameters{
		Chain:  "solana",
		Locale: "pt-BR",
		Scope:  []string{"openid", "email"},
		Nonce:  "n-0S6_WzA2Mj",
		Requirements: &picket.Requirements{
			ContractAddress: "0xC0",
			CreatorAddress:  "CREATOR+&=",
			Collection:      picket.StringList{"A", "B"},
			TokenIDs:        []string{"MINT&1", "MINT=2"},
			AllowedWallets:  []string{"alice", "bob"},
			MinTokenBalance: "03.50",
		},
	}
}

func TestTheURLHasAllThatWasAskedFor(t *testing.T) {
	flow := newFlow(t, oauth.Config{ClientID: publishableKey, RedirectURI: redirectURI})
	login, got := begin(t, flow, everyParameter())
	want := url.Values{
		"client_id":             {publishableKey},
		"redirect_uri":          {redirectURI},
		"response_type":         {"code"},
		"response_mode":         {"code"},
		"state":                 {string(login.Session.State)},
		"code_challenge":        got["code_challenge"],
		"code_challenge_method": {"S256"},
		"chain":                 {"solana"},
		"locale":                {"pt-BR"},
		"scope":                 {"openid email"},
		"nonce":                 {"n-0S6_WzA2Mj"},
		"contractAddress":       {"0xC0"},
		"creatorAddress":        {"CREATOR+&="},
		"collection":            {"A", "B"},
		"tokenIds":              {"MINT&1", "MINT=2"},
		"allowedWallets":        {"alice", "bob"},
		"minTokenBalance":       {"3.5"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(login.URL, "https://picketapi.com/api/v1/oauth2/authorize?") {
		t.Errorf("got %s", login.URL)
	}
	if strings.Contains(login.URL, string(login.Session.CodeVerifier)) {
		t.Error("the URL shows the code verifier")
	}
}

func TestInsecureHTTPIsForHTTPAlone(t *testing.T) {
	for config, want := range map[oauth.Config]bool{
		{RedirectURI: "http://shop.test/", BaseURL: "http://picket-mock:4010/api/v1", InsecureHTTP: true}: true,
		{RedirectURI: "http://shop.test/", BaseURL: "http://picket-mock:4010/api/v1"}:                     false,
		{RedirectURI: "ftp://shop.test/", InsecureHTTP: true}:                                             false,
		{RedirectURI: "http://user@shop.test/", InsecureHTTP: true}:                                       false,
	} {
		config.ClientID = publishableKey
		if _, err := oauth.New(config); (err == nil) != want {
			t.Errorf("%+v: %v", config, err)
		}
	}
}

func TestTheURLHasNothingThatWasNotAskedFor(t *testing.T) {
	for _, base := range []string{"http://127.0.0.1:4010/api/v1", "http://127.0.0.1:4010/api/v1/", "http://localhost:4010/api/v1", "http://[::1]:4010/api/v1", "https://picket.example"} {
		flow := newFlow(t, oauth.Config{ClientID: publishableKey, RedirectURI: "http://localhost:3000/", BaseURL: base})
		login, got := begin(t, flow, oauth.Parameters{})
		want := url.Values{
			"client_id":             {publishableKey},
			"redirect_uri":          {"http://localhost:3000/"},
			"response_type":         {"code"},
			"response_mode":         {"code"},
			"state":                 {string(login.Session.State)},
			"code_challenge":        got["code_challenge"],
			"code_challenge_method": {"S256"},
		}
		if diff := cmp.Diff(want, got); diff != "" || !strings.HasPrefix(login.URL, strings.TrimSuffix(base, "/")+"/oauth2/authorize?") {
			t.Error(login.URL, diff)
		}
	}
}

// TestTheContractHasNoOtherParameters fails when openapi.yaml gains one that this package should have, too.
func TestTheContractHasNoOtherParameters(t *testing.T) {
	signedLogin := []string{"walletAddress", "signature", "domain", "uri", "issuedAt"} // of applications that hold the signature
	var want []string
	contract := reflect.TypeFor[generated.AuthorizeParams]()
	for i := range contract.NumField() {
		if name, _, _ := strings.Cut(contract.Field(i).Tag.Get("form"), ","); !slices.Contains(signedLogin, name) {
			want = append(want, name)
		}
	}
	_, query := begin(t, newFlow(t, oauth.Config{ClientID: publishableKey, RedirectURI: redirectURI}), everyParameter())
	var got []string
	for name := range query {
		got = append(got, name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestTheVerifierAndTheChallengeAreThoseOfRFC7636 makes the random bytes those of the RFC's appendix B.
func TestTheVerifierAndTheChallengeAreThoseOfRFC7636(t *testing.T) {
	octets := []byte{
		116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
	}
	random := rand.Reader
	t.Cleanup(func() { rand.Reader = random })
	rand.Reader = bytes.NewReader(slices.Concat(octets, octets)) // for the state, too

	login, query := begin(t, newFlow(t, oauth.Config{ClientID: publishableKey, RedirectURI: redirectURI}), oauth.Parameters{})
	want := oauth.Session{
		State:        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		CodeVerifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		RedirectURI:  redirectURI,
	}
	if diff := cmp.Diff(want, login.Session); diff != "" {
		t.Error(diff)
	}
	if got := query.Get("code_challenge"); got != "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" {
		t.Errorf("got the challenge %s", got)
	}
}

func TestTheChallengeIsTheOneThatAnotherClientMakes(t *testing.T) {
	flow := newFlow(t, oauth.Config{ClientID: publishableKey, RedirectURI: redirectURI})
	for range 20 {
		login, query := begin(t, flow, oauth.Parameters{})
		if want := oauth2.S256ChallengeFromVerifier(string(login.Session.CodeVerifier)); query.Get("code_challenge") != want {
			t.Errorf("got %s, want %s", query.Get("code_challenge"), want)
		}
	}
}

func TestEveryLoginHasSecretsOfItsOwn(t *testing.T) {
	flow := newFlow(t, oauth.Config{ClientID: publishableKey, RedirectURI: redirectURI})
	seen := map[picket.Secret]bool{}
	for range 100 {
		login, _ := begin(t, flow, oauth.Parameters{})
		for _, secret := range []picket.Secret{login.Session.State, login.Session.CodeVerifier} {
			if random, err := base64.RawURLEncoding.DecodeString(string(secret)); err != nil || len(random) != 32 || seen[secret] {
				t.Fatalf("%q has %d bytes, %v; seen before: %v", string(secret), len(random), err, seen[secret])
			}
			seen[secret] = true
		}
	}
}

func TestAConfigurationThatCannotWorkIsRefused(t *testing.T) {
	const secretKey = "sk_0123456789abcdef0123456789abcdef"
	for name, test := range map[string]struct {
		change func(*oauth.Config)
		want   string
	}{
		"no client":                    {func(c *oauth.Config) { c.ClientID = "" }, "ClientID is empty"},
		"secret key":                   {func(c *oauth.Config) { c.ClientID = secretKey }, "ClientID is a secret key"},
		"secret key in capitals":       {func(c *oauth.Config) { c.ClientID = strings.ToUpper(secretKey) }, "ClientID is a secret key"},
		"secret key with a space":      {func(c *oauth.Config) { c.ClientID = " " + secretKey }, "ClientID is a secret key"},
		"secret key of another kind":   {func(c *oauth.Config) { c.ClientID = secretKey[3:] }, "ClientID is not a publishable key"},
		"key with a line break":        {func(c *oauth.Config) { c.ClientID += "\n" }, "ClientID is not a publishable key"},
		"prefix alone":                 {func(c *oauth.Config) { c.ClientID = "pk_" }, "ClientID is not a publishable key"},
		"no redirect URI":              {func(c *oauth.Config) { c.RedirectURI = "" }, "RedirectURI \"\" is not an absolute https URL"},
		"relative redirect URI":        {func(c *oauth.Config) { c.RedirectURI = "/callback" }, "is not an absolute https URL"},
		"redirect URI without host":    {func(c *oauth.Config) { c.RedirectURI = "https:///callback" }, "is not an absolute https URL"},
		"redirect URI of a port":       {func(c *oauth.Config) { c.RedirectURI = "https://:443/" }, "is not an absolute https URL"},
		"redirect URI of an app":       {func(c *oauth.Config) { c.RedirectURI = "com.example.app:/callback" }, "is not an absolute https URL"},
		"redirect URI of a script":     {func(c *oauth.Config) { c.RedirectURI = "javascript:alert(1)" }, "is not an absolute https URL"},
		"http redirect URI":            {func(c *oauth.Config) { c.RedirectURI = "http://shop.example/" }, "is http"},
		"http, looks like this host":   {func(c *oauth.Config) { c.RedirectURI = "http://localhost.evil.example/" }, "is http"},
		"redirect URI with a fragment": {func(c *oauth.Config) { c.RedirectURI += "#top" }, "has a fragment"},
		"redirect URI with a hash":     {func(c *oauth.Config) { c.RedirectURI += "#" }, "has a fragment"},
		"redirect URI with a user":     {func(c *oauth.Config) { c.RedirectURI = "https://a:hunter2@shop.example/" }, "has a user"},
		"redirect URI with a space":    {func(c *oauth.Config) { c.RedirectURI += " " }, "has a space"},
		"redirect URI not in ASCII":    {func(c *oauth.Config) { c.RedirectURI = "https://bücher.example/" }, "not printable ASCII"},
		"malformed redirect URI":       {func(c *oauth.Config) { c.RedirectURI = "https://hunter2%zz" }, "is not a URL"},
		"http base URL":                {func(c *oauth.Config) { c.BaseURL = "http://picketapi.com/api/v1" }, "BaseURL \"http://picketapi.com/api/v1\" is http"},
		"base URL with a query":        {func(c *oauth.Config) { c.BaseURL = "https://picketapi.com?a" }, "BaseURL has a query"},
		"base URL with a fragment":     {func(c *oauth.Config) { c.BaseURL = "https://picketapi.com#a" }, "has a fragment"},
	} {
		t.Run(name, func(t *testing.T) {
			config := oauth.Config{ClientID: publishableKey, RedirectURI: redirectURI}
			test.change(&config)
			flow, err := oauth.New(config)
			if flow != nil || !errors.Is(err, picket.ErrInvalidArgument) || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, %v", flow, err)
			}
			if text := strings.ToLower(err.Error()); strings.Contains(text, secretKey[3:]) || strings.Contains(text, "hunter2") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func TestParametersThatCannotBeMeantAreRefused(t *testing.T) {
	flow := newFlow(t, oauth.Config{ClientID: publishableKey, RedirectURI: redirectURI})
	for name, test := range map[string]struct {
		parameters oauth.Parameters
		want       string
	}{
		"chain with a space":    {oauth.Parameters{Chain: "ethereum "}, "Chain has a space"},
		"locale with a break":   {oauth.Parameters{Locale: "en\n"}, "Locale has a space"},
		"nonce not in ASCII":    {oauth.Parameters{Nonce: "ü"}, "Nonce has a space"},
		"two scopes in one":     {oauth.Parameters{Scope: []string{"email", "openid email"}}, "Scope[1]"},
		"scope with a quote":    {oauth.Parameters{Scope: []string{`"`}}, "Scope[0]"},
		"empty scope":           {oauth.Parameters{Scope: []string{""}}, "Scope[0] is empty"},
		"empty requirements":    {oauth.Parameters{Requirements: &picket.Requirements{}}, "let everyone in"},
		"empty list":            {oauth.Parameters{Requirements: &picket.Requirements{AllowedWallets: []string{}}}, "AllowedWallets is empty"},
		"blank in a list":       {oauth.Parameters{Requirements: &picket.Requirements{TokenIDs: []string{"A", ""}}}, "TokenIDs[1]"},
		"minimum of nothing":    {oauth.Parameters{Requirements: &picket.Requirements{MinTokenBalance: "1"}}, "MinTokenBalance"},
		"minimum below zero":    {oauth.Parameters{Requirements: &picket.Requirements{ContractAddress: "0xC0", MinTokenBalance: "-1"}}, "MinTokenBalance"},
		"contract with a space": {oauth.Parameters{Requirements: &picket.Requirements{ContractAddress: " "}}, "ContractAddress"},
	} {
		t.Run(name, func(t *testing.T) {
			login, err := flow.Begin(test.parameters)
			if login != nil || !errors.Is(err, picket.ErrInvalidArgument) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, %v", login, err)
			}
		})
	}
	for _, flow := range []*oauth.Flow{nil, {}} {
		if login, err := flow.Begin(oauth.Parameters{}); login != nil || !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("a flow that New did not make: %v, %v", login, err)
		}
	}
}
