package oauth_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/oauth"
	"github.com/seed-a13ee279/picket/picket/types"
)

const (
	publishableKey = "pk_0123456789abcdef0123456789abcdef"
	redirectURI    = "https://shop.example/callback?from=picket"
)

// config is what New is given.
type config struct {
	ClientID, RedirectURI string
	BaseURL               string // the default if empty
	InsecureHTTP          bool
}

func (c config) new() (*oauth.Logins, error) {
	var options []oauth.Option
	if c.BaseURL != "" {
		options = append(options, oauth.WithBaseURL(c.BaseURL))
	}
	if c.InsecureHTTP {
		options = append(options, oauth.WithInsecureHTTP())
	}
	return oauth.New(c.ClientID, c.RedirectURI, options...)
}

func newLogins(t *testing.T, config config) *oauth.Logins {
	t.Helper()
	logins, err := config.new()
	if err != nil {
		t.Fatal(err)
	}
	return logins
}

// begin begins a login, and returns it with the query of its URL.
func begin(t *testing.T, logins *oauth.Logins, chain string, parameters oauth.Parameters) (*oauth.Login, url.Values) {
	t.Helper()
	login, err := logins.Begin(chain, parameters)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(string(login.URL))
	if err != nil {
		t.Fatal(err)
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		t.Fatal(err)
	}
	return login, query
}

const (
	collection = "SMBtHCCC6RYRutFEPb4gZqeBLUZbMNhRKaMKZZLHi7W"
	creator    = "BDU6sbR76AEgBWz8Ztw2tUQhFWZ1LtUnj1X4oF3Lq9rN"
	mint       = "So11111111111111111111111111111111111111112"
	mint2      = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
	wallet1    = "7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU"
	wallet2    = "HN7cABqLq46Es1jh92dQQisAq662SmxELLLsHHe4YWrH"
)

// onSolana has every parameter that there is on Solana; on EVM chains there is also ContractAddress.
func onSolana() oauth.Parameters {
	return oauth.Parameters{
		Locale: "pt-BR",
		Scope:  []string{"openid", "email"},
		Nonce:  "n-0S6_WzA2Mj",
		Requirements: &picket.Requirements{
			CreatorAddress:  creator,
			Collection:      picket.StringList{collection, creator},
			TokenIDs:        []string{mint, mint2},
			AllowedWallets:  []string{wallet1, wallet2},
			MinTokenBalance: "03.50",
		},
	}
}

