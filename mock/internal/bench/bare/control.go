package bare

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"time"
)

// holding is a wallet and a token that it may hold.
type holding struct{ chain, wallet, contract string }

// decimal is an exact number that JSON has as a string or as a number.
type decimal struct{ big.Rat }

// UnmarshalJSON reads both forms.
func (d *decimal) UnmarshalJSON(text []byte) error {
	var number json.Number
	if err := json.Unmarshal(text, &number); err != nil {
		return err
	}
	return parse(&d.Rat, number.String())
}

func parse(into *big.Rat, number string) error {
	if _, ok := into.SetString(number); !ok {
		return fmt.Errorf("%q is not a number", number)
	}
	return nil
}

// setBalance keeps a balance.
func (s *server) setBalance(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Chain           string `json:"chain"`
		WalletAddress   string `json:"walletAddress"`
		ContractAddress string `json:"contractAddress"`
		Balance         string `json:"balance"`
	}
	if !decode(w, r, &request) {
		return
	}
	s.mu.Lock()
	s.balances[holding{request.Chain, request.WalletAddress, request.ContractAddress}] = request.Balance
	s.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

// balance returns how much of a token a wallet holds.
func (s *server) balance(chain, wallet, contract string) (balance big.Rat, err error) {
	s.mu.Lock()
	text, set := s.balances[holding{chain, wallet, contract}]
	s.mu.Unlock()
	if set {
		err = parse(&balance, text)
	}
	return balance, err
}

// now is called with the lock held.
func (s *server) now() time.Time { return time.Now().Add(s.ahead) }

// advance moves the clock and tells the time.
func (s *server) advance(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Seconds float64 `json:"seconds"`
	}
	if !decode(w, r, &request) {
		return
	}
	s.mu.Lock()
	s.ahead += time.Duration(request.Seconds * float64(time.Second))
	now := s.now()
	s.mu.Unlock()
	answer(w, http.StatusOK, struct {
		Now     time.Time `json:"now"`
		Running bool      `json:"running"`
	}{now, true})
}

// count tells how many requests to the API there were.
func (s *server) count(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	count := s.answered
	s.mu.Unlock()
	answer(w, http.StatusOK, struct {
		Count int `json:"count"`
	}{count})
}
