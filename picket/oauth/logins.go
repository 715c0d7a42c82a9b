package oauth

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// Logins begins logins by redirect, for one project and one redirect URI. New makes one. It does not change afterwards and is
// safe for concurrent use. The zero value begins no login.
type Logins struct {
	issuer, clientID, redirectURI string
}

// New returns what begins logins by redirect.
//
// The client ID is the project's publishable key, pk_ and 32 hexadecimal digits. It is part of the URL, which every user sees, so
// New refuses a secret key. The redirect URI is where the browser comes back to. It must be exactly one of those that the project
// allows: a trailing slash matters. It is an https URL, or an http URL of this machine (localhost or a loopback address), without
// a fragment (RFC 6749 section 3.1.2).
//
// New makes no call of the API. It fails, with a picket.ErrInvalidArgument, when the client ID or the redirect URI is not as
// described, and when an option is nil or not valid.
func New(clientID, redirectURI string, options ...Option) (*Logins, error) {
	s, err := newSettings(options)
	if err == nil {
		err = cmp.Or(checkClientID(clientID), checkURL("the redirect URI", redirectURI, s.insecureHTTP))
	}
	if err != nil {
		return nil, invalid(err)
	}
	return &Logins{
		issuer:      strings.TrimRight(s.baseURL, "/"),
		clientID:    clientID,
		redirectURI: redirectURI,
	}, nil
}

// Parameters are what a login can ask for besides the chain. The zero value asks for a login and nothing else.
type Parameters struct {
	// Locale is the language of the page where the user logs in, as a BCP 47 tag such as "en". The default is the API's.
	Locale string
	// Scope asks for more than the access token: "openid" for an ID token, "email" for an address among the claims.
	Scope []string
	// Nonce is a value that the ID token repeats (OpenID Connect Core 1.0 section 3.1.2.1). Make one if you verify ID tokens, and
	// keep it with the pending login.
	Nonce string
	// Requirements say who gets in, judged on the chain of Begin; nil lets every wallet in. Requirements that picket.NewGate
	// refuses, such as empty ones, are an error.
	Requirements *picket.Requirements
}

// Login is a login that has begun.
type Login struct {
	// URL is where to redirect the browser to, as string(login.URL), with status 302 or 303. It contains the state, by which the
	// callback is recognized. It is for this browser only, so no log shows it.
	URL picket.Secret
	// Pending is what the server keeps until the browser comes back.
	Pending PendingLogin
}

// Format writes the fields without the secrets, like that of PendingLogin.
func (l Login) Format(f fmt.State, verb rune) {
	type plain Login
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), plain(l))
}

// Begin begins a login on the chain with the given slug. The state and the code verifier are new, 32 random bytes each as
// base64url. The user can change the chain in the URL, so Exchange refuses users of another chain. With picket.AnyChain any chain
// will do; the requirements can then only be AllowedWallets, because a contract's address means another token on each chain.
//
// Begin fails, with a picket.ErrInvalidArgument, for requirements that picket.NewGate refuses, and for a parameter with a
// character that a scope cannot have (RFC 6749 section 3.3): only printable ASCII without spaces, quotation marks and backslashes
// is allowed.
func (l *Logins) Begin(chain string, parameters Parameters) (*Login, error) {
	if l == nil || l.issuer == "" {
		return nil, invalid(errors.New("the Logins were not made by New"))
	}
	query, err := parameters.query(chain)
	if err != nil {
		return nil, err
	}
	pending := PendingLogin{
		State:        newSecret(),
		CodeVerifier: newSecret(),
		RedirectURI:  l.redirectURI,
		Chain:        chain,
		Issuer:       l.issuer,
	}
	if parameters.Requirements != nil {
		gate, err := picket.NewGate(chain, *parameters.Requirements)
		if err != nil {
			return nil, fmt.Errorf("oauth: %w", err)
		}
		requirements := gate.Requirements()
		pending.Requirements = &requirements
		if err := addRequirements(query, requirements); err != nil {
			return nil, err
		}
	}
	challenge := sha256.Sum256([]byte(pending.CodeVerifier))
	for name, value := range map[string]string{
		"client_id":             l.clientID,
		"redirect_uri":          l.redirectURI,
		"response_type":         "code",
		"response_mode":         "code",
		"state":                 string(pending.State),
		"code_challenge":        base64.RawURLEncoding.EncodeToString(challenge[:]),
		"code_challenge_method": "S256",
	} {
		query.Set(name, value)
	}
	return &Login{URL: picket.Secret(l.issuer + "/oauth2/authorize?" + query.Encode()), Pending: pending}, nil
}

// secretBytes is how many random bytes a state and a code verifier have.
const secretBytes = 32

func newSecret() picket.Secret {
	var bytes [secretBytes]byte
	_, _ = rand.Read(bytes[:]) // never fails
	return picket.Secret(base64.RawURLEncoding.EncodeToString(bytes[:]))
}

// query returns the chain and the parameters, except the requirements, under the names of /oauth2/authorize.
func (p Parameters) query(chain string) (url.Values, error) {
	if err := checkChain(chain); err != nil {
		return nil, invalid(err)
	}
	query := url.Values{}
	if chain != picket.AnyChain {
		query.Set("chain", chain)
	}
	for _, field := range []struct{ name, query, value string }{
		{"Locale", "locale", p.Locale},
		{"Nonce", "nonce", p.Nonce},
	} {
		if field.value == "" {
			continue
		}
		if err := checkToken(field.name, field.value); err != nil {
			return nil, invalid(err)
		}
		query.Set(field.query, field.value)
	}
	for i, scope := range p.Scope {
		if err := checkToken(fmt.Sprintf("Scope[%d]", i), scope); err != nil {
			return nil, invalid(err)
		}
	}
	if len(p.Scope) > 0 {
		query.Set("scope", strings.Join(p.Scope, " "))
	}
	return query, nil
}

func addRequirements(query url.Values, r picket.Requirements) error {
	for name, value := range map[string]string{"contractAddress": r.ContractAddress, "creatorAddress": r.CreatorAddress} {
		if value != "" {
			query.Set(name, value)
		}
	}
	for name, values := range map[string][]string{"collection": r.Collection, "tokenIds": r.TokenIDs, "allowedWallets": r.AllowedWallets} {
		if values != nil {
			query[name] = slices.Clone(values)
		}
	}
	if r.MinTokenBalance != "" {
		canonical, err := r.MinTokenBalance.Add("0")
		if err != nil {
			return invalid(err)
		}
		query.Set("minTokenBalance", string(canonical))
	}
	return nil
}

func invalid(err error) error {
	return fmt.Errorf("oauth: %w: %w", picket.ErrInvalidArgument, err)
}
