// Command server is a site whose users log in with wallets on Ethereum or Solana, and which has two routes for holders of tokens
// only. It is the server that README.md prints.
//
// To try it against the mock, in a clone of this repository, and then open http://localhost:3000 in a browser with a wallet:
//
//	go run ./mock/cmd/picket-mock -addr 127.0.0.1:4010
//
//	PICKET_API_KEY=sk_00000000000000000000000000000000 PICKET_BASE_URL=http://127.0.0.1:4010/api/v1 \
//	  LOGIN_KEY=$(openssl rand -base64 32) go run ./picket/examples/server
//
// make shop runs it, too, with a page that needs no wallet in the browser.
package main
