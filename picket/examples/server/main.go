package main

import (
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

const page = `<!doctype html><meta charset="utf-8"><title>Shop</title>
<p><button id="ethereum">Log in with Ethereum</button> <button id="solana">Log in with Solana</button> <button id="logout">Log out</button>
<p><button id="/me">Who am I?</button> <button id="/club/ethereum">Ethereum club</button> <button id="/club/solana">Solana club</button>
<pre id="answer"></pre>
<script type="module">
  const hex = (bytes) => "0x" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  async function call(path, body) {
    const response = await fetch(path, body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const answer = response.status === 204 ? {} : await response.json();
    if (!response.ok) throw new Error(response.status + " " + answer.msg);
    return answer;
  }
  async function logIn(chain, walletAddress, sign) { // the wallet signs the bytes of the message that the server made
    const { message } = await call("/login/" + chain + "/message", { walletAddress });
    const signature = await sign(new TextEncoder().encode(message));
    return call("/login/" + chain + "/signature", { signature });
  }
  const actions = {
    async ethereum() { // MetaMask and other EIP-1193 wallets
      const [address] = await window.ethereum.request({ method: "eth_requestAccounts" });
      return logIn("ethereum", address, (bytes) => window.ethereum.request({ method: "personal_sign", params: [hex(bytes), address] }));
    },
    async solana() { // Phantom and compatible wallets
      const { publicKey } = await window.solana.connect();
      return logIn("solana", publicKey.toString(), async (bytes) => hex((await window.solana.signMessage(bytes)).signature));
    },
    logout: () => call("/logout", {}),
  };
  for (const button of document.querySelectorAll("button")) {
    const act = actions[button.id] ?? (() => call(button.id));
    button.onclick = async () => {
      document.querySelector("#answer").textContent = await act().then(JSON.stringify, (error) => error.message);
    };
  }
</script>
`
