package mock_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

func TestTheJournalShowsNoSecretUnderANameThatIsForNone(t *testing.T) {
	srv := mock.Start(t)
	for _, body := range []string{`{"walletAddress":"` + srv.SecretKey + `"}`, `{"walletAddress":"0x1","chain":"sk%5F0123456789abcdef0123456789abcdef"}`} {
		post(t, srv, "/auth/nonce", body)
	}
	post(t, srv, "/chains/solana/wallets/"+srv.SecretKey+"/tokenOwnership", `{}`)
	for _, e := range srv.Journal() {
		if text := e.Path + e.RequestBody; strings.Contains(text, srv.SecretKey) || strings.Contains(text, "0123456789abcdef") {
			t.Errorf("it shows %s", text)
		}
	}
}

func TestTheJournalShowsWhatGoesUnseenAsEscapes(t *testing.T) {
	srv := mock.Start(t)
	const address = "\u202e\u200b\U000E0041\u0085x é"
	text, err := json.Marshal(map[string]string{"walletAddress": address})
	if err != nil {
		t.Fatal(err)
	}
	post(t, srv, "/auth/nonce", string(text))
	body := srv.Journal()[0].RequestBody
	var read map[string]string
	if err := json.Unmarshal([]byte(body), &read); err != nil || read["walletAddress"] != address {
		t.Errorf("%s reads as %q, %v", body, read, err)
	}
	if body != `{"walletAddress":"\u202e\u200b\udb40\udc41\u0085x é"}` {
		t.Errorf("got %s", body)
	}
}
