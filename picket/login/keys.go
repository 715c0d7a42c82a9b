package login

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// keyBytes is the length of a key.
const keyBytes = 32

const howToMakeAKey = "make one with: openssl rand -base64 32"

// Keys seal what browsers keep for a Site, with AES-256-GCM. NewKeys and ParseKeys make them. No print shows them. New refuses the
// zero value, which has no key.
type Keys struct {
	// A function, because no print of a function shows what it refers to.
	ciphers func() []cipher.AEAD
}

// NewKeys returns keys that seal with current, and open what current or one of previous sealed. Each is 32 random bytes. To change
// the key while replicas are running, first add the new key to previous on all of them, and then make it current; two minutes later
// the old one can be removed. A key is good for a few billion logins.
//
// NewKeys fails for a key that is not 32 bytes long, and for one that is not random: text, or a few bytes that repeat.
func NewKeys(current []byte, previous ...[]byte) (Keys, error) {
	all := append([][]byte{current}, previous...)
	ciphers := make([]cipher.AEAD, len(all))
	for i, key := range all {
		var err error
		if ciphers[i], err = newCipher(key); err != nil {
			return Keys{}, fmt.Errorf("login: key %d of %d %w; %s", i+1, len(all), err, howToMakeAKey)
		}
	}
	return Keys{func() []cipher.AEAD { return ciphers }}, nil
}

// ParseKeys is NewKeys for the text of an environment variable: keys separated by commas, the current one first, each in base64
// (standard or URL alphabet, with or without padding) or as 64 hexadecimal digits. Spaces around a key make no difference. Errors
// never show a key.
func ParseKeys(text string) (Keys, error) {
	switch {
	case strings.TrimSpace(text) == "":
		return Keys{}, fmt.Errorf("login: the text with the keys is empty; is the environment variable set? %s", howToMakeAKey)
	case strings.ContainsAny(text, "\"'`"):
		return Keys{}, errors.New("login: the text with the keys contains a quotation mark; leave out the quotes")
	case strings.Contains(text, "$"):
		return Keys{}, errors.New("login: the text with the keys contains a $; was a variable not replaced by its value?")
	}
	parts := strings.Split(text, ",")
	keys := make([][]byte, len(parts))
	for i, part := range parts {
		key, ok := decodeKey(strings.TrimSpace(part))
		if !ok {
			return Keys{}, fmt.Errorf("login: key %d of %d is neither base64 nor hexadecimal; %s", i+1, len(parts), howToMakeAKey)
		}
		keys[i] = key
	}
	return NewKeys(keys[0], keys[1:]...)
}

func decodeKey(text string) ([]byte, bool) {
	if len(text) == hex.EncodedLen(keyBytes) {
		if key, err := hex.DecodeString(text); err == nil {
			return key, true
		}
	}
	if strings.ContainsAny(text, "\r\n") { // which package base64 ignores
		return nil, false
	}
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	key, err := base64.RawStdEncoding.DecodeString(text)
	return key, err == nil
}

func newCipher(key []byte) (cipher.AEAD, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	derived, err := hkdf.Key(sha256.New, key, nil, "picket/login", keyBytes) // so that the application may use the key elsewhere
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// checkKey refuses keys that 32 random bytes never look like.
func checkKey(key []byte) error {
	if len(key) != keyBytes {
		return fmt.Errorf("is %d bytes long, and must be %d", len(key), keyBytes)
	}
	values, text := map[byte]bool{}, true
	for _, b := range key {
		values[b] = true
		text = text && b >= ' ' && b <= '~'
	}
	switch {
	case text:
		return errors.New("is text, and must be random bytes")
	case len(values) < 12:
		return errors.New("repeats a few bytes, and must be random")
	}
	return nil
}

// seal encrypts and authenticates a text for a purpose.
func (k Keys) seal(purpose string, text []byte) []byte {
	return k.ciphers()[0].Seal(nil, nil, text, []byte(purpose))
}

// open returns the text that one of the keys sealed for the purpose.
func (k Keys) open(purpose string, sealed []byte) ([]byte, bool) {
	for _, c := range k.ciphers() {
		if text, err := c.Open(nil, nil, sealed, []byte(purpose)); err == nil {
			return text, true
		}
	}
	return nil, false
}
