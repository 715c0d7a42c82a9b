// Command nethttp makes the same call as command picket beside it, with only net/http and encoding/json.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

func main() {
	nonce, err := ask(os.Getenv("PICKET_API_KEY"), "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(nonce)
}

func ask(key, address string) (string, error) {
	body, err := json.Marshal(map[string]string{"walletAddress": address})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequest(http.MethodPost, "https://picketapi.com/api/v1/auth/nonce", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.SetBasicAuth(key, "")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("status %d", response.StatusCode)
	}
	var answer struct {
		Nonce string `json:"nonce"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return "", err
	}
	return answer.Nonce, nil
}
