package login_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket/login"
)

func TestAKeyThatIsRotatedOutStillOpensWhatItSealed(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	b := newBrowser(newShopAt(t, srv, origin, newKeys(t, aKey), nil))
	message := b.message(t, wallet)
	b.shop = newShopAt(t, srv, origin, newKeys(t, anotherKey, aKey), nil)
	if got := b.sign(wallet, message); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.body)
	}

	message = b.message(t, wallet)
	b.shop = newShopAt(t, srv, origin, newKeys(t, aKey), nil)
	b.sign(wallet, message).want(t, http.StatusUnauthorized, "login_expired", "log in again") // the first of the keys sealed it
}

func TestKeysAreParsedFromTextInEveryUsualForm(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	full := bytes.Repeat([]byte{0xfb, 0xef, 0xbe, 0x3e, 0x3f, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 2) // has + and / in base64
	for name, text := range map[string]string{
		"base64":                    base64.StdEncoding.EncodeToString(full),
		"base64 without padding":    base64.RawStdEncoding.EncodeToString(full),
		"base64url":                 base64.URLEncoding.EncodeToString(full),
		"base64url without padding": base64.RawURLEncoding.EncodeToString(full),
		"hexadecimal":               hex.EncodeToString(full),
		"hexadecimal in capitals":   strings.ToUpper(hex.EncodeToString(full)),
		"with a line break":         base64.StdEncoding.EncodeToString(full) + "\n",
		"the current of two":        hex.EncodeToString(full) + ", " + base64.StdEncoding.EncodeToString(aKey),
		"the previous of two":       base64.StdEncoding.EncodeToString(aKey) + "," + hex.EncodeToString(full),
	} {
		keys, err := login.ParseKeys(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		b := newBrowser(newShopAt(t, srv, origin, newKeys(t, full), nil))
		message := b.message(t, wallet)
		b.shop = newShopAt(t, srv, origin, keys, nil)
		if got := b.sign(wallet, message); got.status != http.StatusOK {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
}

func TestBadKeysAreRefusedWithTheirCauseAndNeverShown(t *testing.T) {
	good := base64.StdEncoding.EncodeToString(aKey)
	for name, test := range map[string]struct{ text, part string }{
		"nothing":               {"", "is the environment variable set?"},
		"spaces":                {" \n", "is the environment variable set?"},
		"in quotes":             {`"` + good + `"`, "leave out the quotes"},
		"in single quotes":      {"'" + good + "'", "leave out the quotes"},
		"a variable":            {"$LOGIN_KEY", "not replaced"},
		"16 bytes":              {base64.StdEncoding.EncodeToString(aKey[:16]), "key 1 of 1 is 16 bytes long, and must be 32"},
		"33 bytes":              {base64.StdEncoding.EncodeToString(append(aKey, 1)), "33 bytes long"},
		"no base64":             {"not!base64", "key 1 of 1 is neither base64 nor hexadecimal"},
		"a line break in it":    {good[:20] + "\n" + good[20:], "neither base64 nor hexadecimal"},
		"a byte order mark":     {"\ufeff" + good, "neither base64 nor hexadecimal"},
		"a zero-width space":    {good + "\u200b", "neither base64 nor hexadecimal"},
		"nothing after a comma": {good + ",", "key 2 of 2 is 0 bytes long"},
		"a second bad one":      {good + ",AAAA", "key 2 of 2 is 3 bytes long"},
		"zeros":                 {strings.Repeat("00", 32), "repeats"},
		"one byte":              {strings.Repeat("ab", 32), "repeats"},
		"a few bytes":           {strings.Repeat("00010203", 8), "repeats"},
		"a password":            {base64.StdEncoding.EncodeToString([]byte("correct horse battery staple 123")), "is text"},
		"hexadecimal as bytes":  {base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef")), "is text"},
	} {
		keys, err := login.ParseKeys(test.text)
		if err == nil || !strings.Contains(err.Error(), test.part) || !strings.HasPrefix(err.Error(), "login: ") {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		if len(test.text) > 5 && strings.Contains(err.Error(), strings.TrimSpace(test.text)[:5]) {
			t.Errorf("%s: %v shows the key", name, err)
		}
		if _, err := login.New(newClient(t, mock.Start(t)), origin, keys); err == nil {
			t.Errorf("%s: New takes them", name)
		}
	}
	if _, err := login.NewKeys(nil); err == nil {
		t.Error("no key is a key")
	}
	if _, err := login.NewKeys(aKey, nil); err == nil {
		t.Error("no previous key is a key")
	}
}

func TestKeysAreNeverPrinted(t *testing.T) {
	keys := newKeys(t, aKey)
	site, err := login.New(newClient(t, mock.Start(t)), origin, keys)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("", "keys", keys, "site", site)
	slog.New(slog.NewTextHandler(&log, nil)).Info("", "keys", keys, "site", site)
	encoded, _ := json.Marshal([]any{keys, site})
	for _, form := range []string{string(aKey), hex.EncodeToString(aKey), base64.StdEncoding.EncodeToString(aKey), fmt.Sprint(aKey), fmt.Sprintf("%#v", aKey)} {
		for _, text := range []string{fmt.Sprintf("%v %+v %#v %+v", keys, keys, keys, site), log.String(), string(encoded)} {
			if strings.Contains(text, form) || strings.Contains(text, strings.Trim(form, "[]")) {
				t.Errorf("%q is in %q", form, text)
			}
		}
	}
}
