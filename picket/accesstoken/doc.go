// Package accesstoken verifies the access tokens of the Picket API locally, without a call of the API.
//
// Client.Validate of package picket asks the API about every token: that is a round trip for each request, and nobody gets in while
// the API is down. But an access token is a JWT that is signed with ES256, so anyone with the public key can check whether Picket
// made it, and for which project:
//
//	keys, err := accesstoken.DiscoverKeys(picket.DefaultBaseURL)
//	…
//	err = keys.Load(ctx) // optional: fails if the URL is wrong
//	…
//	verifier, err := accesstoken.NewVerifier(projectID, keys)
//	…
//	claims, err := verifier.Verify(ctx, token)
//
// Make one Verifier when the program starts, and use it for every request: it is safe for concurrent use. Its keys are fetched when
// they are loaded or the first token comes, and then again when they are 48 to 60 minutes old, as long as tokens keep coming. A
// server of several projects uses NewVerifierForProjects.
//
// # What is checked
//
//   - The form: a JWT in compact serialization of at most 64 KiB, signed with ES256 and nothing else. Its header has no key of its
//     own (jwk, jku, x5u, x5c) and requires no extension (crit). No claim is there twice.
//   - The signature, with the keys of the issuer.
//   - iss is the issuer, aud the project, and sub the chain and the wallet address of the other claims; chain, walletAddress,
//     displayAddress and tid are there, as openapi.yaml requires. An ID token, which the same issuer signs with the same key, has
//     other claims and is refused.
//   - iat and nbf are not in the future, exp has not passed, and the token was not made to live longer than Picket's do.
//
// # What is not checked
//
//   - Revocation. A good token stays good until it expires, up to 12 hours after the login, whatever has happened since, because
//     nothing in the token can show it. If that matters, ask the API with Client.Validate.
//   - The age of the balances. They are those of the time when the token was made; the wallet may have sold its tokens since. If
//     that matters, ask the API with Client.Authz and Revalidate.
//   - Whether this token was used before: an access token is for many requests.
//
// # Gates
//
// Validate also decides whether the user may pass a picket.Gate, from the chain, the wallet address and the balances in the token,
// as Gate.EvaluateClaims does. If they do not prove that the user may pass, the user is refused. A user of another chain than the
// gate's is refused with picket.ErrChainMismatch.
//
// Balances are as old as the token. A wallet that held too little when the token was made is refused for as long as the token lives,
// even if it holds enough by now. Client.Authz with Revalidate returns a token with new balances.
//
// # Errors
//
// That a token is bad and that it could not be checked are two different things, and no error means both:
//
//	switch {
//	case errors.Is(err, picket.CodePermissionDenied):      // 403: the token is good, but its user may not pass the gate
//	case errors.Is(err, accesstoken.ErrExpired):          // 401: log in again
//	case errors.Is(err, accesstoken.ErrInvalid):          // 401: not a token of this project
//	case errors.Is(err, accesstoken.ErrKeysUnavailable):  // 503: could not be checked, try again
//	}
//
// ErrInvalid is also a picket.CodeParameterInvalid, like the API's own refusal. No error shows the token, a part of it, or the value
// of a claim.
//
// # Outages and new keys
//
// While the issuer cannot be reached, the known keys are used for up to a day. A token that no known key verifies causes the keys to
// be fetched again, because the issuer may have a new one, and access tokens do not name their key. Somebody who sends forged tokens
// must not be able to cause many fetches, nor to use up those that tokens of a new key need:
//
//   - A token whose claims are bad anyway, such as one of another project or an expired one, causes no fetch.
//   - A token that was issued before the last fetch is older than the keys. At most one fetch in half a minute is for such tokens;
//     otherwise they are ErrInvalid.
//   - A second fetch in half a minute is reserved for other tokens. If that is used up, too, or fails, a token that may be signed
//     with a newer key is ErrKeysUnavailable, and not refused as bad.
//
// Servers that start together, or meet the first token of a new key together, do not go on fetching together: each shortens these
// times by a random part of up to a fifth, so that half a minute is 24 to 30 seconds. See WithJitter.
package accesstoken
