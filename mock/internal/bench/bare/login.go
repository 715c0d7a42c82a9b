package bare

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"golang.org/x/crypto/sha3"
)

const statement = "Sign in to this website"

// nonce makes a nonce for a wallet and remembers it.
func (s *server) nonce(w http.ResponseWriter, r *http.Request) {
	var request struct {
		WalletAddress string `json:"walletAddress"`
	}
	if !decode(w, r, &request) {
		return
	}
	s.mu.Lock()
	s.answered++
	nonce, alive := s.nonces[request.WalletAddress]
	if !alive {
		nonce = rand.Text()
		s.nonces[request.WalletAddress] = nonce
	}
	s.mu.Unlock()
	answer(w, http.StatusOK, struct {
		Nonce     string `json:"nonce"`
		Statement string `json:"statement"`
		Format    string `json:"format"`
	}{nonce, statement, "siwe"})
}

type user struct {
	Chain          string            `json:"chain"`
	WalletAddress  string            `json:"walletAddress"`
	DisplayAddress string            `json:"displayAddress"`
	TokenBalances  map[string]string `json:"tokenBalances"`
}

type loggedIn struct {
	AccessToken string `json:"accessToken"`
	User        user   `json:"user"`
}

// auth recovers from the signature who signed the SIWE message or else the simple one, spends the nonce, and signs an access token.
func (s *server) auth(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Chain         string `json:"chain"`
		WalletAddress string `json:"walletAddress"`
		Signature     string `json:"signature"`
		Context       struct {
			Domain   string `json:"domain"`
			URI      string `json:"uri"`
			ChainID  int    `json:"chainId"`
			IssuedAt string `json:"issuedAt"`
		} `json:"context"`
	}
	if !decode(w, r, &request) {
		return
	}
	s.mu.Lock()
	s.answered++
	nonce, now := s.nonces[request.WalletAddress], s.now()
	s.mu.Unlock()
	siwe := fmt.Sprintf("%s wants you to sign in with your Ethereum account:\n%s\n\n%s\n\nURI: %s\nVersion: 1\nChain ID: %d\nNonce: %s\nIssued At: %s",
		request.Context.Domain, request.WalletAddress, statement, request.Context.URI, request.Context.ChainID, nonce, request.Context.IssuedAt)
	simple := fmt.Sprintf("%s\n\nAddress: %s\nNonce: %s", statement, request.WalletAddress, nonce)
	signed := func(message string) bool {
		return strings.EqualFold(signer(request.Signature, message), request.WalletAddress)
	}
	if nonce == "" || !signed(siwe) && !signed(simple) {
		refuse(w, http.StatusBadRequest, "parameter_invalid", "the signature is not by this wallet over the message with its current nonce")
		return
	}
	s.mu.Lock()
	delete(s.nonces, request.WalletAddress)
	s.mu.Unlock()
	who := user{request.Chain, request.WalletAddress, request.WalletAddress, map[string]string{}}
	token, err := s.token(who, now)
	if err != nil {
		refuse(w, http.StatusInternalServerError, "internal_server_error", err.Error())
		return
	}
	answer(w, http.StatusOK, loggedIn{token, who})
}

// signer returns the address that signed a message with personal_sign (EIP-191), or nothing.
func signer(signature, message string) string {
	octets, err := hex.DecodeString(strings.TrimPrefix(signature, "0x"))
	if err != nil || len(octets) != 65 {
		return ""
	}
	hash := keccak(fmt.Appendf(nil, "\x19Ethereum Signed Message:\n%d%s", len(message), message))
	key, _, err := ecdsa.RecoverCompact(append([]byte{octets[64]}, octets[:64]...), hash)
	if err != nil {
		return ""
	}
	return "0x" + hex.EncodeToString(keccak(key.SerializeUncompressed()[1:])[12:])
}

func keccak(data []byte) []byte {
	hash := sha3.NewLegacyKeccak256()
	hash.Write(data)
	return hash.Sum(nil)
}

// validate verifies an access token and returns its claims.
func (s *server) validate(w http.ResponseWriter, r *http.Request) {
	var request struct {
		AccessToken string `json:"accessToken"`
	}
	if !decode(w, r, &request) {
		return
	}
	if c, ok := s.verify(w, request.AccessToken); ok {
		answer(w, http.StatusOK, c)
	}
}

// authz verifies an access token, compares the balance of the wallet with the minimum, and signs a new token.
func (s *server) authz(w http.ResponseWriter, r *http.Request) {
	var request struct {
		AccessToken  string `json:"accessToken"`
		Requirements struct {
			ContractAddress string  `json:"contractAddress"`
			MinTokenBalance decimal `json:"minTokenBalance"`
		} `json:"requirements"`
	}
	if !decode(w, r, &request) {
		return
	}
	c, ok := s.verify(w, request.AccessToken)
	if !ok {
		return
	}
	contract := request.Requirements.ContractAddress
	held, err := s.balance(c.Chain, c.WalletAddress, contract)
	if err != nil || held.Cmp(&request.Requirements.MinTokenBalance.Rat) < 0 {
		refuse(w, http.StatusForbidden, "permission_denied", "the wallet does not meet the requirements")
		return
	}
	c.TokenBalances = map[string]string{contract: held.RatString()}
	token, err := s.token(c.user, time.Unix(c.IssuedAt, 0))
	if err != nil {
		refuse(w, http.StatusInternalServerError, "internal_server_error", err.Error())
		return
	}
	answer(w, http.StatusOK, loggedIn{token, c.user})
}
