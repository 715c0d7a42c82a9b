package login_test

import (
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/mr-tron/base58"

	"github.com/seed-a13ee279/picket/mock"
)

func TestEveryUsualFormOfASignatureLogsIn(t *testing.T) {
	srv := mock.Start(t)
	ethereum, solana := mock.NewEthereumWallet(t), mock.NewSolanaWallet(t)
	for name, test := range map[string]struct {
		wallet *mock.Wallet
		form   func(string) string
	}{
		"ethereum: v is 27 or 28": {ethereum, func(s string) string { return s }},
		"ethereum: v is 0 or 1":   {ethereum, func(s string) string { return s[:130] + map[string]string{"1b": "00", "1c": "01"}[s[130:]] }},
		"ethereum: in capitals":   {ethereum, func(s string) string { return "0x" + strings.ToUpper(s[2:]) }},
		"ethereum: s is high":     {ethereum, highS},
		"solana: hexadecimal":     {solana, func(s string) string { return s }},
		"solana: base58":          {solana, func(s string) string { return base58.Encode(unhex(s)) }},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBrowser(newShop(t, srv))
			message := b.message(t, test.wallet)
			signature := test.form(asHex(test.wallet.Sign(message)))
			if got := b.post("/login/"+test.wallet.Chain+"/signature", property("signature", signature)); got.status != http.StatusOK {
				t.Errorf("got %d %s\n%s", got.status, got.body, b.shop.log)
			}
		})
	}
}

func TestWhatIsNoSignatureIsMalformed(t *testing.T) {
	srv := mock.Start(t)
	for _, wallet := range []*mock.Wallet{mock.NewEthereumWallet(t), mock.NewSolanaWallet(t)} {
		for _, form := range []func(string) string{
			func(string) string { return "0x" },
			func(s string) string { return s[2:] + "0" },
			func(s string) string { return s + "00" },
			func(s string) string { return s[:len(s)-2] },
			func(s string) string { return s[:len(s)-1] },
			func(s string) string { return "0X" + s[2:] },
			func(s string) string { return "0x" + strings.Repeat("zz", 65) },
			func(s string) string { return s + "\n" },
			func(string) string { return "0x" + strings.Repeat("ff", 65) },
			func(string) string { return strings.Repeat("z", 10_000) },
			func(string) string { return strings.Repeat("\u0661", 88) },
		} {
			b := newBrowser(newShop(t, srv))
			signature := form(asHex(wallet.Sign(b.message(t, wallet))))
			b.post("/login/"+wallet.Chain+"/signature", property("signature", signature)).
				want(t, http.StatusBadRequest, "parameter_invalid", "signature is not one of a wallet on "+wallet.Chain)
			b.wantNoSession(t)
		}
	}
}

func unhex(text string) []byte {
	octets, err := hex.DecodeString(text[2:])
	if err != nil {
		panic(err)
	}
	return octets
}

func TestALastByteThatPersonalSignDoesNotWriteIsMalformed(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	for _, v := range []string{"02", "03", "1a", "1d", "1e", "25", "ff"} { // 25 is of EIP-155
		b := newBrowser(newShop(t, srv))
		signature := asHex(wallet.Sign(b.message(t, wallet)))[:130] + v
		b.post("/login/ethereum/signature", property("signature", signature)).want(t, http.StatusBadRequest, "parameter_invalid", "signature is not one of a wallet")
	}
}

// highS returns the other signature that is as good as the given one: with n-s in the place of s, and the other v.
func highS(signature string) string {
	octets := unhex(signature)
	var s secp256k1.ModNScalar
	s.SetByteSlice(octets[32:64])
	high := s.Negate().Bytes()
	copy(octets[32:64], high[:])
	octets[64] = 27 + ((octets[64] - 27) ^ 1)
	return "0x" + hex.EncodeToString(octets)
}
