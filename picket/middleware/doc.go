// Package middleware lets only those requests reach a net/http handler that come from a user of Picket, and opens gates
// to those who hold the right tokens.
//
// # From the login to the gate
//
// Package login logs users of a web site in and keeps their access tokens in a session; an app gets its token and sends it as
// "Authorization: Bearer" (RFC 6750). From then on this package checks it:
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
//	mux.Handle("GET /club", club(clubHandler))    // only users of ethereum with three tokens
//
// The handlers find out who it is:
//
//	user, ok := middleware.UserFromContext(r.Context())
//
// Remote asks the API. A server that verifies tokens by itself, with package accesstoken, asks less:
// Incremental(verifier, Remote(client)) decides from the balances in the token where they suffice for that.
//
// # Gates
//
// A gate names its chain, because users pick the chain of their login themselves: the same contract address is another
// contract on each chain, or none at all, where anyone can hold any number of tokens. A user of another chain is refused.
// Only a list of wallets can be for users of every chain: picket.AnyChain.
//
// What could let nobody in, or everyone, is an error when the gate is made; see picket.NewGate. When the API refuses a gate's
// requirements, because the contract is no token, say, that is no user's fault: users get a 503, and the log has a warning
// that names the gate and says what the API does.
//
// An access token carries the balances that it has proven, and the API trusts them as long as the token lives, up to 12
// hours. They open a gate for as long, also when the wallet has sold its tokens since. And a balance that was proven to be too
// low keeps its user out for as long, also when the wallet holds enough by now: to log in again helps, and so does the handler
// of Authenticator.Revalidate, which asks the API for new balances and hands the new token to the session. It can be called
// once a minute for each wallet and gate.
//
// # Answers
//
// A request is let through only when its token was found good, and its user may pass the gate. Every other one is
// answered in JSON, in the shape of the API's own errors, with Cache-Control: no-store:
//
//	400 invalid_request          several Authorization headers or cookies, or one that is empty or malformed
//	401 authentication_required  no token (not with Optional)
//	401 access_token_invalid     the token is malformed, over 64 KiB, forged, expired or another project's
//	403 permission_denied        the user does not meet the requirements, or is on another chain: the msg says which
//	405 method_not_allowed       Revalidate only: it is no POST
//	429 too_many_requests        Revalidate only: the wallet asked a moment ago; with Retry-After
//	500 server_error             Revalidate only: the session cannot take the new token; the log says why
//	503 unavailable              the token or the gate could not be checked; with Retry-After
//
// WWW-Authenticate is as RFC 6750 section 3 has it: without an error where there was no token, otherwise with
// invalid_request, invalid_token or insufficient_scope.
//
// A token that is there must be good, also for Optional: a token that expired in a browser is a 401 on a public page,
// too. Let the cookie expire with its token, or send such users to the login, with WithErrorHandler. A Bearer
// authorization counts before a cookie or a session, and when it is bad they make up for nothing.
//
// A token is accepted for 30 seconds after its exp, as far as the Validator accepts it, because clocks differ. From then on
// it is a 401. A verifier's clock and leeway count for all that this package remembers of its answers.
//
// # Logs
//
// Every refusal has a line in the log, with its reason, the pattern and the gate: slog.LevelInfo for what clients did, and
// slog.LevelWarn for what an operator has to look at: what could not be checked, a gate that the API refuses, a clock that is
// wrong. The same reason is logged once in a minute, and the next line counts the others. A server with the ID of another
// project, for one, refuses all users with 401, and the reason says that aud is not the project. Requests whose client is gone
// are not logged.
//
// # What it costs
//
// A request is at most one call of the API. A success is remembered for a minute, so that an API that fails for seconds goes
// mostly unnoticed, and a token that was revoked is let in for a minute at most. A denial at a gate is remembered for five
// seconds. Bad tokens and failures are not remembered. No more than 256 checks are under way at once, and what is remembered
// takes no more than 32 MiB; see Cache. Allow lists of any length cost no call and no time that depends on the length.
//
// # Cookies and sessions
//
// WithSession takes the token from wherever the application keeps it: a Session reads and renews it. WithCookie only reads a
// cookie that the application sets itself.
//
// A browser sends cookies with requests that other sites make, too. Set the cookie with HttpOnly, Secure, SameSite and
// a name that begins with __Host-, let it expire with its token, and refuse the unsafe requests of other sites, best
// around all handlers:
//
//	http.ListenAndServe(addr, http.NewCrossOriginProtection().Handler(mux))
//
// To log out, delete the cookie (MaxAge: -1): an empty one is refused as malformed. Answers that depend on a cookie
// should not be stored by caches in between; Cache-Control: private or no-store says so. A CORS preflight has neither
// cookie nor authorization: whatever answers it has to stand around this package's handlers.
//
// # Tests
//
// A handler is tested by itself with a request whose context has a user, from ContextWithUser. A whole server is tested
// against package mock, with wallets that log in, balances, faults and a clock: WithClock(srv.Now) lets both see the
// same time, or, where a verifier checks tokens, its own option WithClock does.
package middleware