func TestTheURLHasAllThatWasAskedFor(t *testing.T) {
	logins := newLogins(t, config{ClientID: publishableKey, RedirectURI: redirectURI})
	always := func(login *oauth.Login, got url.Values) url.Values {
		return url.Values{
			"client_id":             {publishableKey},
			"redirect_uri":          {redirectURI},
			"response_type":         {"code"},
			"response_mode":         {"code"},
			"state":                 {string(login.Pending.State)},
			"code_challenge":        got["code_challenge"],
			"code_challenge_method": {"S256"},
		}
	}
	for name, test := range map[string]struct {
		chain      string
		parameters oauth.Parameters
		want       url.Values
	}{
		"on Solana": {"solana", onSolana(), url.Values{
			"chain":           {"solana"},
			"locale":          {"pt-BR"},
			"scope":           {"openid email"},
			"nonce":           {"n-0S6_WzA2Mj"},
			"creatorAddress":  {creator},
			"collection":      {collection, creator},
			"tokenIds":        {mint, mint2},
			"allowedWallets":  {wallet1, wallet2},
			"minTokenBalance": {"3.5"},
		}},
		"on an EVM chain": {"polygon", oauth.Parameters{Requirements: &picket.Requirements{ContractAddress: contract, MinTokenBalance: "1e2"}}, url.Values{
			"chain":           {"polygon"},
			"contractAddress": {contract},
			"minTokenBalance": {"100"},
		}},
		"on a chain that is not known yet": {"new-chain", oauth.Parameters{Requirements: &picket.Requirements{ContractAddress: "A+&=", TokenIDs: []string{"MINT&1", "MINT=2"}}}, url.Values{
			"chain":           {"new-chain"},
			"contractAddress": {"A+&="},
			"tokenIds":        {"MINT&1", "MINT=2"},
		}},
		"on any chain": {picket.AnyChain, oauth.Parameters{Requirements: &picket.Requirements{AllowedWallets: []string{contract, wallet1}}}, url.Values{
			"allowedWallets": {contract, wallet1},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			login, got := begin(t, logins, test.chain, test.parameters)
			want := always(login, got)
			maps.Copy(want, test.want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if !strings.HasPrefix(string(login.URL), "https://picketapi.com/api/v1/oauth2/authorize?") {
				t.Errorf("got %s", string(login.URL))
			}
			if strings.Contains(string(login.URL), string(login.Pending.CodeVerifier)) {
				t.Error("the URL shows the code verifier")
			}
		})
	}
}

func TestInsecureHTTPIsForHTTPOnly(t *testing.T) {
	for config, want := range map[config]bool{
		{RedirectURI: "http://shop.test/", BaseURL: "http://picket-mock:4010/api/v1", InsecureHTTP: true}: true,
		{RedirectURI: "http://shop.test/", BaseURL: "http://picket-mock:4010/api/v1"}:                     false,
		{RedirectURI: "ftp://shop.test/", InsecureHTTP: true}:                                             false,
		{RedirectURI: "http://user@shop.test/", InsecureHTTP: true}:                                       false,
	} {
		config.ClientID = publishableKey
		if _, err := config.new(); (err == nil) != want {
			t.Errorf("%+v: %v", config, err)
		}
	}
}

func TestTheURLHasNothingThatWasNotAskedFor(t *testing.T) {
	for _, base := range []string{"http://127.0.0.1:4010/api/v1", "http://127.0.0.1:4010/api/v1/", "http://localhost:4010/api/v1", "http://LocalHost:4010/api/v1", "http://[::1]:4010/api/v1", "https://picket.example"} {
		logins := newLogins(t, config{ClientID: publishableKey, RedirectURI: "http://localhost:3000/", BaseURL: base})
		login, got := begin(t, logins, picket.AnyChain, oauth.Parameters{})
		want := url.Values{
			"client_id":             {publishableKey},
			"redirect_uri":          {"http://localhost:3000/"},
			"response_type":         {"code"},
			"response_mode":         {"code"},
			"state":                 {string(login.Pending.State)},
			"code_challenge":        got["code_challenge"],
			"code_challenge_method": {"S256"},
		}
		if diff := cmp.Diff(want, got); diff != "" || !strings.HasPrefix(string(login.URL), strings.TrimSuffix(base, "/")+"/oauth2/authorize?") {
			t.Error(string(login.URL), diff)
		}
	}
}

// TestTheContractHasNoOtherParameters fails when openapi.yaml gains one that this package should have, too.
func TestTheContractHasNoOtherParameters(t *testing.T) {
	others := []string{
		"walletAddress", "signature", "domain", "uri", "issuedAt", // of applications that hold the signature
		"prompt", "max_age", "id_token_hint", // of applications that verify ID tokens
	}
	var want []string
	contract := reflect.TypeFor[types.AuthorizeParams]()
	for i := range contract.NumField() {
		if name, _, _ := strings.Cut(contract.Field(i).Tag.Get("form"), ","); !slices.Contains(others, name) {
			want = append(want, name)
		}
	}
	_, query := begin(t, newLogins(t, config{ClientID: publishableKey, RedirectURI: redirectURI}), "solana", onSolana())
	got := slices.AppendSeq([]string{"contractAddress"}, maps.Keys(query))
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

	login, query := begin(t, newLogins(t, config{ClientID: publishableKey, RedirectURI: redirectURI}), "ethereum", oauth.Parameters{})
	want := oauth.PendingLogin{
		State:        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		CodeVerifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		RedirectURI:  redirectURI,
		Chain:        "ethereum",
		Issuer:       picket.DefaultBaseURL,
	}
	if diff := cmp.Diff(want, login.Pending); diff != "" {
		t.Error(diff)
	}
	if got := query.Get("code_challenge"); got != "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" {
		t.Errorf("got the challenge %s", got)
	}
}

func TestTheChallengeIsTheOneThatAnotherClientMakes(t *testing.T) {
	logins := newLogins(t, config{ClientID: publishableKey, RedirectURI: redirectURI})
	for range 20 {
		login, query := begin(t, logins, "ethereum", oauth.Parameters{})
		if want := oauth2.S256ChallengeFromVerifier(string(login.Pending.CodeVerifier)); query.Get("code_challenge") != want {
			t.Errorf("got %s, want %s", query.Get("code_challenge"), want)
		}
	}
}

func TestEveryLoginHasSecretsOfItsOwn(t *testing.T) {
	logins := newLogins(t, config{ClientID: publishableKey, RedirectURI: redirectURI})
	seen := map[picket.Secret]bool{}
	for range 100 {
		login, _ := begin(t, logins, "ethereum", oauth.Parameters{})
		for _, secret := range []picket.Secret{login.Pending.State, login.Pending.CodeVerifier} {
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
		change func(*config)
		want   string
	}{
		"no client":                    {func(c *config) { c.ClientID = "" }, "the client ID is empty"},
		"secret key":                   {func(c *config) { c.ClientID = secretKey }, "the client ID is a secret key"},
		"secret key in capitals":       {func(c *config) { c.ClientID = strings.ToUpper(secretKey) }, "the client ID is a secret key"},
		"secret key with a space":      {func(c *config) { c.ClientID = " " + secretKey }, "the client ID is a secret key"},
		"secret key in quotes":         {func(c *config) { c.ClientID = `"` + secretKey + `"` }, "the client ID is a secret key"},
		"secret key after a BOM":       {func(c *config) { c.ClientID = "\uFEFF" + secretKey }, "the client ID is a secret key"},
		"secret key of another kind":   {func(c *config) { c.ClientID = secretKey[3:] }, "the client ID is not a publishable key"},
		"prefix only":                  {func(c *config) { c.ClientID = "pk_" }, "the client ID is not a publishable key"},
		"relative redirect URI":        {func(c *config) { c.RedirectURI = "/callback" }, "is not an absolute https URL"},
		"redirect URI without host":    {func(c *config) { c.RedirectURI = "https:///callback" }, "is not an absolute https URL"},
		"redirect URI of a port":       {func(c *config) { c.RedirectURI = "https://:443/" }, "is not an absolute https URL"},
		"redirect URI of an app":       {func(c *config) { c.RedirectURI = "com.example.app:/callback" }, "is not an absolute https URL"},
		"redirect URI of a script":     {func(c *config) { c.RedirectURI = "javascript:alert(1)" }, "is not an absolute https URL"},
		"redirect URI that is a key":   {func(c *config) { c.RedirectURI = secretKey }, "the redirect URI is not an absolute https URL"},
		"base URL that is a key":       {func(c *config) { c.BaseURL = secretKey }, "WithBaseURL: the base URL is not an absolute https URL"},
		"no redirect URI":              {func(c *config) { c.RedirectURI = "" }, "the redirect URI is empty"},
		"http redirect URI":            {func(c *config) { c.RedirectURI = "http://shop.example/?code=hunter2" }, "the redirect URI is http://shop.example, and http is for localhost and loopback addresses; use https, or allow it in a private network with WithInsecureHTTP"},
		"http, looks like this host":   {func(c *config) { c.RedirectURI = "http://localhost.evil.example/" }, "the redirect URI is http://localhost.evil.example, and http is for"},
		"redirect URI with a fragment": {func(c *config) { c.RedirectURI += "#top" }, "has a fragment"},
		"redirect URI with a hash":     {func(c *config) { c.RedirectURI += "#" }, "has a fragment"},
		"redirect URI with a user":     {func(c *config) { c.RedirectURI = "https://a:hunter2@shop.example/" }, "contains a user"},
		"redirect URI with a space":    {func(c *config) { c.RedirectURI = "https://shop.example/a b" }, "contains a space"},
		"redirect URI not in ASCII":    {func(c *config) { c.RedirectURI = "https://bücher.example/" }, "not printable ASCII"},
		"malformed redirect URI":       {func(c *config) { c.RedirectURI = "https://hunter2%zz" }, "is not a URL"},
		"http base URL":                {func(c *config) { c.BaseURL = "http://picketapi.com/api/v1" }, "WithBaseURL: the base URL is http://picketapi.com, and http is for localhost and loopback addresses; use https, or allow it in a private network with WithInsecureHTTP"},
		"base URL with a query":        {func(c *config) { c.BaseURL = "https://picketapi.com?a" }, "WithBaseURL: the base URL has a query"},
		"base URL with a fragment":     {func(c *config) { c.BaseURL = "https://picketapi.com#a" }, "has a fragment"},
	} {
		t.Run(name, func(t *testing.T) {
			config := config{ClientID: publishableKey, RedirectURI: redirectURI}
			test.change(&config)
			logins, err := config.new()
			if logins != nil || !errors.Is(err, picket.ErrInvalidArgument) || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, %v", logins, err)
			}
			if text := strings.ToLower(err.Error()); strings.Contains(text, secretKey[3:]) || strings.Contains(text, "hunter2") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func TestOptionsThatAreNotValidAreRefused(t *testing.T) {
	for want, options := range map[string][]oauth.Option{
		"an option is nil":                      {nil},
		"WithBaseURL: the base URL is empty":    {oauth.WithBaseURL("")},
		"WithBaseURL: the base URL is http://a": {oauth.WithBaseURL("http://a.example")},
	} {
		logins, err := oauth.New(publishableKey, redirectURI, options...)
		if logins != nil || !errors.Is(err, picket.ErrInvalidArgument) || !strings.HasPrefix(err.Error(), "oauth: invalid argument: "+want) {
			t.Errorf("%s: got %v, %v", want, logins, err)
		}
	}
	for _, options := range [][]oauth.Option{
		{oauth.WithBaseURL("http://a.example"), oauth.WithInsecureHTTP()},
		{oauth.WithInsecureHTTP(), oauth.WithBaseURL("http://a.example")},
	} {
		if _, err := oauth.New(publishableKey, redirectURI, options...); err != nil {
			t.Error(err)
		}
	}
	if logins, err := oauth.New(redirectURI, publishableKey); logins != nil || !errors.Is(err, picket.ErrInvalidArgument) {
		t.Errorf("interchanged: got %v, %v", logins, err)
	}
}

// TestAValueThatWasTakenTheWrongWayIsRefusedWithTheCause takes each field of a configuration from an environment or a file,
// as it goes wrong.
func TestAValueThatWasTakenTheWrongWayIsRefusedWithTheCause(t *testing.T) {
	fields := map[string]func(*config) *string{
		"the client ID":             func(c *config) *string { return &c.ClientID },
		"the redirect URI":          func(c *config) *string { return &c.RedirectURI },
		"WithBaseURL: the base URL": func(c *config) *string { return &c.BaseURL },
	}
	for name, test := range map[string]struct {
		change func(string) string
		want   string
	}{
		"in quotes":                     {strconv.Quote, "has a quotation mark around it, which belongs to the file or the shell that it is from; leave it out"},
		"in single quotes":              {func(s string) string { return "'" + s + "'" }, "has a quotation mark around it, which belongs to the file or the shell that it is from; leave it out"},
		"in quotes of a word processor": {func(s string) string { return "“" + s + "”" }, "has a quotation mark around it, which belongs to the file or the shell that it is from; leave it out"},
		"with a quote lost":             {func(s string) string { return `"` + s }, "has a quotation mark around it, which belongs to the file or the shell that it is from; leave it out"},
		"with a quote at the end":       {func(s string) string { return s + "'" }, "has a quotation mark around it"},
		"a line of a file":              {func(s string) string { return "export PICKET_PUBLISHABLE_KEY=" + s }, "is a whole line that sets a variable; give only the part after the ="},
		"a placeholder":                 {func(string) string { return "<your key>" }, "is a placeholder; put your own in its place"},
		"the beginning":                 {func(s string) string { return s[:5] + "…" }, "is a placeholder"},
		"after a byte order mark":       {func(s string) string { return "\uFEFF" + s }, "has an invisible character in it, U+FEFF (a byte order mark); type it again instead of copying it"},
		"with a zero-width space":       {func(s string) string { return s + "\u200B" }, "has an invisible character in it, U+200B (a zero-width space); type it again instead of copying it"},
		"with a soft hyphen":            {func(s string) string { return s[:5] + "\u00AD" + s[5:] }, "has an invisible character in it, U+00AD"},
		"right to left":                 {func(s string) string { return "\u202E" + s }, "has an invisible character in it, U+202E"},
		"with a line break":             {func(s string) string { return s + "\r\n" }, "has a line break or another control character in it; is it read from a file without being trimmed?"},
		"with a space":                  {func(s string) string { return " " + s }, "has a space or a line break around it; trim it"},
		"only a space":                  {func(string) string { return " " }, "has only spaces in it"},
		"a name":                        {func(string) string { return "$PICKET_PUBLISHABLE_KEY" }, "is the name of a variable and not its value; is it read where variables are not replaced?"},
		"a name in braces":              {func(string) string { return "${PICKET_PUBLISHABLE_KEY}" }, "is the name of a variable"},
		"a name of Windows":             {func(string) string { return "%PICKET_PUBLISHABLE_KEY%" }, "is the name of a variable"},
		"a name of a template":          {func(string) string { return "{{ picket.publishableKey }}" }, "is the name of a variable"},
	} {
		for field, of := range fields {
			config := config{ClientID: publishableKey, RedirectURI: redirectURI, BaseURL: picket.DefaultBaseURL}
			*of(&config) = test.change(*of(&config))
			logins, err := config.new()
			if want := "oauth: invalid argument: " + field + " " + test.want; logins != nil || !errors.Is(err, picket.ErrInvalidArgument) || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s %s: got %v, %v", field, name, logins, err)
			}
		}
	}
}

func TestParametersThatCannotBeMeantAreRefused(t *testing.T) {
	logins := newLogins(t, config{ClientID: publishableKey, RedirectURI: redirectURI})
	requirements := func(r picket.Requirements) oauth.Parameters { return oauth.Parameters{Requirements: &r} }
	for name, test := range map[string]struct {
		chain      string
		parameters oauth.Parameters
		want       string
	}{
		"no chain":                      {"", oauth.Parameters{}, "the chain is empty; name the one that users log in on, such as ethereum, or give picket.AnyChain"},
		"no chain, a gate":              {"", requirements(picket.Requirements{ContractAddress: contract}), "the chain is empty"},
		"chain with a space":            {"ethereum ", oauth.Parameters{}, `the chain is "ethereum ", which is not the slug of a chain`},
		"chain in capitals":             {"Polygon", oauth.Parameters{}, `the chain is "Polygon", which is not the slug of a chain`},
		"number of a chain":             {"137", oauth.Parameters{}, "is not the slug of a chain"},
		"chain with its number":         {"eip155:137", oauth.Parameters{}, "is not the slug of a chain"},
		"locale with a break":           {"ethereum", oauth.Parameters{Locale: "en\n"}, "Locale contains a space"},
		"nonce not in ASCII":            {"ethereum", oauth.Parameters{Nonce: "ü"}, "Nonce contains a space"},
		"two scopes in one":             {"ethereum", oauth.Parameters{Scope: []string{"email", "openid email"}}, "Scope[1]"},
		"scope with a quote":            {"ethereum", oauth.Parameters{Scope: []string{`"`}}, "Scope[0]"},
		"empty scope":                   {"ethereum", oauth.Parameters{Scope: []string{""}}, "Scope[0] is empty"},
		"empty requirements":            {"ethereum", requirements(picket.Requirements{}), "let everyone in"},
		"empty requirements, any chain": {picket.AnyChain, requirements(picket.Requirements{}), "let everyone in"},
		"empty list":                    {"ethereum", requirements(picket.Requirements{AllowedWallets: []string{}}), "AllowedWallets is empty"},
		"blank in a list":               {"solana", requirements(picket.Requirements{TokenIDs: []string{mint, ""}}), "TokenIDs[1]"},
		"minimum of nothing":            {"ethereum", requirements(picket.Requirements{MinTokenBalance: "1"}), "MinTokenBalance"},
		"minimum below zero":            {"ethereum", requirements(picket.Requirements{ContractAddress: contract, MinTokenBalance: "-1"}), "MinTokenBalance"},
		"contract with a space":         {"ethereum", requirements(picket.Requirements{ContractAddress: " "}), "ContractAddress"},
		"contract too short":            {"ethereum", requirements(picket.Requirements{ContractAddress: "0x1234"}), "ContractAddress"},
		"contract of another chain":     {"solana", requirements(picket.Requirements{ContractAddress: contract}), "ContractAddress"},
		"name for a wallet":             {"ethereum", requirements(picket.Requirements{AllowedWallets: []string{"alice.eth"}}), "AllowedWallets[0]"},
		"contract, any chain":           {picket.AnyChain, requirements(picket.Requirements{ContractAddress: contract}), "name the chain"},
		"contract or list, any chain":   {picket.AnyChain, requirements(picket.Requirements{ContractAddress: contract, AllowedWallets: []string{contract}}), "name the chain"},
		"tokens, any chain":             {picket.AnyChain, requirements(picket.Requirements{TokenIDs: []string{mint}}), "name the chain"},
		"collection, any chain":         {picket.AnyChain, requirements(picket.Requirements{Collection: picket.StringList{collection}}), "name the chain"},
		"creator, any chain":            {picket.AnyChain, requirements(picket.Requirements{CreatorAddress: creator}), "name the chain"},
	} {
		t.Run(name, func(t *testing.T) {
			login, err := logins.Begin(test.chain, test.parameters)
			if login != nil || !errors.Is(err, picket.ErrInvalidArgument) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, %v", login, err)
			}
		})
	}
	for _, logins := range []*oauth.Logins{nil, {}} {
		if login, err := logins.Begin("ethereum", oauth.Parameters{}); login != nil || !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("Logins that New did not make: %v, %v", login, err)
		}
	}
}

func TestALoginKeepsTheRequirementsThatItWasBegunWith(t *testing.T) {
	parameters := onSolana()
	want := onSolana()
	login, _ := begin(t, newLogins(t, config{ClientID: publishableKey, RedirectURI: redirectURI}), "solana", parameters)
	parameters.Requirements.MinTokenBalance = "0"
	parameters.Requirements.AllowedWallets[0] = creator
	parameters.Requirements.TokenIDs[0] = creator
	parameters.Requirements.Collection[0] = creator
	if diff := cmp.Diff(want.Requirements, login.Pending.Requirements); diff != "" {
		t.Error(diff)
	}
}
