package main

import (
	"encoding/json"
	"fmt"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/harness"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// The paths of the API that every server here has, unless it is Prism.
const base = "/api/v1"

// tokenContract is the token that gates ask for.
const tokenContract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"

// requestOf returns a request of the default project, ready to be sent, and so cheap for the client. The body is a string of JSON, or
// something to be encoded, or nil.
func requestOf(method, path, status string, body any) request {
	return requestWith(mock.DefaultSecretKey, method, path, status, body)
}

func requestWith(key, method, path, status string, body any) request {
	text, ok := body.(string)
	if !ok && body != nil {
		encoded, err := wire.Marshal(body)
		if err != nil {
			panic(err) // no body here is one that cannot be encoded
		}
		text = string(encoded)
	}
	return request{text: harness.Request(method, path, key, "", text), status: status}
}

// nonces asks for nonces of many wallets in turn.
func nonces(path string) call {
	const wallets = 1000
	requests := make([]request, wallets)
	for i := range requests {
		requests[i] = requestOf("POST", path, "200", fmt.Sprintf(`{"walletAddress":"%s"}`, numbered(i)))
	}
	return inTurn(requests)
}

func inTurn(requests []request) call {
	return func(c *connection, number int) error {
		_, err := c.ask(requests[number%len(requests)])
		return err
	}
}

// numbered returns the address of a wallet or contract that nobody has the key of.
func numbered(number int) string { return fmt.Sprintf("0x%040x", number+1) }

// login logs a wallet in, on a connection, and returns its access token.
func login(c *connection, wallet wallets.Key) (string, error) {
	signed, err := signIn(c, wallet)
	if err != nil {
		return "", err
	}
	return tokenOf(c, requestOf("POST", base+"/auth", "200", signed))
}

// signIn asks for a nonce and signs the message around it.
func signIn(c *connection, wallet wallets.Key) (picket.AuthRequest, error) {
	answer, err := c.ask(requestOf("POST", base+"/auth/nonce", "200", picket.NonceRequest{Chain: wallet.Chain, WalletAddress: wallet.Address}))
	if err != nil {
		return picket.AuthRequest{}, err
	}
	var nonce picket.NonceResponse
	if err := json.Unmarshal(answer, &nonce); err != nil {
		return picket.AuthRequest{}, err
	}
	chain, err := wallets.FindChain(wallet.Chain)
	if err != nil {
		return picket.AuthRequest{}, err
	}
	return wallet.SignIn(&nonce, chain, mock.DefaultDomain)
}

// tokenOf makes a request whose answer has an access token.
func tokenOf(c *connection, r request) (string, error) {
	answer, err := c.ask(r)
	if err != nil {
		return "", err
	}
	var auth struct{ AccessToken string }
	err = json.Unmarshal(answer, &auth)
	return auth.AccessToken, err
}

func validate(token, status string) request {
	return requestOf("POST", base+"/auth/validate", status, map[string]string{"accessToken": token})
}

// gate asks whether the holder of a token meets requirements.
func gate(token, status string, requirements any) request {
	return requestOf("POST", base+"/authz", status, map[string]any{"accessToken": token, "requirements": requirements})
}

func setBalance(wallet, contract, balance string) request {
	return requestOf("PUT", "/_mock/balances", "204", map[string]string{"chain": "ethereum", "walletAddress": wallet, "contractAddress": contract, "balance": balance})
}
