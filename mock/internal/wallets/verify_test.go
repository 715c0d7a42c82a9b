package wallets

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"

	"github.com/seed-a13ee279/picket/picket"
)

// TestSignaturesOfOthersVerify takes signatures by ethers 5 and tweetnacl; see picket/testdata/siwe/generate.mjs.
func TestSignaturesOfOthersVerify(t *testing.T) {
	text, err := os.ReadFile("../../../picket/testdata/siwe/messages.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Context       picket.SigningMessageContext
		WalletAddress string
		Message       string
		Signature     picket.Secret
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	verified := map[picket.ChainType]int{}
	for i, c := range cases {
		if c.Signature == "" {
			continue
		}
		family := c.Context.ChainType
		address, ok := CanonicalAddress(family, c.WalletAddress)
		if !ok {
			t.Errorf("case %d: %q is no address", i, c.WalletAddress)
		}
		if err := Verify(family, address, c.Signature, []string{"another message", c.Message}, nil); err != nil {
			t.Errorf("case %d: %v", i, err)
		}
		if err := Verify(family, address, c.Signature, []string{c.Message + " "}, nil); err == nil {
			t.Errorf("case %d: the signature verifies over another message", i)
		}
		verified[family]++
	}
	if verified[picket.ChainTypeEthereum] < 50 || verified[picket.ChainTypeSolana] < 50 {
		t.Errorf("verified %v", verified)
	}
}

func TestVInBothConventionsAndNoOther(t *testing.T) {
	key, err := secp256k1.GeneratePrivateKey()
	if err != nil {
		t.Fatal(err)
	}
	address := ethereumAddress(key.PubKey())
	signature := string(signEthereum(key, "message"))
	v, err := hex.DecodeString(signature[130:])
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		v  byte
		ok bool
	}{{v[0], true}, {v[0] - 27, true}, {v[0] ^ 7, false}, {2, false}, {26, false}, {29, false}, {37, false}, {255, false}} {
		spoilt := picket.Secret(signature[:130] + hex.EncodeToString([]byte{test.v}))
		if err := verifyEthereum(address, string(spoilt), []string{"message"}); (err == nil) != test.ok {
			t.Errorf("v of %d: %v", test.v, err)
		}
	}
	// The same signature with the other s and v would verify, too, if it were not refused.
	low, err := hex.DecodeString(signature[66:130])
	if err != nil {
		t.Fatal(err)
	}
	var s secp256k1.ModNScalar
	s.SetByteSlice(low)
	other := s.Negate().Bytes()
	high := signature[:66] + hex.EncodeToString(other[:]) + hex.EncodeToString([]byte{55 - v[0]})
	if err := verifyEthereum(address, high, []string{"message"}); err == nil || !strings.Contains(err.Error(), "upper half") {
		t.Errorf("the malleated signature: %v", err)
	}
}

// TestChecksummedAddresses takes the vectors of EIP-55.
func TestChecksummedAddresses(t *testing.T) {
	for _, want := range []string{
		"0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
		"0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
		"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
		"0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
	} {
		for _, form := range []string{want, strings.ToLower(want), "0x" + strings.ToUpper(want[2:])} {
			if got, ok := CanonicalAddress(picket.ChainTypeEthereum, form); !ok || got != want {
				t.Errorf("%s becomes %s, %v; want %s", form, got, ok, want)
			}
		}
	}
}

func TestMalformedAddresses(t *testing.T) {
	for family, addresses := range map[picket.ChainType][]string{
		picket.ChainTypeEthereum: {"", "0x", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedd", "0xgaAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
		picket.ChainTypeSolana:   {"", "0", "4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYv", "4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvAA", "0OIl"},
		picket.ChainTypeFlow:     {"", "0x", "1654653399040a61", "0x1654653399040a6", "0x1654653399040a611"},
	} {
		for _, address := range addresses {
			if got, ok := CanonicalAddress(family, address); ok {
				t.Errorf("%s: %q becomes %q", family, address, got)
			}
		}
	}
}

func TestFlowKeysWithSHA2(t *testing.T) {
	private, err := secp256k1.GeneratePrivateKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := FlowKey{
		Address:   "0x1654653399040A61",
		PublicKey: "0x" + hex.EncodeToString(private.PubKey().SerializeUncompressed()[1:]),
		Curve:     CurveSecp256k1,
		Hash:      HashSHA2,
	}.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	// Flow's documentation: the tag FLOW-V0.0-user, filled up with zeros to 32 bytes, before the message.
	hash := sha256.Sum256([]byte("FLOW-V0.0-user" + strings.Repeat("\x00", 18) + "message"))
	signature := hex.EncodeToString(ecdsa.SignCompact(private, hash[:], false)[1:])
	if err := verifyFlow([]FlowKey{key}, signature, []string{"message"}); err != nil {
		t.Error(err)
	}
	other := key
	other.Hash = HashSHA3
	for name, err := range map[string]error{
		"another message": verifyFlow([]FlowKey{key}, signature, []string{"massage"}),
		"another hash":    verifyFlow([]FlowKey{other}, signature, []string{"message"}),
		"no hex":          verifyFlow([]FlowKey{key}, "x", []string{"message"}),
		"no key":          verifyFlow(nil, signature, []string{"message"}),
		"zeros":           verifyFlow([]FlowKey{key}, strings.Repeat("0", 128), []string{"message"}),
	} {
		if err == nil {
			t.Errorf("%s: it verifies", name)
		}
	}
}
