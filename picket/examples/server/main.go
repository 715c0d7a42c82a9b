package main

import (
	_ "embed"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

func main() {
	client := must(picket.NewFromEnv())                   // the secret key is in PICKET_API_KEY
	keys := must(login.ParseKeys(os.Getenv("LOGIN_KEY"))) // made by openssl rand -base64 32
	site := must(login.New(client, "http://localhost:3000", keys, login.WithLoopbackHTTP()))
	ethereum := must(site.Logins("ethereum", nil)) // nil: any wallet may log in
	solana := must(site.Logins("solana", nil))

	auth := must(middleware.New(middleware.Remote(client), middleware.WithSession(site)))
	contract, mint := "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984", "4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R"
	ethereumClub := must(auth.Gate("ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"}))
	solanaClub := must(auth.Gate("solana", picket.Requirements{TokenIDs: []string{mint}, MinTokenBalance: "3"}))

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, page) })
	mux.HandleFunc("POST /login/ethereum/message", ethereum.Message)
	mux.HandleFunc("POST /login/ethereum/signature", ethereum.Signature)
	mux.HandleFunc("POST /login/solana/message", solana.Message)
	mux.HandleFunc("POST /login/solana/signature", solana.Signature)
	mux.HandleFunc("POST /logout", site.Logout)
	mux.Handle("GET /me", auth.Required(http.HandlerFunc(hello)))           // any user
	mux.Handle("GET /club/ethereum", ethereumClub(http.HandlerFunc(hello))) // holders of three tokens of the contract
	mux.Handle("GET /club/solana", solanaClub(http.HandlerFunc(hello)))     // holders of three tokens of the mint

	log.Println("open http://localhost:3000")
	log.Fatal(http.ListenAndServe("localhost:3000", http.NewCrossOriginProtection().Handler(mux)))
}

func hello(w http.ResponseWriter, r *http.Request) {
	user, _ := middleware.UserFromContext(r.Context())
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"hello": user.DisplayAddress})
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

//go:embed page.html
var page string
