// Package login lets the users of a web site log in with their wallets. Its net/http handlers give a browser the message to sign,
// accept the signature, keep the session in a cookie, and log out.
//
// # A whole server
//
//	client, err := picket.NewFromEnv() // the secret key is in PICKET_API_KEY
//	…
//	keys, err := login.ParseKeys(os.Getenv("LOGIN_KEY")) // openssl rand -base64 32
//	…
//	site, err := login.New(client, "https://shop.example", keys)
//	…
//	ethereum, err := site.Logins("ethereum", nil) // every wallet
//	…
//	auth, err := middleware.New(middleware.Remote(client), middleware.WithSession(site))
//	…
//	club, err := auth.Gate("ethereum", picket.Requirements{ContractAddress: "0x1f98…F984", MinTokenBalance: "3"})
//	…
//	mux := http.NewServeMux()
//	mux.HandleFunc("POST /login/ethereum/message", ethereum.Message)
//	mux.HandleFunc("POST /login/ethereum/signature", ethereum.Signature)
//	mux.HandleFunc("POST /logout", site.Logout)
//	mux.Handle("GET /me", auth.Required(me))   // every user
//	mux.Handle("GET /club", club(clubHandler)) // those with three tokens on ethereum
//
// And in the page, with an EVM wallet:
//
//	const [walletAddress] = await ethereum.request({ method: "eth_requestAccounts" });
//	const { message } = await post("/login/ethereum/message", { walletAddress });
//	const hex = "0x" + [...new TextEncoder().encode(message)].map((b) => b.toString(16).padStart(2, "0")).join("");
//	const signature = await ethereum.request({ method: "personal_sign", params: [hex, walletAddress] });
//	const user = await post("/login/ethereum/signature", { signature });
//
// On Solana, the wallet's signMessage takes the bytes of the message and returns the bytes of the signature; send these as 0x and
// hexadecimal digits, too. The README has the whole page.
//
// # What a login is bound to
//
// The server makes the message (EIP-4361, Sign-In with Ethereum). It names the site's origin, the chain, the wallet, the time and
// the API's nonce. The browser sends back only a signature: address, chain and message are those that the server kept. The
// signature is verified here, over exactly that message, before it is sent to the API. The API would also accept one over a message
// that names no site, which somebody could get the wallet's owner to sign elsewhere; see WithInsecureSkipSignatureCheck.
//
// What the server has to know when the signature arrives is sealed in a cookie of the browser that began the login,
// __Host-wallet-login, for two minutes and with the Keys of the site. Any replica with the same keys can end the login, and no other
// browser can. A login works once: it spends its nonce, so the API refuses the same signature the next time. WithPendingStore keeps
// it in a store instead, where it works only once whatever the API does.
//
// Each chain has handlers of its own. A wallet that logs in on one chain is not a user of another, and gates name their chain.
//
// # The session
//
// The session is the cookie __Host-session, which contains the access token for as long as the token lives. It is HttpOnly, Secure
// and SameSite=Lax: scripts cannot read it, and other sites cannot post with it. No answer contains the token. Site.AccessToken and
// Site.Renew are what middleware.WithSession needs. A token carries the balances that were proven; with about 50 of them it is too
// long for a cookie. WithSessionStore keeps the tokens on the server instead.
//
// Requests that change something should come only from the site's own pages. The handlers of this package make sure of that; put
// http.NewCrossOriginProtection().Handler around the application's own.
//
// # Answers
//
// Answers are JSON with Cache-Control: no-store. Refusals have the form of the API's own errors, {"code": "…", "msg": "…"}:
//
//	400 parameter_invalid   the body is not {"walletAddress": "…"} or {"signature": "…"}, the value has the wrong form, or there
//	                        are several cookies
//	401 login_expired       no login has begun in this browser within the last two minutes, or it is over: log in again
//	401 signature_invalid   the signature is not by this wallet over this message: log in again
//	403 permission_denied   the wallet does not meet the requirements, or the login began on another chain
//	403 cross_origin        the request comes from another site's page
//	405 method_not_allowed  with Allow: POST
//	413 parameter_invalid   the body is longer than 16 KiB
//	415 parameter_invalid   the body is not application/json
//	500 server_error        the API key, the chain, the requirements or the project's settings are wrong, or the token is too long
//	                        for a cookie; the log says which
//	503 unavailable         the API or a store failed; with Retry-After, and the log says more
//
// # Tests
//
// Package mock has wallets that sign, and WithClock(srv.Now) gives a site the mock's time.
package login
