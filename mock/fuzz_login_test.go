package mock_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	exact "github.com/go-jose/go-jose/v4/json" // tells names apart by case, and refuses one that is there twice
	"github.com/mr-tron/base58"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// postTo sends a JSON body with the secret key, and returns the status and what an error says.
func (o offline) postTo(t testing.TB, path string, body map[string]any) (status int, code, msg string) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, "/api/v1"+path, strings.NewReader(string(text)))
	request.SetBasicAuth(o.SecretKey, "")
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	o.Handler().ServeHTTP(answer, request)
	var failure struct{ Code, Msg string }
	if err := json.Unmarshal(answer.Body.Bytes(), &failure); err != nil {
		t.Fatalf("%s: got %d %q", path, answer.Code, answer.Body)
	}
	return answer.Code, failure.Code, failure.Msg
}

var (
	evmForm  = regexp.MustCompile(`^0x[0-9A-Fa-f]{40}$`)
	flowForm = regexp.MustCompile(`^0x[0-9A-Fa-f]{16}$`)
)

// isAddress tells addresses in another way than the mock does: by their letters, and base58 by math/big.
func isAddress(chain, address string) bool {
	switch chain {
	case "solana":
		const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
		value, zeros := new(big.Int), len(address)-len(strings.TrimLeft(address, "1"))
		for _, letter := range address {
			digit := strings.IndexRune(alphabet, letter)
			if digit < 0 {
				return false
			}
			value.Add(value.Mul(value, big.NewInt(58)), big.NewInt(int64(digit)))
		}
		return zeros+len(value.Bytes()) == 32
	case "flow":
		return flowForm.MatchString(address)
	}
	return evmForm.MatchString(address)
}

// isKey reports whether an address on a chain can be a public key, or that of one; addresses of keys off the group are rarer than
// fuzzing finds.
func isKey(chain, address string) bool {
	if chain != "solana" {
		return strings.Trim(address, "0x") != "" || chain == "flow"
	}
	bytes, err := base58.Decode(address)
	if err != nil {
		return false
	}
	// By RFC 8032 section 5.1.3: y below p, and x² = (y² - 1) / (d·y² + 1) for an x.
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	d := new(big.Int).Mul(big.NewInt(-121665), new(big.Int).ModInverse(big.NewInt(121666), p))
	slices.Reverse(bytes)
	bytes[0] &= 0x7f
	y := new(big.Int).SetBytes(bytes)
	square := new(big.Int).Mul(y, y)
	divisor := new(big.Int).Mod(new(big.Int).Add(new(big.Int).Mul(d, square), big.NewInt(1)), p)
	x := new(big.Int).Mul(square.Sub(square, big.NewInt(1)), divisor.ModInverse(divisor, p))
	return y.Cmp(p) < 0 && big.Jacobi(x.Mod(x, p), p) == 1
}

