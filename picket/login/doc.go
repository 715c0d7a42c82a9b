// Package login lets the users of a web site log in with their wallets: net/http handlers that give a browser the message to
// sign, take the signature, keep the session in a cookie, and log out.
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
// On Solana the wallet's signMessage takes the bytes of the message, and returns those of the signature, which are sent as 0x
// and hexadecimal digits, too. The README has the page as a whole.
//
// # What a login is bound to
//
// The server makes the message (EIP-4361, Sign-In with Ethereum). It names the site's origin, the chain, the wallet, the time
// and the API's nonce. The browser sends back a signature and nothing else: address, chain and message are those that the
// server kept. Before the API hears of a signature it is verified here, over exactly that message. The API would also take one over
// a message that names no site, which somebody could let the wallet's owner sign elsewhere; see WithInsecureSkipSignatureCheck.
//
// What the server keeps until the signature arrives is sealed in the cookie __Host-wallet-login of the browser that began the login,
// for two minutes, under the Keys of the site. Any replica with the same keys can end the login, and no other browser can. It
// works once: a login spends its nonce, so that the API refuses the same signature again. WithPendingStore keeps it in a store
// instead, and makes it work once whatever the API does.
//
// Each chain has handlers of its own. A wallet that logs in on one chain is no user of another, and gates name their chain.
//
// # The session
//
// The session is the cookie __Host-session with the access token, for as long as the token lives: HttpOnly, Secure and
// SameSite=Lax. Scripts cannot read it and other sites cannot post with it; the token is in no answer. Site.Token and Site.Renew are
// what middleware.WithSession needs. A token carries the balances that were proven; with about 50 of them it is too long for a
// cookie, and with WithSessionStore the tokens stay on the server.
//
// Requests that change something should come from the site's own pages only. The handlers here see to that themselves; put
// http.NewCrossOriginProtection().Handler around the application's own.
//
// # Answers
//
// Answers are JSON with Cache-Control: no-store; refusals are in the shape of the API's own errors, {"code": "…", "msg": "…"}:
//
//	400 parameter_invalid   the body is not {"walletAddress": "…"} or {"signature": "…"}, the value has no such form, or there are
//	                        several cookies
//	401 login_expired       no login was begun in this browser within two minutes, or it is over: log in again
//	401 signature_invalid   the signature is not by this wallet over this message: log in again
//	403 permission_denied   the wallet does not meet the requirements, or the login was begun on another chain
//	403 cross_origin        the request is of another site's page
//	405 method_not_allowed  with Allow: POST
//	413 parameter_invalid   the body is longer than 16 KiB
//	415 parameter_invalid   the body is not application/json
//	500 server_error        the API key, the chain, the requirements or the project's settings are wrong, or the token is too long
//	                        for a cookie; the log says what
//	503 unavailable         the API or a store failed, with Retry-After; the log says more
//
// # Tests
//
// Package mock has wallets that sign, and WithClock(srv.Now) lets a site see the mock's time.
package login
