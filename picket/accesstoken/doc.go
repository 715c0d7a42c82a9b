// Package accesstoken verifies the access tokens of the Picket API on the spot, without a call to the API.
//
// Client.Validate of package picket asks the API about every token: a round trip for each request, and nobody gets in
// while the API is down. An access token is a JWT that is signed with ES256, so that whoever has the public key can
// tell by themselves whether Picket made it, and for whom:
//
//	keys, err := accesstoken.DiscoverKeys(picket.DefaultBaseURL)
//	…
//	verifier, err := accesstoken.NewVerifier(projectID, keys)
//	…
//	claims, err := verifier.Verify(ctx, token)
//
// Make one Verifier when the program starts, and use it for every request: it is safe for concurrent use and holds the
// keys, which it fetches when the first token comes, and again every hour while tokens keep coming.
//
// # What is checked
//
//   - The form: a JWT in compact serialization of at most MaxTokenBytes, signed with ES256 and nothing else, with a
//     header that brings no key of its own (jwk, jku, x5u, x5c) and asks for no extension (crit). Claims may be there
//     only once.
//   - The signature, with the keys of the issuer.
//   - iss is the issuer, aud the project, sub the chain and the wallet address of the other claims; chain,
//     walletAddress, displayAddress and tid are there, as openapi.yaml requires. An ID token, which the same issuer
//     signs with the same key, has other claims and is refused.
//   - iat and nbf are not in the future, exp is not in the past, and the token was not made to live longer than
//     Picket's do.
//
// # What is not checked
//
//   - Revocation. A token that is good stays good until it expires, up to 12 hours after the login, whatever happened
//     since: nothing in the token can tell. Where that matters, ask the API, with Client.Validate.
//   - The age of the balances. They are those of the time when the token was made; the wallet may have sold its tokens
//     since. Where that matters, ask the API, with Client.Authz and Revalidate.
//   - Whether this token was used before: an access token is for many requests.
//
// # Gates
//
// Validate also decides whether the user may pass a picket.Gate, from the chain, the wallet address and the balances in the
// token, as Gate.EvaluateClaims does; what they do not prove is refused. A user of another chain than the gate's is refused
// with picket.ErrChainMismatch.
//
// Balances are as old as the token. A wallet that held too little when the token was made is refused as long as the token
// lives, also when it holds enough by now; Client.Authz with Revalidate returns a token with new balances.
//
// # Errors
//
// Whether a token is bad and whether it could be checked are two things, and no error is both:
//
//	switch {
//	case errors.Is(err, picket.CodePermissionDenied):      // 403: the token is good, its user may not pass the gate
//	case errors.Is(err, accesstoken.ErrExpired):          // 401: log in again
//	case errors.Is(err, accesstoken.ErrInvalid):          // 401: not a token of this project
//	case errors.Is(err, accesstoken.ErrKeysUnavailable):  // 503: could not be checked, try again
//	}
//
// ErrInvalid also is a picket.CodeParameterInvalid, as the API's own refusal is. No error shows the token, a part of it,
// or the value of a claim.
//
// # Outages and new keys
//
// Known keys go on serving while the issuer cannot be reached, for a day. A token that no known key verifies makes the keys be
// fetched again, because the issuer may have a new one and access tokens do not name theirs. Whoever sends forged tokens
// must not cause many fetches, nor use up those that the tokens of a new key need:
//
//   - A token whose claims are bad anyway, such as those of another project or of the past, causes no fetch.
//   - A token that was issued before the last fetch is older than the keys: no more than one fetch in 30 seconds is for such
//     tokens, and otherwise they are ErrInvalid.
//   - For other tokens a second fetch in 30 seconds is kept back. When it is spent, too, or fails, a token that may be of a
//     newer key is ErrKeysUnavailable and not refused as bad.
package accesstoken
