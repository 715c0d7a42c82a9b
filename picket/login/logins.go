package login

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// Logins has the two handlers with which wallets of one chain log in to a Site: first Message, then Signature. Site.Logins makes one.
// It is safe for concurrent use. The zero value logs nobody in: its handlers answer 500.
type Logins struct {
	site  *Site
	chain string
	gate  *picket.Gate // nil lets every wallet in
	info  atomic.Pointer[picket.ChainInfo]
}

// Logins returns the handlers for wallets of the chain with a slug, such as "ethereum", "polygon" or "solana". With requirements only
// wallets that meet one of them on that chain get in; nil lets every wallet in. See picket.NewGate for requirements.
//
// Logins fails for requirements that picket.NewGate refuses, and for Flow, whose signatures cannot be verified here. The API is asked
// about the chain when the first user logs in. If it does not have the chain, or the chain is neither an EVM chain nor Solana, logins
// are answered with 500, and the log says so.
func (s *Site) Logins(chain string, requirements *picket.Requirements) (*Logins, error) {
	switch {
	case chain == picket.AnyChain:
		return nil, errors.New("login: a wallet logs in on one chain; name it, and make other handlers for other chains")
	case chain == "flow":
		return nil, errors.New("login: the keys of Flow wallets are known only on the chain, so their signatures cannot be verified here")
	case !s.isMade():
		return nil, fmt.Errorf("login: %w", errNotMade)
	}
	if err := check.Slug("the chain", chain); err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	l := &Logins{site: s, chain: chain}
	if requirements == nil {
		return l, nil
	}
	var err error
	if l.gate, err = picket.NewGate(chain, *requirements); err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	return l, nil
}

// Format writes only the chain, whatever the verb, because the site has stores that contain tokens.
func (l *Logins) Format(f fmt.State, _ rune) {
	if l != nil {
		_, _ = io.WriteString(f, "login.Logins "+l.chain)
	}
}

func (l *Logins) respond(w http.ResponseWriter, r *http.Request, step func(http.ResponseWriter, *http.Request) (any, *refusal)) {
	var site *Site
	if l != nil {
		site = l.site
	}
	site.respond(w, r, func() (any, *refusal) { return step(w, r) })
}

type messageAnswer struct {
	Message string `json:"message"`
}

type userAnswer struct {
	Chain          string `json:"chain"`
	WalletAddress  string `json:"walletAddress"`
	DisplayAddress string `json:"displayAddress"`
}

// Message begins a login: POST {"walletAddress": "0x…"}. It answers {"message": "…"} with the text that the wallet has to sign. The
// login can be ended within two minutes. The package comment lists the other answers.
func (l *Logins) Message(w http.ResponseWriter, r *http.Request) {
	l.respond(w, r, l.message)
}

func (l *Logins) message(w http.ResponseWriter, r *http.Request) (any, *refusal) {
	given, refused := readProperty(w, r, "walletAddress")
	if refused != nil {
		return nil, refused
	}
	info, refused := l.chainInfo(r)
	if refused != nil {
		return nil, refused
	}
	address, err := canonicalAddress(info.ChainType, given)
	if err != nil {
		return nil, malformed(fmt.Errorf("walletAddress is not the address of a wallet on %s: %w", l.chain, err))
	}
	language := locale(r)
	nonce, err := l.site.client.Nonce(r.Context(), picket.NonceRequest{Chain: l.chain, WalletAddress: address, Locale: language}, picket.WithMaxRetries(0))
	switch {
	case errors.Is(err, picket.CodeParameterInvalid):
		refused := malformed(fmt.Errorf("the API does not accept this walletAddress on %s", l.chain))
		refused.event, refused.level, refused.cause = "picket: the API refused the address of a wallet", slog.LevelWarn, err
		return nil, refused
	case err != nil:
		return nil, ofAPI("there is no nonce for a login", err)
	}
	login := pending{Chain: l.chain, ChainType: info.ChainType, WalletAddress: address}
	switch nonce.Format {
	case picket.MessageFormatSimple:
		if !l.site.settings.allowSimple {
			return nil, misconfigured("logins are refused, because the project's messages have the format simple, which names no site",
				errors.New("set the format of the project's messages to siwe, or read the documentation of WithInsecureAllowSimple"))
		}
	default:
		login.Context = picket.SigningMessageContext{
			Domain:    l.site.host,
			URI:       l.site.origin,
			ChainID:   info.ChainID,
			ChainType: info.ChainType,
			IssuedAt:  l.site.settings.now().UTC().Format("2006-01-02T15:04:05.000Z"),
			Locale:    language,
		}
	}
	if login.Message, err = picket.SigningMessage(nonce, address, login.Context); err != nil {
		return nil, misconfigured("no message can be made of the API's nonce and statement", err)
	}
	if err := l.site.pendings.keep(w, r, login); err != nil {
		return nil, ofStore("a pending login could not be kept", err)
	}
	return messageAnswer{login.Message}, nil
}

