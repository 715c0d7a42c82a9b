package signing

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/explain"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// Refused is a login that was refused because of its signature.
type Refused struct {
	Login

	Err       error
	Signature picket.Secret
	Nonce     state.Nonce          // that was to be signed; zero if the wallet had none
	Format    picket.MessageFormat // of the project
	Domains   []string             // that the project allows
	Accepts   func(message string) bool
}

// Why explains what was signed, and what should have been.
func (r Refused) Why() *explain.Why {
	c := r.Context
	return &explain.Why{Find: r.find, Size: len(r.Address) + len(r.Signature) + len(c.Domain) + len(c.URI) + len(c.IssuedAt) + len(r.Nonce.Value) + 256}
}

func (r Refused) find(h explain.History) explain.Explanation {
	former := r.formerNonces(h)
	shown := &explain.Signature{Wallet: r.Wallet.Address, Expected: r.expected(former)}
	found := explain.Explanation{Reason: explain.UnknownSignature, Summary: r.Err.Error(), Signature: shown}
	var site *siteError
	switch {
	case errors.As(r.Err, &site):
		found.Reason = site.reason
	case r.Nonce.Value != "" && !wallets.IsMismatch(r.Err):
		found.Reason = explain.SignatureForm
		return found
	}
	tried := 0
	for c := range r.candidates(former) {
		signer := r.Wallet.Address
		if tried++; !r.Accepts(c.message) {
			var known bool
			if tried <= maxForOthers {
				signer, known = r.otherSigner(c.message, h.Wallets)
			}
			if !known {
				continue
			}
		}
		shown.Signed, shown.Signer = c.message, signer
		switch {
		case signer != r.Wallet.Address:
			found.Reason, found.Summary = explain.WrongSigner, fmt.Sprintf("%s signed, and %s was to sign", signer, r.Wallet.Address)
		case c.reason != "":
			found.Reason, found.Summary = c.reason, c.summary
		case site == nil:
			found.Reason, found.Summary = explain.WrongMessage, "the wallet signed another message than the one that was expected"
		}
		return found
	}
	switch {
	case site != nil:
	case r.Nonce.Value != "":
		found.Summary = "this wallet signed none of the messages that the mock can think of"
		if signer, ok := wallets.SignerOf(r.Wallet.Chain.ChainType, r.Signature, shown.Expected); ok {
			shown.Signer = signer
			found.Summary = fmt.Sprintf("another message was signed, or another wallet signed: if it was the expected message, it was signed by %s", signer)
		}
	case len(former) == 0:
		found.Reason, found.Summary = explain.NonceUnknown, "the wallet has no nonce, and the journal has no request for one: ask for a nonce before each login"
	default:
		found.Reason, found.Summary = former[0].reason, former[0].summary
	}
	return found
}

// maxForOthers is how many messages are tried for other wallets, which on Solana takes a verification for each of them.
const maxForOthers = 40

// otherSigner returns which of some other wallets signed a message.
func (r Refused) otherSigner(message string, others []string) (string, bool) {
	family := r.Wallet.Chain.ChainType
	if family == picket.ChainTypeEthereum {
		signer, ok := wallets.SignerOf(family, r.Signature, message)
		return signer, ok && slices.ContainsFunc(others, func(other string) bool { return strings.EqualFold(other, signer) })
	}
	i := slices.IndexFunc(others, func(other string) bool {
		return wallets.Verify(family, other, r.Signature, []string{message}, nil) == nil
	})
	if i < 0 {
		return "", false
	}
	return others[i], true
}

// newNonce stands in an expected message for the nonce that the wallet has to ask for.
const newNonce, shownNewNonce = "0000000000000000", "(a new nonce)"

// expected returns the message that should have been signed. If the wallet has no nonce, the statement is that of a former one.
func (r Refused) expected(former []formerNonce) string {
	login, nonce := r.Login, r.Nonce
	if len(r.Domains) > 0 {
		login.Context = r.expectedContext()
	}
	if nonce.Value == "" {
		nonce = state.Nonce{Value: newNonce, Statements: []string{"(the statement that comes with the nonce)"}}
		if len(former) > 0 {
			nonce.Statements = former[0].nonce.Statements
		}
	}
	messages := login.Messages(nonce, len(r.Domains) > 0)
	if len(messages) == 0 {
		return ""
	}
	expected := messages[0]
	if r.Format == picket.MessageFormatSimple && len(r.Domains) == 0 {
		expected = messages[len(messages)-1]
	}
	return strings.Replace(expected, newNonce, shownNewNonce, 1)
}

// expectedContext returns the context with what the project and the chain ask for.
func (r Refused) expectedContext() picket.SigningMessageContext {
	expected := r.Context
	if !slices.Contains(r.Domains, strings.ToLower(expected.Domain)) {
		expected.Domain = r.Domains[0]
	}
	if !isOf(expected.URI, expected.Domain) {
		scheme := "https"
		if strings.HasPrefix(r.Context.URI, "http:") {
			scheme = "http"
		}
		expected.URI = scheme + "://" + expected.Domain
	}
	expected.IssuedAt = cmp.Or(expected.IssuedAt, "2026-01-01T00:00:00.000Z")
	expected.ChainID, expected.ChainType = r.Wallet.Chain.ChainID, r.Wallet.Chain.ChainType
	return expected
}
