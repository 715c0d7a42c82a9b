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

// Config says for whom users log in.
type Config struct {
	// ClientID is the project's publishable key, pk_ and 32 hexadecimal digits. It is a part of the URL, which every user
	// sees; a secret key is refused.
	ClientID string
	// RedirectURI is where the browser comes back to. It must be exactly one of those that the project allows: a
	// trailing slash matters. It is an https URL, or an http URL of this machine (localhost or a loopback address), without
	// a fragment (RFC 6749 section 3.1.2).
	RedirectURI string
	// BaseURL is where the API is, as the browser reaches it. The default is picket.DefaultBaseURL; it must be https or on
	// this machine, as RedirectURI must.
	BaseURL string
	// InsecureHTTP also allows URLs that are http and not of this machine, for tests in a private network. Anyone on the
	// way can then read codes.
	InsecureHTTP bool
}

// Flow begins logins. It does not change once made and is safe for concurrent use.
type Flow struct {
	endpoint, clientID, redirectURI string
}

// New returns the flow for a configuration. It fails, with a picket.ErrInvalidArgument, when a field is not what its
// comment says. It calls nothing.
func New(config Config) (*Flow, error) {
	baseURL := cmp.Or(config.BaseURL, picket.DefaultBaseURL)
	if err := cmp.Or(
		checkClientID(config.ClientID),
		checkURL("RedirectURI", config.RedirectURI, config.InsecureHTTP),
		checkURL("BaseURL", baseURL, config.InsecureHTTP),
	); err != nil {
		return nil, invalid(err)
	}
	if strings.Contains(baseURL, "?") {
		return nil, invalid(errors.New("BaseURL has a query"))
	}
	return &Flow{
		endpoint:    strings.TrimRight(baseURL, "/") + "/oauth2/authorize",
		clientID:    config.ClientID,
		redirectURI: config.RedirectURI,
	}, nil
}

// Parameters says what else is asked of the user. The zero value asks for a login, and nothing else.
type Parameters struct {
	// Locale is the language that the user is spoken to in, as a BCP 47 tag such as "en". The default is the API's.
	Locale string
	// Scope asks for more than the access token: "openid" for an ID token, "email" for an address among the claims.
	Scope []string
	// Nonce is a value that the ID token repeats (OpenID Connect Core 1.0 section 3.1.2.1). Whoever verifies ID tokens makes
	// it, and keeps it with the session.
	Nonce string
	// Requirements says who gets in; nil lets every wallet in. They are judged on the chain of Begin. Those that
	// picket.NewGate refuses, such as empty ones, are an error.
	Requirements *picket.Requirements
}

// Login is a login that was begun.
type Login struct {
	// URL is where to redirect the browser to, as string(login.URL), with status 302 or 303. It holds the state, by which the
	// callback is recognized, so it is for this browser only and no log shows it.
	URL picket.Secret
	// Session is what to keep until the browser comes back.
	Session Session
}

// Begin begins a login on the chain with the given slug, with a new state and a new code verifier: 32 random bytes each, as
// base64url. Exchange takes no user of another chain: the user can change the URL. With picket.AnyChain every chain will do;
// requirements can then be AllowedWallets and nothing else, because a token's address means another token on each chain.
//
// It fails, with a picket.ErrInvalidArgument, for requirements that picket.NewGate refuses, and for a parameter
// that has another character in it than a scope may (RFC 6749 section 3.3): printable ASCII without space, quote and
// backslash.
func (f *Flow) Begin(chain string, parameters Parameters) (*Login, error) {
	if f == nil || f.endpoint == "" {
		return nil, invalid(errors.New("the flow is not one that New returned"))
	}
	query, err := parameters.query(chain)
	if err != nil {
		return nil, err
	}
	session := Session{
		State:        newSecret(),
		CodeVerifier: newSecret(),
		RedirectURI:  f.redirectURI,
		Chain:        chain,
	}
	if parameters.Requirements != nil {
		gate, err := picket.NewGate(chain, *parameters.Requirements)
		if err != nil {
			return nil, fmt.Errorf("oauth: %w", err)
		}
		requirements := gate.Requirements()
		session.Requirements = &requirements
		if err := addRequirements(query, requirements); err != nil {
			return nil, err
		}
	}
	challenge := sha256.Sum256([]byte(session.CodeVerifier))
	for name, value := range map[string]string{
		"client_id":             f.clientID,
		"redirect_uri":          f.redirectURI,
		"response_type":         "code",
		"response_mode":         "code",
		"state":                 string(session.State),
		"code_challenge":        base64.RawURLEncoding.EncodeToString(challenge[:]),
		"code_challenge_method": "S256",
	} {
		query.Set(name, value)
	}
	return &Login{URL: picket.Secret(f.endpoint + "?" + query.Encode()), Session: session}, nil
}

// secretBytes is how many random bytes a state and a code verifier have.
const secretBytes = 32

func newSecret() picket.Secret {
	var bytes [secretBytes]byte
	_, _ = rand.Read(bytes[:]) // never fails
	return picket.Secret(base64.RawURLEncoding.EncodeToString(bytes[:]))
}

// query returns the chain and the parameters, but the requirements, as /oauth2/authorize names them.
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
