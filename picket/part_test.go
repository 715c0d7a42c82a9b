package picket_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/picket"
)

func TestAPartOfASecretThatAServerSaysBackIsHidden(t *testing.T) {
	signature := "0x" + strings.Repeat("a1b2c3d4", 16) + "1b"
	for name, part := range map[string]string{
		"without 0x": signature[2:], "its beginning": signature[:100], "its end": signature[30:], "in quotes": `'` + signature[2:] + `'`,
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := serve(t, http.StatusBadRequest, "application/json", `{"code":"parameter_invalid","msg":"bad: `+part+`"}`)
			_, err := client.Auth(t.Context(), picket.AuthRequest{WalletAddress: "0x1", Signature: picket.Secret(signature)})
			if err == nil || strings.Contains(err.Error(), "a1b2c3d4a1b2c3d4") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAClientThatNewDidNotReturnIsAnError(t *testing.T) {
	var missing *picket.Client
	for _, client := range []*picket.Client{missing, {}} {
		if _, err := client.Chains(t.Context()); err == nil {
			t.Error("no error")
		}
	}
}
