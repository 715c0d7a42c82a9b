// Package picket calls the Picket API, which logs users in with their crypto wallets and opens gates to those who hold
// the right tokens.
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
// A signature proves that a wallet signed a message, not where. Whoever lets people sign in at evil.example can send what they
// signed to your server: a server that takes the context of the message from the browser logs the attacker in as the victim.
// WithOrigin refuses a login whose Context names another site, another chain than the request or another time than now. The
// API may also accept a signature of the message in the format simple, which names no site at all, whatever the Context says.
// For logins from browsers use package login of this module: it has the server build the message, keeps it in a sealed cookie,
// takes only the signature from the browser, and checks itself that the signature is of that message.
//
// # Gates
//
// Requirements name who gets in: the wallets on a list, or the holders of tokens. Auth takes them with the login, Authz
// later, and Validate with each request. They are a logical or. The client refuses requirements that came out empty, such
// as a contract address from a variable that is not set, because without them the gate would be open to everyone.
//
// Requirements are judged on the chain of the login, and a user picks that chain: at the address of a contract on one chain
// there is another contract on another, or one that anybody can put there. So a Gate names its chain, as well as its
// requirements, and WithChain lets Auth, Authz, Validate and Token succeed for users of one chain only.
//
// An access token carries the balances that were proven so far. Gate.Evaluate decides from them whether a gate opens, so that
// a server asks the API, with Authz, only when the token does not say enough.
//
// # Requests with a token
//
// A server checks the access token of each request, with Validate or without a call: package accesstoken verifies tokens
// locally, and package middleware protects the routes of a net/http server in either way. Package oauth sends users to
// log in by redirect. The three are sub-packages of this one, because not everyone needs what they depend on.
//
// # Errors
//
// Every error of a call is an *Error with the operation and, when there was a response, its status. Tell them apart with
// errors.Is:
//
//	switch {
//	case errors.Is(err, picket.CodePermissionDenied):   // the wallet meets none of the requirements
//	case errors.Is(err, picket.CodeParameterInvalid):   // the signature or the access token is not valid
//	case errors.Is(err, picket.ErrChainMismatch):      // the user is on another chain than WithChain asks for
//	case errors.Is(err, picket.ErrNoResponse):         // the API could not be reached
//	}
//
// A response is read by the exact names of its properties: one with a name in another case, or twice, is
// ErrUnexpectedResponse.
//
// # Retries
//
// A call that failed is repeated, by default twice, when that is safe and may help: when no response arrived, when one broke
// off, and on 429, 502, 503 and 504. Auth and Token spend a nonce or a code, so they are repeated only when the request surely
// never reached the server, because no connection could be made, and on 429 and 503 when the server says in Retry-After
// when to come back. The waits between grow exponentially, with jitter; see WithMaxRetries and WithRetryWait. No wait begins
// that the end of the call's time would cut short, and the last error is the one returned, with the number of tries. That time
// is the shorter one of WithTimeout, by default DefaultTimeout, and the deadline of the call's context.
//
// # Observability
//
// WithLogger writes a line for each call. WithHTTPClient takes any http.RoundTripper, such as OpenTelemetry's
// otelhttp.Transport; CallFromContext tells it what a request is for. Every method takes a context and passes it on.
//
// # Secrets
//
// API keys, access tokens and signatures are never in the text of an error, in whatever form a server said them back. Access
// tokens and signatures have the type Secret, which package fmt, every log handler and the usual encodings show as
// "[redacted]"; convert it with string(token) to pass it on. Redirects are not followed.
//
// # Tests
//
// Package mock of this module is the API in process, with wallets that sign; tests need no network and no key. It makes
// faults, too; WithMaxRetries(0) shows each of them.
package picket
