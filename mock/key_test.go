package mock_test

import (
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"testing"

	"filippo.io/edwards25519"
	"github.com/mr-tron/base58"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// addressesWithoutKey are addresses on a chain that nobody has the key of, or for which everybody can sign.
func addressesWithoutKey(t testing.TB) map[string]struct{ chain, address string } {
	zeros := func(n int) string { return strings.Repeat("00", n) }
	fs := func(n int) string { return strings.Repeat("ff", n) }
	addresses := map[string]struct{ chain, address string }{
		"the zero address":            {"ethereum", "0x" + zeros(20)},
		"the zero address on polygon": {"polygon", "0x" + zeros(20)},
	}
	onSolana := func(name string, key []byte) {
		addresses[name] = struct{ chain, address string }{"solana", base58.Encode(key)}
	}
	for name, key := range map[string]string{
		"the identity":                        "01" + zeros(31),
		"of order 2":                          "ec" + fs(30) + "7f",
		"of order 4":                          zeros(32),
		"of order 4, negative":                zeros(31) + "80",
		"of order 8, first":                   "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"of order 8, second":                  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
		"of order 8, third":                   "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"of order 8, fourth":                  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		"the identity with a sign":            "01" + zeros(30) + "80",
		"of order 2 with a sign":              "ec" + fs(31),
		"the identity, not canonical":         "ee" + fs(30) + "7f",
		"the identity, not canonical, a sign": "ee" + fs(31),
		"of order 4, not canonical":           "ed" + fs(30) + "7f",
		"of order 4, not canonical, a sign":   "ed" + fs(31),
		"not canonical":                       "f0" + fs(30) + "7f",
		"off the curve":                       "02" + zeros(31),
	} {
		bytes, err := hex.DecodeString(key)
		if err != nil {
			t.Fatal(err)
		}
		onSolana(name, bytes)
	}
	key, err := base58.Decode(fixedSolanaWallet(t, 1).Address)
	if err != nil {
		t.Fatal(err)
	}
	small, _ := hex.DecodeString("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
	point, err := new(edwards25519.Point).SetBytes(key)
	if err != nil {
		t.Fatal(err)
	}
	torsion, err := new(edwards25519.Point).SetBytes(small)
	if err != nil {
		t.Fatal(err)
	}
	onSolana("a key and a point of small order", point.Add(point, torsion).Bytes())
	return addresses
}

// TestNobodyLogsInWithAnAddressThatIsNoKey tries every way to log in, with the signature that verifies for a small-order point.
func TestNobodyLogsInWithAnAddressThatIsNoKey(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithFormat(picket.MessageFormatSimple))
	client := newClient(t, srv, srv.SecretKey)
	signatures := map[bool]string{
		true:  base58.Encode(append([]byte{1}, make([]byte, 63)...)),
		false: "0x" + strings.Repeat("00", 64) + "1b",
	}
	for name, test := range addressesWithoutKey(t) {
		t.Run(name, func(t *testing.T) {
			refused := func(operation string, err error) {
				t.Helper()
				if !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "walletAddress is not that of a wallet that can log in on "+test.chain) {
					t.Errorf("%s: got %v", operation, err)
				}
			}
			_, err := client.Nonce(ctx, picket.NonceRequest{Chain: test.chain, WalletAddress: test.address})
			refused("nonce", err)
			signature := signatures[test.chain == "solana"]
			_, err = client.Auth(ctx, picket.AuthRequest{Chain: test.chain, WalletAddress: test.address, Signature: picket.Secret(signature)})
			refused("auth", err)
			_, err = client.ExchangeGrant(ctx, picket.OAuthTokenRequest{GrantType: "password", Chain: test.chain, Username: test.address, Password: picket.Secret(signature)})
			if !errors.Is(err, picket.CodeOAuthInvalidGrant) || !strings.Contains(err.Error(), "can log in on") {
				t.Errorf("token: got %v", err)
			}
			query := authorizeQuery(srv.Project)
			for name, value := range map[string]string{"chain": test.chain, "walletAddress": test.address, "signature": signature} {
				query.Set(name, value)
			}
			if got := authorize(t, srv, query).redirected(t); got.Has("code") || !strings.Contains(got.Get("error_description"), "can log in on") {
				t.Errorf("authorize: got %v", got)
			}

			// All else can be asked of an account without a key.
			srv.SetBalance(test.chain, test.address, mock.Mint(firstMint), "2")
			srv.SetDisplayName(test.chain, test.address, "treasury.sol")
			owned, err := client.TokenOwnership(ctx, test.chain, test.address, picket.TokenOwnershipRequest{TokenIDs: []string{firstMint}})
			if err != nil || owned.TokenBalance != "2" {
				t.Errorf("tokenOwnership: got %v, %v", owned, err)
			}
		})
	}
	t.Run("an allow list may name them", func(t *testing.T) {
		wallet := mock.NewSolanaWallet(t)
		list := []string{wallet.Address}
		for _, test := range addressesWithoutKey(t) {
			list = append(list, test.address)
		}
		_, err := client.Authz(ctx, picket.AuthzRequest{AccessToken: wallet.Login(t, client).AccessToken, Requirements: picket.Requirements{AllowedWallets: list}})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestASignatureOfSolanaHasOneForm takes the right signature in the other forms in which a lax verifier would take it, or a forged one.
func TestASignatureOfSolanaHasOneForm(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	order, _ := hex.DecodeString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
	for name, change := range map[string]func(signature []byte){
		"s and the order": func(signature []byte) {
			carry := 0
			for i := range 32 {
				sum := int(signature[32+i]) + int(order[i]) + carry
				signature[32+i], carry = byte(sum), sum>>8
			}
		},
		"R of small order": func(signature []byte) { copy(signature, append([]byte{1}, make([]byte, 31)...)) },
		"R not canonical": func(signature []byte) {
			copy(signature, append([]byte{0xee}, []byte(strings.Repeat("\xff", 30)+"\x7f")...))
		},
		"R with the other sign": func(signature []byte) { signature[31] ^= 0x80 },
		"zeros":                 func(signature []byte) { clear(signature) },
		"s of zero":             func(signature []byte) { clear(signature[32:]) },
	} {
		t.Run(name, func(t *testing.T) {
			request := mock.NewSolanaWallet(t).AuthRequest(t, client)
			right, err := base58.Decode(string(request.Signature))
			if err != nil {
				t.Fatal(err)
			}
			change(right)
			request.Signature = picket.Secret(base58.Encode(right))
			if _, err := client.Auth(ctx, request); !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "invalid signature") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestASignatureOfAnEVMChainOfNoNumbersIsInvalid(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	const order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
	zero, one := strings.Repeat("0", 64), strings.Repeat("0", 63)+"1"
	for name, numbers := range map[string]string{
		"zeros": zero + zero, "r of zero": zero + one, "s of zero": one + zero, "r of the order": order + one, "s of the order": one + order,
		"r above the order": strings.Repeat("f", 64) + one, "no point has r": strings.Repeat("0", 63) + "5" + one,
	} {
		for _, v := range []string{"00", "01", "1b", "1c", "02", "03", "1d", "1e", "1f", "ff", "25", "26"} {
			request := mock.NewEthereumWallet(t).AuthRequest(t, client)
			request.Signature = picket.Secret("0x" + numbers + v)
			if _, err := client.Auth(ctx, request); !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "invalid signature") {
				t.Errorf("%s, v %s: got %v", name, v, err)
			}
		}
	}
}

func TestAFlowKeyIsAPointOnItsCurve(t *testing.T) {
	srv := mock.Start(t)
	zero := strings.Repeat("0", 64)
	for name, key := range map[string]string{
		"infinity": zero + zero, "no point": zero + strings.Repeat("0", 63) + "1", "above the field": strings.Repeat("f", 128), "short": zero, "compressed": "02" + zero,
	} {
		for _, curve := range []string{mock.CurveP256, mock.CurveSecp256k1} {
			got := control(t, srv, "", http.MethodPost, "/flowKeys", `{"address":"0x1654653399040a61","publicKey":"`+key+`","curve":"`+curve+`"}`, nil)
			if got.status != http.StatusBadRequest {
				t.Errorf("%s on %s: got %d %s", name, curve, got.status, got.body)
			}
		}
	}
}
