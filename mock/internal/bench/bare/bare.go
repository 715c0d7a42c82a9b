// Package bare is the yardstick for the mock's speed: one operation of the API, with only net/http and encoding/json. It checks
// nothing, so no server that checks requests can be faster.
package bare

import (
	"encoding/json"
	"net/http"
)

// Nonce decodes a request for a nonce and encodes the answer, which is always the same.
func Nonce(w http.ResponseWriter, r *http.Request) {
	var request struct {
		WalletAddress string `json:"walletAddress"`
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil || request.WalletAddress == "" {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{
		"nonce": "b3ff6bb8a2be5b3d", "statement": "Sign in to this website", "format": "siwe",
	})
}
