// Package picket calls the Picket API, which logs users in with their crypto wallets and opens gates to those who hold the right
// tokens.
//
// # Login
//
// The server asks the API for a nonce, the wallet signs the message that SigningMessage builds around it, and the server
// exchanges the signature for an access token:
//
//	client, err := picket.NewFromEnv(picket.WithOrigin("https://example.com")) // with the secret key in PICKET_API_KEY
//	…
//	nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: address})
//	…
//	auth, err := client.Auth(ctx, picket.AuthRequest{WalletAddress: address, Signature: signature, Context: signed})
//	…
//	claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken})
//
// A signature proves that a wallet signed a message, but not on which site. Whoever gets people to sign in at evil.example can
// send their signatures to your server, and a server that takes the context of the message from the browser then logs the
// attacker in as the victim. WithOrigin refuses a login whose Context names another site, another chain than the request, or
// another time than now. That is not enough by itself: the API may also accept a signature of the message in the simple format,
// which names no site, whatever the Context says. For logins from browsers use package login of this module. It builds the
// message on the server, keeps it in a sealed cookie, takes only the signature from the browser, and checks itself that the
// signature is of that message.
//
// # Gates
//
// Requirements say who gets in: the wallets on a list, or the holders of tokens. A user who meets one of them gets in. Auth checks
// requirements with the login, Authz later, and Validate with each request. The client refuses requirements that came out empty,
// for example because the contract address is in a variable that is not set: without requirements, the gate would be open to
// everyone.
//
// The API judges requirements on the chain of the login, and the user chooses that chain. At the address of your contract there
// may be another contract on another chain, which anybody may have put there. A Gate therefore names its chain together with its
// requirements, and with WithChain the methods Auth, Authz, Validate and ExchangeGrant succeed only for users of one chain.
//
// An access token carries the balances that have been proven so far. Gate.Evaluate decides from them whether a gate opens, so a
// server has to ask the API, with Authz, only when the token does not say enough.
//
// # Requests with an access token
//
// A server checks the access token of each request. It can ask the API with Validate, or verify the token itself with package
// accesstoken; package middleware protects the routes of a net/http server in either way. Package oauth is for logins by
// redirect (OAuth 2.0). These packages are in folders below this one, because not every program needs what they depend on.
// AccessTokenExpiry reads when a token expires, without verifying it.
//
// # Types
//
// The types of requests and responses are generated from openapi.yaml; go doc shows their fields, and package types has them with
// their JSON names. Chains are named by their slugs, such as ChainPolygon.
//
// # Errors
//
// Every error of a call is an *Error with the operation and, when there was a response, its status. Tell errors apart with
// errors.Is. The names that begin with Err are errors of this package; those that begin with Code are codes with which the API
// refused a request, and those with CodeOAuth the codes of its token endpoint:
//
//	switch {
//	case errors.Is(err, picket.CodePermissionDenied): // the wallet meets none of the requirements
//	case errors.Is(err, picket.CodeParameterInvalid): // the signature or the access token is not valid
//	case errors.Is(err, picket.ErrInvalidArgument):   // the request was not sent, because an argument is wrong
//	case errors.Is(err, picket.ErrChainMismatch):     // the user is on another chain than WithChain asks for
//	case errors.Is(err, picket.ErrNoResponse):        // the API could not be reached
//	}
//
// The client reads a response by the exact names of its properties. A response that has a name in another case, or twice, is
// ErrUnexpectedResponse.
//
// # Retries
//
// The client repeats a call that failed, by default up to twice, when that is safe and may help: when no response arrived, when
// the response broke off, and on 429, 502, 503 and 504. Auth and ExchangeGrant use up a nonce or a code. The client repeats them
// only when the request certainly never reached the server, because no connection could be made, and on a 429 or 503 that says
// in Retry-After when to come back.
//
// The waits between tries grow exponentially, with jitter; see WithMaxRetries and WithRetryWait. A wait that would last beyond
// the call's time is not begun. The error is then that of the last try, with the number of tries. The call's time is 30 seconds
// (see WithTimeout), or less if the deadline of its context is sooner.
//
// # Operations without a method
//
// Client.Do calls an operation of the API that is newer than this package, with the same protections. WithResponseInfo gives the
// status, the request ID and the rate limit of a response.
//
// # Observability
//
// WithLogger logs one line for each call. WithHTTPClient takes any http.RoundTripper, such as OpenTelemetry's otelhttp.Transport,
// in which CallFromContext says what a request is for. Every method takes a context and passes it on.
//
// # Secrets
//
// API keys, access tokens and signatures never appear in the text of an error, whatever form a server returns them in. Access
// tokens and signatures have the type Secret, which package fmt, every log handler and the usual encoders show as "[redacted]".
// Convert one with string(token) to pass it on. Redirects are not followed.
//
// # Tests
//
// Package mock of this module is the API inside a test's process, with wallets that sign. Tests need no network and no key. The
// mock also injects faults. With WithMaxRetries(0) the client repeats nothing; net/http itself still repeats a GET whose connection was
// in use before and broke off without a response.
package picket
