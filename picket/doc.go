// Package picket calls the Picket API, which logs users in with their crypto wallets and opens gates to those who hold
// the right tokens.
//
// # Login
//
// The browser or app tells the server the wallet's address. The server asks the API for a nonce, the wallet signs the
// message that SigningMessage builds around it, and the server exchanges the signature for an access token:
//
//	client, err := picket.New(os.Getenv("PICKET_SECRET_KEY"))
//	…
//	nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: address})
//	…
//	auth, err := client.Auth(ctx, picket.AuthRequest{WalletAddress: address, Signature: signature})
//	…
//	claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken})
//
// # Gates
//
// Requirements name who gets in: the wallets on a list, or the holders of tokens. Auth takes them with the login, Authz
// later, and Validate with each request. They are a logical or. The client refuses requirements that came out empty, such
// as a contract address from a variable that is not set, because without them the gate would be open to everyone.
//
// # Errors
//
// Every error of a call is an *Error with the operation and, when there was a response, its status. Tell them apart with
// errors.Is:
//
//	switch {
//	case errors.Is(err, picket.ErrPermissionDenied):   // the wallet meets none of the requirements
//	case errors.Is(err, picket.ErrParameterInvalid):   // the signature or the access token is not valid
//	case errors.Is(err, picket.ErrNoResponse):         // the API could not be reached
//	}
//
// # Secrets
//
// API keys, access tokens and signatures are never in the text of an error. Access tokens and signatures have the type
// Secret, which prints as "[redacted]"; convert it with string(token) to pass it on. Redirects are not followed.
//
// # Tests
//
// Package mock of this module is the API in process, with wallets that sign; tests need no network and no key.
package picket
