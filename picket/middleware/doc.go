// Package middleware lets only those requests reach a net/http handler that come from a user of Picket, and opens gates
// to those who hold the right tokens.
//
// # From the login to the gate
//
// Package picket logs a user in and gets an access token. The server gives it to the browser, best as a cookie, or to
// an app, which sends it as "Authorization: Bearer" (RFC 6750). From then on this package checks it:
//
//	client, err := picket.NewFromEnv() // with the secret key in PICKET_API_KEY
//	…
//	auth, err := middleware.New(middleware.Remote(client), middleware.WithCookie("__Host-session"))
//	…
//	club, err := auth.Gate(picket.Requirements{ContractAddress: "0x1f98…F984", MinTokenBalance: "3"})
//	…
//	mux.Handle("GET /", auth.Optional(home))      // with or without a user
//	mux.Handle("GET /me", auth.Required(me))      // users alone
//	mux.Handle("GET /club", club(clubHandler))    // users with three tokens
//
// The handlers find out who it is:
//
//	user, ok := middleware.UserFromContext(r.Context())
//
// Remote asks the API. A server that verifies tokens by itself, with package accesstoken, asks less:
// Incremental(verifier, Remote(client)) decides from the balances in the token where they suffice for that.
//
// # Answers
//
// A request is let through only when its token was found good, and its user may pass the gate. Every other one is
// answered in JSON, in the shape of the API's own errors, with Cache-Control: no-store:
//
//	400 invalid_request          several Authorization headers or cookies, or one that is empty or malformed
//	401 authentication_required  no token (not with Optional)
//	401 access_token_invalid     the token is malformed, over 16 KiB, forged, expired or another project's
//	403 permission_denied        the user may not pass the gate, or the user's chain cannot have it
//	503 unavailable              the token or the gate could not be checked; with Retry-After
//
// WWW-Authenticate is as RFC 6750 section 3 has it: without an error where there was no token, otherwise with
// invalid_request, invalid_token or insufficient_scope.
//
// A token that is there must be good, also for Optional: a token that expired in a browser is a 401 on a public page,
// too. Let the cookie expire with its token, or send such users to the login, with WithErrorHandler. A Bearer
// authorization counts before a cookie, and when it is bad the cookie makes up for nothing.
//
// A success is remembered for a minute, so that an API that fails for seconds goes mostly unnoticed, and a token that
// was revoked is let in for a minute at most; see Cache. Failures and refusals are not remembered.
//
// # Cookies
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
// same time.
package middleware
