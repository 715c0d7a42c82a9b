package picket_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/picket"
)

// peerMessage is a message that siwe 1.1.6 and picket-js 0.0.102 would have signed; see testdata/siwe/generate.mjs.
type peerMessage struct {
	Nonce         picket.NonceResponse         `json:"nonce"`
	Context       picket.SigningMessageContext `json:"context"`
	WalletAddress string                       `json:"walletAddress"`
	Message       string                       `json:"message"`
}

func TestSigningMessageIsThatOfSIWEToTheByte(t *testing.T) {
	text, err := os.ReadFile("testdata/siwe/messages.json")
	if err != nil {
		t.Fatal(err)
	}
	var messages []peerMessage
	if err := json.Unmarshal(text, &messages); err != nil {
		t.Fatal(err)
	}
	made := map[picket.MessageFormat]int{}
	for i, want := range messages {
		got, err := picket.SigningMessage(&want.Nonce, want.WalletAddress, want.Context)
		if err != nil {
			t.Errorf("message %d: %v", i, err)
		} else if got != want.Message {
			t.Errorf("message %d:\ngot  %q\nwant %q", i, got, want.Message)
		}
		made[want.Nonce.Format]++
	}
	if made[picket.MessageFormatSIWE] < 200 {
		t.Errorf("there are only %d siwe messages in the fixture", made[picket.MessageFormatSIWE])
	}
}

func TestSigningMessageRefusesWhatTheFormatCannotHold(t *testing.T) {
	const address = "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"
	simple := picket.NonceResponse{Nonce: "n0nce", Statement: "Sign in.", Format: picket.MessageFormatSimple}
	siwe := picket.NonceResponse{Nonce: "n0nce", Statement: "Sign in.", Format: picket.MessageFormatSIWE}
	full := picket.SigningMessageContext{
		Domain: "localhost:3000", URI: "http://localhost:3000", ChainID: 1, IssuedAt: "2022-10-25T01:12:36Z",
	}
	with := func(edit func(n *picket.NonceResponse, c *picket.SigningMessageContext)) (picket.NonceResponse, picket.SigningMessageContext) {
		n, c := siwe, full
		edit(&n, &c)
		return n, c
	}
	for name, test := range map[string]struct {
		edit    func(n *picket.NonceResponse, c *picket.SigningMessageContext)
		address string
		want    string
	}{
		"no nonce":             {func(n *picket.NonceResponse, _ *picket.SigningMessageContext) { n.Nonce = "" }, address, "the nonce"},
		"no address":           {func(*picket.NonceResponse, *picket.SigningMessageContext) {}, "", "the wallet address"},
		"no statement":         {func(n *picket.NonceResponse, _ *picket.SigningMessageContext) { n.Statement = "" }, address, "the statement"},
		"no domain":            {func(_ *picket.NonceResponse, c *picket.SigningMessageContext) { c.Domain = "" }, address, "Domain"},
		"no uri":               {func(_ *picket.NonceResponse, c *picket.SigningMessageContext) { c.URI = "" }, address, "URI"},
		"no time":              {func(_ *picket.NonceResponse, c *picket.SigningMessageContext) { c.IssuedAt = "" }, address, "IssuedAt"},
		"no chain ID":          {func(_ *picket.NonceResponse, c *picket.SigningMessageContext) { c.ChainID = 0 }, address, "ChainID"},
		"unknown format":       {func(n *picket.NonceResponse, _ *picket.SigningMessageContext) { n.Format = "siws" }, address, `"siws"`},
		"line break in domain": {func(_ *picket.NonceResponse, c *picket.SigningMessageContext) { c.Domain = "a\nb" }, address, "line break"},
		"line break in nonce":  {func(n *picket.NonceResponse, _ *picket.SigningMessageContext) { n.Nonce = "a\r\nb" }, address, "line break"},
		"line break in statement": {func(n *picket.NonceResponse, _ *picket.SigningMessageContext) { n.Statement = "a\nb" },
			address, "line break"},
	} {
		t.Run(name, func(t *testing.T) {
			nonce, context := with(test.edit)
			message, err := picket.SigningMessage(&nonce, test.address, context)
			if err == nil {
				t.Fatalf("got the message %q", message)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %q, which does not name %q", err, test.want)
			}
		})
	}
	if _, err := picket.SigningMessage(nil, address, full); err == nil {
		t.Error("no nonce response makes a message")
	}
	if _, err := picket.SigningMessage(&simple, address, picket.SigningMessageContext{}); err != nil {
		t.Errorf("a simple message needs a context: %v", err)
	}
}
