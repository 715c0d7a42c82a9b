// Package middleware lets only requests of Picket's users reach a net/http handler, and opens gates to users who hold the right
// tokens.
//
// # From the login to the gate
//
// Package login logs in the users of a web site and keeps their access tokens in a session. An app gets its token and sends it as
// "Authorization: Bearer" (RFC 6750). From then on this package checks the token:
//
//	client, err := picket.NewFromEnv() // with the secret key in PICKET_API_KEY
//	…
//	site, err := login.New(client, "https://shop.example", keys)
//	…
//	auth, err := middleware.New(middleware.Remote(client), middleware.WithSession(site))
//	…
//	club, err := auth.Gate("ethereum", picket.Requirements{ContractAddress: "0x1f98…F984", MinTokenBalance: "3"})
//	…
//	mux.Handle("GET /{$}", auth.Optional(home))   // with or without a user
//	mux.Handle("GET /me", auth.Required(me))      // only users
//	mux.Handle("GET /club", club(clubHandler))    // only users on ethereum with three tokens
//
// The handlers find out who it is:
//
//	user, ok := middleware.UserFromContext(r.Context())
//
// Remote asks the API. A server that verifies tokens itself, with package accesstoken, asks less:
// Incremental(verifier, Remote(client)) decides from the balances in the token if they are sufficient for that.
//
// # Gates
//
// A gate names its chain, because users choose the chain of their login themselves: on another chain the same contract address is
// another contract or none at all, and anyone can hold any number of its tokens there. A user of another chain is refused. Only a
// list of wallets can be for users of every chain: picket.AnyChain.
//
// Requirements that could let nobody in, or everyone, are an error when the gate is made; see picket.NewGate. If the API refuses a
// gate's requirements, for example because the contract is not a token, that is no user's fault: users get a 503, and the log has a
// warning that names the gate and says what the API answered.
//
// An access token carries the balances that it has proven, and the API trusts them for as long as the token lives, up to 12 hours.
// They open a gate for that long, even if the wallet has sold its tokens since. A balance that is in the token and too low keeps its
// user out for that long, even if the wallet holds enough by now; a balance that is not in the token is asked for again some seconds
// after a refusal, see WithDenialLifetime. With a balance that is too low the user can log in again, or use the handler of
// Authenticator.Revalidate, which asks the API for new balances and puts the new token into the session. A user can call it once a
// minute for each wallet and gate.
//
// # Answers
//
// A request is let through only if its token was found good and its user may pass the gate. All others are answered in JSON, in the
// form of the API's own errors, with Cache-Control: no-store:
//
//	400 invalid_request          several Authorization headers or cookies, or one that is empty or malformed
//	401 authentication_required  no token (not with Optional)
//	401 access_token_invalid     the token is malformed, over 64 KiB, forged, expired or another project's
//	403 permission_denied        the user does not meet the requirements, or is on another chain: the msg says which
//	405 method_not_allowed       Revalidate only: the method is not POST
//	429 too_many_requests        Revalidate only: the wallet asked a moment ago; with Retry-After
//	500 server_error             Revalidate only: the session cannot take the new token; the log says why
//	503 unavailable              the token or the gate could not be checked; with Retry-After
//
// WWW-Authenticate follows RFC 6750 section 3: without an error if there was no token, and otherwise with invalid_request,
// invalid_token or insufficient_scope.
//
// If there is a token it must be good, for Optional as well: a token that expired in a browser is a 401 on a public page, too. Let
// the cookie expire with its token, or send such users to the login with WithErrorHandler. Bearer authorization comes before a
// cookie or a session; if it is bad, the request is refused whatever they contain.
//
// A token that the Validator accepts is accepted for 30 seconds after its exp, because clocks differ. From then on it is a 401. If
// a verifier checks the tokens, its clock and leeway apply to everything that this package remembers of its answers.
//
// # Logging out
//
// A token that was found good is trusted for up to a minute. When a user logs out, end the session and call Authenticator.Forget
// with its token. Picket has no way to revoke a token: somebody who copied it can use it until its exp, unless the Validator
// refuses it.
//
// # Logs
//
// Every refusal is logged, with its reason, the pattern and the gate: at slog.LevelInfo what clients did wrong, and at
// slog.LevelWarn what an operator has to look at: requests that could not be checked, a gate that the API refuses, a clock that is
// wrong. The same reason is logged once a minute, and the next line counts the others. For example, a server with the ID of another
// project refuses all users with 401, and the reason says that aud is not the project's ID. Requests whose client is gone are not
// logged.
//
// # What it costs
//
// A request causes at most one call of the API. A success is remembered for a minute, so an API that fails for seconds goes mostly
// unnoticed, and a token that was revoked is let in for a minute at most. A denial at a gate is remembered for five seconds. Both
// times are shortened by a random part of up to a fifth, so that tokens that came together are not checked again together; see
// WithJitter. Bad tokens and failures are not remembered. At most 256 checks run at once, and the cache takes at most 32 MiB; see Cache. Allow lists
// cost no call, and no time that depends on their length.
//
// # Cookies and sessions
//
// WithSession takes the token from wherever the application keeps it: a Session reads and renews it. WithCookie only reads a cookie
// that the application sets itself.
//
// A browser sends cookies with requests that other sites make, too. Set the cookie with HttpOnly, Secure, SameSite and a name that
// begins with __Host-, let it expire with its token, and refuse unsafe requests of other sites, best around all handlers:
//
//	http.ListenAndServe(addr, http.NewCrossOriginProtection().Handler(mux))
//
// To log out, delete the cookie (MaxAge: -1): an empty one is refused as malformed. Answers that depend on a cookie should not be
// stored by caches in between; Cache-Control: private or no-store says so. A CORS preflight has neither a cookie nor authorization:
// the handler that answers it has to be around this package's handlers.
//
// # Tests
//
// To test a handler by itself, put a user into the context of a request with ContextWithUser. To test a whole server, use package
// mock, with wallets that log in, balances, faults and a clock: WithClock(srv.Now) lets both have the same time. If a verifier
// checks the tokens, use its own option WithClock instead.
package middleware
