// Package oauth lets the users of a Go server log in by redirect: the server sends the browser to the page of the Picket API where
// the wallet signs, and the browser comes back with a code, which the server exchanges for an access token. This is the
// authorization code grant of OAuth 2.0 (RFC 6749 section 4.1) with PKCE (RFC 7636). Package login is for servers that have the
// wallet sign on their own pages.
//
//	logins, err := oauth.New(os.Getenv("PICKET_PUBLISHABLE_KEY"), "https://shop.example/callback")
//	…
//	// GET /login
//	login, err := logins.Begin("ethereum", oauth.Parameters{})
//	…
//	keep(w, login.Pending)
//	http.Redirect(w, r, string(login.URL), http.StatusFound)
//	…
//	// GET /callback
//	response, err := take(w, r).Exchange(r.Context(), client, r.URL.Query())
//
// # The pending login
//
// Between the two requests the application keeps the PendingLogin where only this server can read or change it, and where only
// this browser can bring it back. There are two such places:
//
//   - the server's store, under a random cookie of this browser: as the value itself, or as what MarshalBinary returns;
//   - a cookie that is encrypted and authenticated, with what MarshalBinary returns. A cookie has room for 4096 bytes, which is too
//     little for long lists of requirements.
//
// The cookie must be Secure, HttpOnly and SameSite=Lax: with Strict, the browser would not send it when it comes back from another
// site. It can expire after ten minutes.
//
// JSON does not work: it shows the secrets of a pending login as redacted, as every log does, and a PendingLogin cannot be read
// from it.
//
// A pending login works once if the application deletes it at the callback, before the exchange and whatever comes of it. One that
// is kept can be used again with another code that was requested with it.
//
// # Gates
//
// The chain and the requirements are in the URL, where the user can change or remove them. Exchange therefore has the API validate
// the token for the requirements of the pending login, and refuses users of another chain, also if there are no requirements. A
// server that calls Code and picket.Client.ExchangeGrant itself must do the same.
//
// # Errors
//
// Each way to fail has an error of its own, for errors.Is:
//
//	switch {
//	case errors.Is(err, oauth.CodeAccessDenied):       // the user said no, or meets none of the requirements
//	case errors.Is(err, picket.CodePermissionDenied):  // the requirements were removed from the URL, and are not met
//	case errors.Is(err, picket.ErrChainMismatch):     // the chain was changed in the URL
//	case errors.Is(err, oauth.ErrNoPendingLogin):     // no login has begun in this browser, or it is over
//	case errors.Is(err, oauth.ErrState):              // the callback does not belong to this login, and may be forged
//	case errors.Is(err, oauth.ErrIssuer):             // the callback is from another server than the login was sent to
//	case errors.Is(err, picket.CodeOAuthInvalidGrant):      // the code is spent or expired, or belongs to another login
//	}
//
// # ID tokens
//
// With the scope "openid" the response to the exchange also has an ID token. It is for clients of OpenID Connect, which verify it
// with the keys that discovery names. Nothing here verifies it, and for the Picket API the access token is enough.
package oauth
