package main

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"net/http"

	"github.com/seed-a13ee279/picket/picket/oauth"
)

// The prefix keeps other hosts from setting these cookies. Browsers accept it only over https, and Chromium also from http://localhost.
const (
	pendingCookie = "__Host-login"
	sessionCookie = "__Host-session" // the access token
)

// newCookie returns a cookie that only this site can read. It is SameSite=Lax: with Strict, the browser would not send it when it comes
// back from the login page.
func newCookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// A sealedCookie keeps a pending login in the browser, which can neither read nor change it.
type sealedCookie struct{ aead cipher.AEAD }

func newSealedCookie(key []byte) (sealedCookie, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealedCookie{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealedCookie{aead}, err
}

func (c sealedCookie) keep(w http.ResponseWriter, pending oauth.PendingLogin) error {
	plain, err := pending.MarshalBinary()
	if err != nil {
		return err
	}
	sealed := c.aead.Seal(nil, nil, plain, []byte(pendingCookie))
	http.SetCookie(w, newCookie(pendingCookie, base64.RawURLEncoding.EncodeToString(sealed), 10*60))
	return nil
}

// take returns the browser's pending login and deletes its cookie. Without a good cookie the login is empty, and refuses every callback.
func (c sealedCookie) take(w http.ResponseWriter, r *http.Request) oauth.PendingLogin {
	http.SetCookie(w, newCookie(pendingCookie, "", -1))
	var pending oauth.PendingLogin
	cookie, err := r.Cookie(pendingCookie)
	if err != nil {
		return pending
	}
	sealed, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		return pending
	}
	plain, err := c.aead.Open(nil, nil, sealed, []byte(pendingCookie))
	if err != nil || pending.UnmarshalBinary(plain) != nil {
		return oauth.PendingLogin{}
	}
	return pending
}
