package names_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

const (
	key   = "sk_0123456789abcdef0123456789abcdef"
	token = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJldGhlcmV1bToweDEifQ.c2lnbmF0dXJl"
)

func TestNothingIsPrintedThatATerminalObeysOrAReaderDoesNotSee(t *testing.T) {
	for text, want := range map[string]string{
		"plain name":               "plain name",
		`a "quoted" \ name`:        `a "quoted" \ name`,
		"\x1b[31mred\x1b[0m":       `\x1b[31mred\x1b[0m`,
		"a\nresponse forged: line": `a\nresponse forged: line`,
		"\r\t\x00\x7f":             `\r\t\x00\x7f`,
		"\u009b31m":                `\u009b31m`,
		"\u202eemosewa":            `\u202eemosewa`,
		"a\u200bb\u2060c\ufeff":    `a\u200bb\u2060c\ufeff`,
		"\u2028\u2029":             `\u2028\u2029`,
		"\u3164\U000e0041":         `\u3164\U000e0041`,
		"\u0430ddress":             `\u0430ddress`,
		"\xff\xc3":                 `\xff\xc3`,
		"cut…":                     "cut…",
	} {
		for who, got := range map[string]string{"Printable": names.Printable(text), "Answered": names.Answered(text), "Message": names.Message(text)} {
			if got != want {
				t.Errorf("%s of %q is %q", who, text, got)
			}
		}
	}
}

func TestWhatLooksLikeASecretIsNotPrintedInAnyEncoding(t *testing.T) {
	percent := strings.NewReplacer("s", "%73", "_", "%5F", "0", "%30", "1", "%31").Replace(key)
	for name, secret := range map[string]string{
		"secret key":             key,
		"publishable key":        "pk_" + strings.Repeat("0", 32),
		"in upper case":          strings.ToUpper(key),
		"cut off":                key[:20],
		"behind a name":          "apiKey:" + key,
		"percent-encoded":        percent,
		"twice":                  url.QueryEscape(percent),
		"as a form":              strings.Replace(key, "_", "%5f", 1),
		"escaped in JSON":        strings.NewReplacer("s", `\u0073`, "_", `\u005f`, "0", `\u0030`).Replace(key),
		"with what is not seen":  key[:5] + "\u200b" + key[5:8] + "\x00" + key[8:],
		"base64":                 base64.StdEncoding.EncodeToString([]byte(key)),
		"base64 with a colon":    base64.StdEncoding.EncodeToString([]byte(key + ":")),
		"base64 for URLs":        base64.RawURLEncoding.EncodeToString([]byte("user:" + key)),
		"base64 and percent":     url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(percent))),
		"access token":           token,
		"access token cut off":   token[:30],
		"access token in base64": base64.StdEncoding.EncodeToString([]byte(token))[:60],
		"signature":              "0x" + strings.Repeat("ab", 65),
		"signature of Solana":    strings.Repeat("4fYNw3dojWmQ4d", 6) + "abcd",
		"private key":            "0x" + strings.Repeat("1", 64),
	} {
		if got := names.Answered(secret); got != names.Redacted {
			t.Errorf("%s: %q is %q", name, secret, got)
		}
		if got := names.Shown(secret); got != names.Redacted {
			t.Errorf("%s: %q is shown as %q", name, secret, got)
		}
		if got := names.Message("the server said " + secret + " and left"); strings.Contains(got, secret) || strings.Contains(got, "0123456789") {
			t.Errorf("%s: the message is %q", name, got)
		}
	}
	for _, name := range []string{
		"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8", "4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA", "id_token_signing_alg_values_supported", "sk_live", "eyJ", "100%", `C:\users`, "%zz",
	} {
		if got := names.Answered(name); got != name {
			t.Errorf("%q is %q", name, got)
		}
	}
}

func TestWhatIsPrintedIsBounded(t *testing.T) {
	for _, long := range []string{strings.Repeat("a b ", 1<<20), strings.Repeat("\x1b", 1<<20), strings.Repeat("%41 ", 1<<20), strings.Repeat("é", 1<<20)} {
		if got := names.Answered(long); len(got) > 70 {
			t.Errorf("a name has %d bytes", len(got))
		}
		if got := names.Message(long); len(got) > 1100 {
			t.Errorf("a message has %d bytes", len(got))
		}
	}
}
