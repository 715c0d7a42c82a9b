// Package oauth logs users of a Go server in by redirect: the server sends the browser to the page of the Picket API where
// the wallet signs, and the browser comes back with a code that the server exchanges for an access token. This is the
// authorization code flow of OAuth 2.0 (RFC 6749 section 4.1) with PKCE (RFC 7636).
//
//	flow, err := oauth.New(oauth.Config{
//		ClientID:    os.Getenv("PICKET_PUBLISHABLE_KEY"),
//		RedirectURI: "https://shop.example/callback",
//	})
//	…
//	// GET /login
//	login, err := flow.Begin("ethereum", oauth.Parameters{})
//	…
//	keep(w, login.Session)
//	http.Redirect(w, r, string(login.URL), http.StatusFound)
//	…
//	// GET /callback
//	token, err := take(w, r).Exchange(r.Context(), client, r.URL.Query())
//
// # The session
//
// Between the two requests the application keeps the Session where nobody but this server can read or change it, and where
// only this browser brings it back. There are two such places:
//
//   - the server's store, under a random cookie of this browser's: as the value itself, or as MarshalBinary writes it;
//   - a cookie that is encrypted and authenticated, with what MarshalBinary writes in it. A cookie holds 4096 bytes, which long
//     lists of requirements do not fit into.
//
// The cookie must be Secure, HttpOnly and SameSite=Lax: with Strict, the browser would not send it when it comes back from
// another site. Ten minutes are enough for it.
//
// JSON is no such place: the secrets of a session are redacted in it, as in every log, and a session is not read from it.
//
// A session works once if the application deletes it at the callback, before the exchange and whatever comes of it. A
// session that is kept can be used again with another code that was asked for with it.
//
// # Gates
//
// The chain and the requirements travel in the URL, where the user can change them or take them off. Exchange therefore
// lets the API validate the token for those of the session, and takes no user of another chain, also when there are no
// requirements. A server that takes the steps by itself, with Code and picket.Client.Token, must do so, too.
//
// # Errors
//
// Each way to fail has an error of its own, to be told apart with errors.Is:
//
//	switch {
//	case errors.Is(err, oauth.ErrAccessDenied):       // the user said no, or meets none of the requirements
//	case errors.Is(err, picket.CodePermissionDenied):  // the requirements had been taken off the URL, and are not met
//	case errors.Is(err, picket.ErrChainMismatch):     // the chain had been changed in the URL
//	case errors.Is(err, oauth.ErrSession):            // there is no login under way: it is over, or begun elsewhere
//	case errors.Is(err, oauth.ErrState):              // the callback is not the answer to this login; possibly forged
//	case errors.Is(err, picket.CodeOAuthInvalidGrant):      // the code is spent or expired, or of another login
//	}
//
// # ID tokens
//
// With the scope "openid" the response to the exchange also has an ID token. It is for clients of OpenID Connect, which
// verify it with the keys that discovery names; nothing here does, and for the Picket API the access token is enough.
package oauth