// FuzzAddress asks for the nonce of any address. Only what is an address on the chain has one, and can be a key, and all spellings
// of an address have the same. What is an address and no key can hold tokens all the same.
func FuzzAddress(f *testing.F) {
	chains := []string{"ethereum", "polygon", "solana", "flow"}
	for i, address := range []string{
		someAddress, strings.ToLower(someAddress), "4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA", "0x1654653399040a61", strings.Repeat("1", 32), strings.Repeat("1", 33), "0x" + strings.Repeat("0", 40), "0x" + strings.Repeat("0", 16), "0X" + someAddress[2:],
		someAddress[2:], someAddress + "0", "", "0x", "\u0430", "../x", strings.Repeat("z", 128), "0x" + strings.Repeat("g", 40),
	} {
		f.Add(byte(i), address)
		f.Add(byte(2), address)
	}
	f.Fuzz(func(t *testing.T, number byte, address string) {
		if !json.Valid([]byte(`"` + address + `"`)) {
			t.Skip("JSON would carry another text")
		}
		o, chain := newOffline(t), chains[int(number)%len(chains)]
		nonce, err := o.client.Nonce(ctx, picket.NonceRequest{Chain: chain, WalletAddress: address})
		if err == nil && !(isAddress(chain, address) && isKey(chain, address)) {
			t.Fatalf("%q on %s has a nonce", address, chain)
		}
		owned, ownedErr := o.client.TokenOwnership(ctx, chain, address, picket.TokenOwnershipRequest{TokenIDs: []string{firstMint}})
		if known := ownedErr == nil && owned.WalletAddress != "" || ownedErr != nil && strings.Contains(ownedErr.Error(), "token gating"); isAddress(chain, address) != known {
			t.Fatalf("%q on %s: %v", address, chain, ownedErr)
		}
		if err != nil && isKey(chain, address) && isAddress(chain, address) && !strings.Contains(err.Error(), "outside the group") && !strings.Contains(err.Error(), "small order") {
			t.Fatalf("%q on %s: %v", address, chain, err)
		}
		if err != nil {
			var failure *picket.Error
			if !errors.As(err, &failure) || !errors.Is(err, picket.CodeParameterInvalid) && !errors.Is(err, picket.ErrInvalidArgument) {
				t.Errorf("got %v", err)
			}
			return
		}
		if chain == "solana" {
			return
		}
		for _, spelling := range []string{strings.ToLower(address), "0x" + strings.ToUpper(address[2:])} {
			again, err := o.client.Nonce(ctx, picket.NonceRequest{Chain: chain, WalletAddress: spelling})
			if err != nil || again.Nonce != nonce.Nonce {
				t.Errorf("%q is another wallet than %q: %v", spelling, address, err)
			}
		}
	})
}

// FuzzSignature logs in with any signature, in which $SIGNATURE stands for the right one. Only the right one logs in, in its
// hexadecimal digits of either case and, on EVM chains, with v counted from 0 or from 27.
func FuzzSignature(f *testing.F) {
	for _, signature := range []string{
		"$SIGNATURE", "$SIGNATURE ", "0x$SIGNATURE", "", "0x", "0x" + strings.Repeat("00", 65), "0x" + strings.Repeat("ff", 65), "0x" + strings.Repeat("1", 129), strings.Repeat("1", 64),
		strings.Repeat("z", 8192), strings.Repeat("5", 88), strings.Repeat("00", 64), strings.Repeat("ab", 64), "0x" + strings.Repeat("00", 64) + "1b", "\xff", strings.Repeat("a", 8193),
	} {
		for chain := range byte(3) {
			f.Add(chain, signature)
		}
	}
	f.Fuzz(func(t *testing.T, number byte, signature string) {
		if !json.Valid([]byte(`"` + signature + `"`)) {
			t.Skip("JSON would carry another text")
		}
		o := newOffline(t)
		wallet := []*mock.Wallet{o.wallet, o.TestWallets()[2], mock.NewFlowWallet(t, o.Project, mock.CurveP256)}[number%3]
		login := wallet.AuthRequest(t, o.client)
		right := string(login.Signature)
		signature = strings.ReplaceAll(signature, "$SIGNATURE", right)
		status, code, msg := o.postTo(t, "/auth", map[string]any{
			"chain": login.Chain, "walletAddress": login.WalletAddress, "signature": signature, "context": login.Context,
		})
		switch same := sameSignature(wallet.Chain, right, signature); {
		case status == http.StatusOK != same:
			t.Fatalf("%q instead of %q on %s: got %d %s", signature, right, wallet.Chain, status, msg)
		case status != http.StatusOK && (status != http.StatusBadRequest || code != string(picket.CodeParameterInvalid)):
			t.Errorf("got %d %s %s", status, code, msg)
		case len(signature) > 16 && strings.Contains(msg, signature):
			t.Errorf("the error shows the signature: %s", msg)
		}
		// A failed login spends nothing.
		if status != http.StatusOK {
			if _, err := o.client.Auth(ctx, login); err != nil {
				t.Errorf("the right signature is refused after a wrong one: %v", err)
			}
		}
	})
}

// sameSignature reports whether two texts are one signature.
func sameSignature(chain, right, signature string) bool {
	bytesOf := func(text string) string {
		bytes, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
		if err != nil {
			return ""
		}
		if chain == "ethereum" && len(bytes) == 65 && strings.HasPrefix(text, "0x") && (bytes[64] == 0 || bytes[64] == 1) {
			bytes[64] += 27
		}
		return string(bytes)
	}
	switch chain {
	case "solana":
		return right == signature
	case "ethereum":
		return strings.HasPrefix(signature, "0x") && bytesOf(right) == bytesOf(signature)
	}
	return bytesOf(right) == bytesOf(signature)
}

