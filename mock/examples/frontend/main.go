// Command frontend serves a page whose script logs its user in without a server behind it: the browser calls the API itself, from
// another origin and with the publishable key, and keeps the access token to itself. The page is page/index.html and the script
// page/app.js; this program only hands them out, and tells them where the API is.
//
// To try it against the mock, in a clone of this repository, and then open http://localhost:3000 in a browser:
//
//	go run ./mock/cmd/picket-mock -addr 127.0.0.1:4010 -redirect-uri http://localhost:3000/
//
//	go run ./mock/examples/frontend
//
// The gate of the page opens once a wallet of the login page holds three tokens, for whichever address was chosen there:
//
//	curl -X PUT http://127.0.0.1:4010/_mock/balances -H 'Content-Type: application/json' \
//	  -d '{"chain":"ethereum","walletAddress":"0x…","contractAddress":"0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984","balance":"3"}'
package main

import (
	"cmp"
	"embed"
	"encoding/json"
	"io/fs"
	"log"
	"net/http"
	"os"

	"github.com/seed-a13ee279/picket/mock"
)

//go:embed page
var files embed.FS

func main() {
	page, err := newPage(config{
		BaseURL:        cmp.Or(os.Getenv("PICKET_BASE_URL"), "http://127.0.0.1:4010/api/v1"),
		PublishableKey: cmp.Or(os.Getenv("PICKET_PUBLISHABLE_KEY"), mock.DefaultPublishableKey),
	})
	if err != nil {
		log.Fatal(err)
	}
	log.Println("open http://localhost:3000")
	log.Fatal(http.ListenAndServe("localhost:3000", page))
}

// config is what the script has to know. All of it is public: a secret key must never reach a browser.
type config struct {
	BaseURL        string `json:"baseURL"`
	PublishableKey string `json:"publishableKey"`
}

func newPage(c config) (http.Handler, error) {
	page, err := fs.Sub(files, "page")
	if err != nil {
		return nil, err
	}
	answer, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(page))
	mux.HandleFunc("GET /config.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	})
	return mux, nil
}
