package mock_test

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// wrapped6492 wraps a signature as EIP-6492 describes it: the ABI encoding of the factory, its call and the signature, and the magic.
func wrapped6492(signature picket.Secret) picket.Secret {
	padded := func(digits string) string { return digits + strings.Repeat("0", (64-len(digits)%64)%64) }
	word := func(n int) string { return fmt.Sprintf("%064x", n) }
	call, inner := "deadbeef", strings.TrimPrefix(string(signature), "0x")
	tail := word(len(call)/2) + padded(call)
	encoded := strings.Repeat("0", 24) + strings.Repeat("11", 20) + word(96) + word(96+len(tail)/2) + tail + word(len(inner)/2) + padded(inner)
	return picket.Secret("0x" + encoded + strings.Repeat("6492", 16))
}

func TestAContractWalletLogsInWithTheSignaturesThatItAccepts(t *testing.T) {
	for _, format := range []picket.MessageFormat{picket.MessageFormatSIWE, picket.MessageFormatSimple} {
		t.Run(string(format), func(t *testing.T) {
			srv := mock.Start(t, mock.WithFormat(format))
			client := newClient(t, srv, srv.SecretKey)
			wallet := mock.NewContractWallet(t, srv.Project)
			srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "3")
			request := wallet.AuthRequest(t, client)
			request.Requirements = &picket.Requirements{ContractAddress: contract}
			auth, err := client.Auth(ctx, request)
			if err != nil || auth.User.WalletAddress != wallet.Address {
				t.Errorf("a signature of the owner: %+v, %v", auth, err)
			}
			request = wallet.AuthRequest(t, client)
			request.Signature = wrapped6492(request.Signature)
			if _, err := client.Auth(ctx, request); err != nil {
				t.Errorf("a wrapped one: %v", err)
			}
			request = wallet.AuthRequest(t, client)
			stranger := mock.NewEthereumWallet(t)
			stranger.Address = wallet.Address
			other := stranger.AuthRequest(t, client)
			for name, signature := range map[string]picket.Secret{
				"a stranger's":                   other.Signature,
				"a stranger's, wrapped":          wrapped6492(other.Signature),
				"of another message":             wallet.Sign("hunter2"),
				"no hexadecimal digits":          "0xhunter2",
				"nothing":                        "0x",
				"no prefix":                      request.Signature[2:],
				"the magic alone":                picket.Secret("0x" + strings.Repeat("6492", 16)),
				"cut off before the magic":       picket.Secret(string(wrapped6492(request.Signature))[:200] + strings.Repeat("6492", 16)),
				"with an offset that is too far": picket.Secret(strings.Replace(string(wrapped6492(request.Signature)), fmt.Sprintf("%064x", 96), strings.Repeat("f", 64), 1)),
				"with nothing in it":             wrapped6492("0x"),
			} {
				bad := request
				bad.Signature = signature
				if _, err := client.Auth(ctx, bad); err == nil || !strings.Contains(err.Error(), "invalid signature") || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("%s: got %v", name, err)
				}
			}
			if _, err := client.Auth(ctx, request); err != nil {
				t.Errorf("then the right one: %v", err)
			}
		})
	}
}

func TestAContractWalletIsOneOfItsChain(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewContractWallet(t, srv.Project)
	wallet.Chain = "polygon"
	if _, err := client.Auth(ctx, wallet.AuthRequest(t, client)); err == nil || !strings.Contains(err.Error(), "invalid signature") {
		t.Errorf("on another chain: %v", err)
	}
	request := wallet.AuthRequest(t, client)
	request.Signature = wrapped6492(request.Signature)
	if _, err := client.Auth(ctx, request); err == nil || !strings.Contains(err.Error(), "AddContractWallet") {
		t.Errorf("the error says nothing of contract wallets: %v", err)
	}
}

func TestAContractWalletMayAcceptAnySignature(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	passkey := mock.NewContractWallet(t, srv.Project)
	srv.AddContractWallet(mock.ContractWallet{Chain: "ethereum", Address: passkey.Address, AnySignature: true})
	for _, signature := range []picket.Secret{"0x01", picket.Secret("0x" + strings.Repeat(hex.EncodeToString([]byte("passkey")), 50)), wrapped6492("0x02")} {
		request := passkey.AuthRequest(t, client)
		request.Signature = signature
		if _, err := client.Auth(ctx, request); err != nil {
			t.Errorf("got %v", err)
		}
	}
	request := passkey.AuthRequest(t, client)
	request.Signature = "passkey"
	if _, err := client.Auth(ctx, request); err == nil {
		t.Error("what is not hexadecimal logs in")
	}
	srv.Reset(mock.PartState)
	if _, err := client.Auth(ctx, passkey.AuthRequest(t, client)); err == nil {
		t.Error("it logs in after a reset")
	}
}

func TestContractWalletsOverHTTPAndByConfiguration(t *testing.T) {
	const safe = "0x00000000000000000000000000000000000000bb"
	want := []mock.ContractWallet{{Chain: "polygon", Address: "0x00000000000000000000000000000000000000bb", Owners: []string{evmAddress}, AnySignature: true}}
	body := `{"address":"` + safe + `","anySignature":true,"chain":"polygon","owners":["` + evmAddress + `"]}`
	srv := mock.Start(t)
	if got := control(t, srv, "", "POST", "/contractWallets", body, nil); got.status != http.StatusNoContent {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	listed := control(t, srv, "", "GET", "/contractWallets", "", nil)
	configured := mock.Start(t, mock.WithConfig("picket.yaml", []byte(`projects: [{contractWallets: [`+body+`]}]`)))
	for way, got := range map[string][]mock.ContractWallet{"over HTTP": srv.ContractWallets(), "by configuration": configured.ContractWallets()} {
		for i := range got {
			got[i].Address = strings.ToLower(got[i].Address)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", way, diff)
		}
	}
	if !strings.Contains(listed.body, evmAddress) {
		t.Errorf("listed is %s", listed.body)
	}
	for name, test := range map[string]struct {
		body, phrase string
		status       int
	}{
		"no owners":        {`{"chain":"polygon","address":"` + safe + `"}`, "needs owners", 400},
		"no EVM chain":     {`{"chain":"solana","address":"` + solanaAddress + `","anySignature":true}`, "solana is none", 400},
		"an unknown chain": {`{"chain":"bitcoin","address":"` + safe + `","anySignature":true}`, "no chain", 404},
		"no address":       {`{"chain":"polygon","address":"0x1","anySignature":true}`, "not an address on polygon", 400},
		"no owner's":       {`{"chain":"polygon","address":"` + safe + `","owners":["0x1"]}`, `the owner "0x1" is not an address`, 400},
	} {
		if got := control(t, srv, "", "POST", "/contractWallets", test.body, nil); got.status != test.status || !strings.Contains(got.msg, test.phrase) {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
}