// Signature ends a login: POST {"signature": "0x…"}, with the cookie that Message set. On Solana the signature may also be in base58.
// It answers {"chain": "…", "walletAddress": "…", "displayAddress": "…"}, and begins the session. The package comment lists the
// other answers. A request with such a body ends the login, whatever the answer is; the next login begins with Message.
func (l *Logins) Signature(w http.ResponseWriter, r *http.Request) {
	l.respond(w, r, l.signature)
}

func (l *Logins) signature(w http.ResponseWriter, r *http.Request) (any, *refusal) {
	text, refused := readProperty(w, r, "signature")
	if refused != nil {
		return nil, refused
	}
	login, err := l.site.pendings.take(w, r)
	switch {
	case errors.Is(err, picket.ErrInvalidArgument):
		return nil, malformed(err)
	case errors.Is(err, errNoPending):
		return nil, over(nil)
	case err != nil:
		return nil, unavailable("a pending login could not be found", err)
	case login.Chain != l.chain:
		return nil, denied(fmt.Sprintf("this login was begun on the chain %s, and this is for %s", login.Chain, l.chain))
	}
	signature, refused := l.checkSignature(login, text)
	if refused != nil {
		return nil, refused
	}
	request := picket.AuthRequest{Chain: l.chain, WalletAddress: login.WalletAddress, Signature: signature, Context: login.Context}
	if l.gate != nil {
		requirements := l.gate.Requirements()
		request.Requirements = &requirements
	}
	auth, err := l.site.client.Auth(r.Context(), request, picket.WithChain(l.chain))
	if err != nil {
		return nil, l.refused(err)
	}
	if address, err := canonicalAddress(login.ChainType, auth.User.WalletAddress); err != nil || address != login.WalletAddress {
		return nil, misconfigured("a login failed", errors.New("the API answered with another wallet than the one that logged in"))
	}
	if err := l.site.start(w, r, auth.AccessToken); err != nil {
		return nil, ofStore("a session could not be begun", err)
	}
	return userAnswer{auth.User.Chain, auth.User.WalletAddress, auth.User.DisplayAddress}, nil
}

// checkSignature returns the signature in the form of the API, if it is the wallet's own over exactly the message that was made. The
// API itself also accepts signatures over the simple message, which names no site.
func (l *Logins) checkSignature(login *pending, text string) (picket.Secret, *refusal) {
	signature, err := parseSignature(login.ChainType, text)
	if err == nil && !l.site.settings.skipSignatureCheck {
		signature, err = verify(login.ChainType, login.WalletAddress, login.Message, signature)
	}
	switch {
	case errors.Is(err, errSignatureForm):
		return "", malformed(fmt.Errorf("signature is not one of a wallet on %s, as 0x and hexadecimal digits", l.chain))
	case err != nil:
		return "", badSignature(l.chain)
	}
	return formatSignature(login.ChainType, signature), nil
}

// refused returns the refusal for an error with which the API did not log a wallet in.
func (l *Logins) refused(err error) *refusal {
	switch {
	case errors.Is(err, picket.CodePermissionDenied) && l.gate != nil:
		refused := denied("the wallet does not meet the requirements")
		refused.event, refused.cause = "picket: a login was refused, because the wallet does not meet the requirements", err
		return refused
	case errors.Is(err, picket.CodeParameterInvalid) && (l.gate == nil || concernsSignature(err)):
		return over(err)
	}
	return ofAPI("the API does not log wallets in", err)
}

// concernsSignature distinguishes a nonce that is spent or expired from requirements that the API does not accept, because both have
// the same status and code. picket-js looks for the same phrase.
func concernsSignature(err error) bool {
	var failure *picket.Error
	return errors.As(err, &failure) && strings.Contains(strings.ToLower(failure.Message), "invalid signature")
}

// chainInfo asks the API once about the chain.
func (l *Logins) chainInfo(r *http.Request) (*picket.ChainInfo, *refusal) {
	if info := l.info.Load(); info != nil {
		return info, nil
	}
	info, err := l.site.client.Chain(r.Context(), l.chain, picket.WithMaxRetries(0))
	if err != nil {
		return nil, ofAPI("it is not known what the chain "+l.chain+" is", err)
	}
	if info.ChainSlug != l.chain || (info.ChainType != picket.ChainTypeEthereum && info.ChainType != picket.ChainTypeSolana) {
		return nil, misconfigured("nobody can log in on the chain "+l.chain,
			fmt.Errorf("the API calls it %s, of the type %s; wallets of EVM chains and of Solana can log in", shorten(info.ChainSlug), shorten(string(info.ChainType))))
	}
	l.info.Store(info)
	return info, nil
}
