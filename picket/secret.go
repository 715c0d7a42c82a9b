package picket

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
)

const (
	// minSecretLength is the length from which on a secret is looked for, in bytes. Keys, tokens, signatures and codes are far
	// longer; without a bound, a made-up code "a" would remove that letter from every message.
	minSecretLength = 8
	// minPartLength is the length of the parts at the beginning and the end of a secret that are looked for, in bytes.
	minPartLength = 16
)

// A form is one of the ways in which a secret is written, folded.
type form struct {
	text []byte
	// inRun says that the letters around it belong to it, too, because base64 and hexadecimal may encode a longer text.
	inRun bool
}

// formsOf returns the forms of a secret that can be in a folded text of some length. It may return others, too.
func formsOf(secret string, length int) []form {
	if len(secret) < minSecretLength {
		return nil
	}
	fold := func(text string) []byte {
		v := view{text: []byte(strings.ToValidUTF8(text, "\uFFFD"))}
		return v.fold().text
	}
	var forms []form
	// A server may return only a part of a secret: without its prefix, or cut off.
	if n := len(secret); n >= 2*minPartLength {
		for _, part := range []string{secret[:minPartLength], secret[n-minPartLength:]} {
			if isVaried(part) {
				forms = append(forms, form{fold(part), true})
			}
		}
	}
	if len(secret)-len("sk_") > length && keepsItsLength(secret) {
		return forms // because folding makes none of the forms below shorter than the secret without its prefix
	}
	forms = append(forms,
		form{fold(secret), false},
		form{fold(url.QueryEscape(secret)), false}, // because decoding does not turn a plus sign back into a space
		form{fold(hex.EncodeToString([]byte(secret))), true},
	)
	for _, prefix := range []string{"0x", "sk_", "pk_"} {
		if rest, ok := strings.CutPrefix(secret, prefix); ok && isVaried(rest) {
			forms = append(forms, form{fold(rest), false})
		}
	}
	// The text before a secret shifts its base64 by 0, 1 or 2 bytes; the letters that it shares with its neighbours are left out.
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), secret...))
		from, to := (shift*8+5)/6, (shift+len(secret))*8/6
		forms = append(forms, form{fold(encoded[from:to]), true})
	}
	// A secret that is mostly spaces may leave one letter, which is in every text.
	return slices.DeleteFunc(forms, func(f form) bool { return len(f.text) < minSecretLength/2 })
}

// keepsItsLength reports whether a secret is as long once it is folded: visible ASCII is.
func keepsItsLength(secret string) bool {
	return !strings.ContainsFunc(secret, func(r rune) bool { return r <= ' ' || r > '~' })
}

// isVaried reports whether a part of a secret is unlikely to be in any other text. The zeros of a made-up key are in numbers, too.
func isVaried(part string) bool {
	different := 0
	for i, r := range part {
		if !strings.ContainsRune(part[:i], r) {
			different++
		}
		if different == 6 {
			return true
		}
	}
	return false
}