// FuzzAccessToken validates any text as an access token, in which $TOKEN stands for a good one. Only the good one is good.
func FuzzAccessToken(f *testing.F) {
	for _, token := range []string{
		"$TOKEN", "$TOKEN\n", " $TOKEN", "$TOKEN.", "$TOKEN=", "$TOKEN.$TOKEN", "", ".", "..", "eyJhbGciOiJub25lIn0.e30.", "\u0000", strings.Repeat("a.", 1000), "A$TOKEN", "$TOKENA",
	} {
		f.Add(token)
	}
	o := newOffline(f)
	good := string(o.wallet.Login(f, o.client).AccessToken)
	f.Fuzz(func(t *testing.T, token string) {
		if !json.Valid([]byte(`"`+token+`"`)) && !strings.ContainsAny(token, "\n\r\t") {
			t.Skip("JSON would carry another text")
		}
		token = strings.ReplaceAll(token, "$TOKEN", good)
		status, code, msg := o.postTo(t, "/auth/validate", map[string]any{"accessToken": token})
		switch {
		case status == http.StatusOK != (token == good):
			t.Fatalf("%q instead of %q: got %d %s", token, good, status, msg)
		case status != http.StatusOK && (status != http.StatusBadRequest || code != string(picket.CodeParameterInvalid)):
			t.Errorf("got %d %s %s", status, code, msg)
		case len(token) > 16 && strings.Contains(msg, token):
			t.Errorf("the error shows the token: %s", msg)
		}
	})
}

// FuzzRequirements asks for any requirements, as JSON, at /authz, on chains of each type. The mock decides as picket.Gate does for a
// wallet of which all is known, or else as the plain model does, and refuses what is no requirement.
func FuzzRequirements(f *testing.F) {
	o := newOffline(f)
	const other = "0x00000000000000000000000000000000000000aa"
	for _, text := range []string{
		`{"contractAddress":"` + contract + `","minTokenBalance":"12.5"}`, `{"contractAddress":"` + contract + `","minTokenBalance":12.500000000000000001}`, `{"contractAddress":"` + other + `"}`,
		`{"contractAddress":"` + strings.ToLower(contract) + `"}`, `{"allowedWallets":["` + strings.ToLower(o.wallet.Address) + `"]}`, `{"allowedWallets":[]}`, `{"allowedWallets":["` + other + `"],"contractAddress":"` + contract + `"}`,
		`{"collection":"apes","tokenIds":["m","m"],"creatorAddress":"c","minTokenBalance":3}`, `{}`, `null`, `[]`, `{"minTokenBalance":1}`, `{"token_ids":["m"]}`, `{"contractAddress":"0xC0"}`,
		`{"contractAddress":"` + contract + `","minTokenBalance":1e99}`, `{"allowedWallets":["x"],"allowedWallets":null}`, `{"collection":[]}`,
		`{"collection":["` + contract + `","` + strings.ToLower(contract) + `"],"minTokenBalance":2}`, `{"collection":["` + firstMint + `","` + secondMint + `"],"minTokenBalance":2}`,
		`{"tokenIds":["` + firstMint + `","` + strings.ToLower(firstMint) + `"],"minTokenBalance":3}`, `{"contractAddress":"0X` + contract[2:] + `"}`, `{"allowedWallets":["0X` + o.wallet.Address[2:] + `"]}`,
		`{"allowedWallets":["x"],"AllowedWallets":["` + o.wallet.Address + `"]}`, `{"tokenIds":["` + firstMint + `"],"token\u0049ds":["m"]}`,
	} {
		for chain := range byte(4) {
			f.Add(chain, []byte(text))
		}
	}
	wallets := []*mock.Wallet{o.wallet, fixedWallet(f, "polygon", 1), fixedSolanaWallet(f, 1), mock.NewFlowWallet(f, o.Project, mock.CurveP256)}
	tokens, ledgers := make([]string, 4), make([]ledger, 4)
	for i, wallet := range wallets {
		tokens[i], ledgers[i] = string(wallet.Login(f, o.client).AccessToken), ledger{}
		seed := func(kind, name string, token mock.Token, balance picket.Decimal) {
			o.SetBalance(wallet.Chain, wallet.Address, token, balance)
			ledgers[i][kind+plainName(wallet.Chain, name)], _ = new(big.Rat).SetString(string(balance))
		}
		if wallet.Chain != "solana" {
			seed("contract ", contract, mock.Contract(contract), "12.5")
		}
		seed("collection ", "apes", mock.Collection("apes"), "1")
		seed("collection ", contract, mock.Collection(contract), "1")
		seed("collection ", firstMint, mock.Collection(firstMint), "1")
		seed("mint ", "m", mock.Mint("m"), "2.25")
		seed("mint ", firstMint, mock.Mint(firstMint), "2.25")
	}
	f.Fuzz(func(t *testing.T, number byte, text []byte) {
		i := int(number) % len(wallets)
		wallet, held := wallets[i], ledgers[i]
		request := httptest.NewRequest(http.MethodPost, "/api/v1/authz", strings.NewReader(`{"accessToken":"`+tokens[i]+`","requirements":`+string(text)+`}`))
		request.SetBasicAuth(o.SecretKey, "")
		request.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		o.Handler().ServeHTTP(answer, request)
		if answer.Code != http.StatusOK && answer.Code != http.StatusForbidden && answer.Code != http.StatusBadRequest {
			t.Fatalf("%s: got %d %s", text, answer.Code, answer.Body)
		}
		var body struct {
			Requirements picket.Requirements `json:"requirements"`
		}
		if exact.Unmarshal([]byte(`{"requirements":`+string(text)+`}`), &body) != nil {
			if answer.Code != http.StatusBadRequest {
				t.Errorf("%s: got %d %s", text, answer.Code, answer.Body)
			}
			return
		}
		r := body.Requirements
		if answer.Code == http.StatusBadRequest {
			return // the mock knows more of what is no requirement
		}
		met, _ := held.meets(wallet.Chain, wallet.Address, r)
		if wantMet := met || isEmptyObject(text); wantMet != (answer.Code == http.StatusOK) {
			t.Errorf("%s on %s is %v, and the mock answers %d %s", text, wallet.Chain, wantMet, answer.Code, answer.Body)
		}
		gate, err := picket.NewGate(wallet.Chain, r)
		if err != nil {
			return // of which the model is the only judge
		}
		outcome, err := gate.Evaluate(picket.AuthenticatedUser{Chain: wallet.Chain, WalletAddress: wallet.Address, TokenBalances: held.prove(wallet.Chain, r)})
		if err != nil || (outcome == picket.OutcomeMet) != (answer.Code == http.StatusOK) {
			t.Errorf("%s on %s is %v, %v, and the mock answers %d %s", text, wallet.Chain, outcome, err, answer.Code, answer.Body)
		}
	})
}

// prove returns the balance of all that requirements name.
func (l ledger) prove(chain string, r picket.Requirements) picket.TokenBalances {
	known := picket.TokenBalances{
		ContractAddress: map[string]picket.Decimal{}, CreatorAddress: map[string]picket.Decimal{}, Collection: map[string]picket.Decimal{}, TokenIDs: map[string]picket.Decimal{},
	}
	balance := func(kind, name string) picket.Decimal {
		return picket.Decimal(l.holds(kind + plainName(chain, name)).FloatString(2))
	}
	known.ContractAddress[r.ContractAddress] = balance("contract ", r.ContractAddress)
	known.CreatorAddress[r.CreatorAddress] = balance("creator ", r.CreatorAddress)
	for _, name := range r.Collection {
		known.Collection[name] = balance("collection ", name)
	}
	for _, name := range r.TokenIDs {
		known.TokenIDs[name] = balance("mint ", name)
	}
	return known
}

// isEmptyObject reports whether requirements are none, which lets everyone in.
func isEmptyObject(text []byte) bool {
	var object map[string]any
	return json.Unmarshal(text, &object) == nil && len(object) == 0
}
