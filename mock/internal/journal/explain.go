package journal

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/explain"
)

// Explain says why the exchange with a number was refused. It reports false when the journal does not have it.
func (j *Journal) Explain(number int) (explain.Explanation, bool) {
	j.mu.Lock()
	kept := j.kept()
	j.mu.Unlock()
	i := slices.IndexFunc(kept, func(r Record) bool { return r.Number == number })
	if i < 0 {
		return explain.Explanation{}, false
	}
	record := kept[i]
	refused := record.Status == 0 || record.Status >= http.StatusBadRequest
	switch {
	case record.Fault != "" && record.Status == 0:
		return explain.Explanation{Reason: explain.Fault, Summary: "a fault of the kind " + record.Fault + " took the answer away"}, true
	case record.Fault != "" && record.Why == nil && refused:
		return explain.Explanation{Reason: explain.Fault, Summary: "a fault of the kind " + record.Fault + " answered in the place of the operation"}, true
	case record.Why == nil && refused:
		return explain.Explanation{Reason: explain.Stub, Summary: "the answer was asked for, by a stub or by a Prefer header"}, true
	case record.Why == nil:
		return explain.Explanation{Reason: explain.NotRefused, Summary: "the request was not refused"}, true
	case len(record.Violations) > 0:
		return explain.Explanation{Reason: explain.Contract, Summary: strings.Join(record.Violations, "; ")}, true
	}
	return record.Why.Find(historyOf(record, kept[:i])), true
}

// historyOf returns what the records before one say.
func historyOf(of Record, before []Record) explain.History {
	h := explain.History{Time: of.Time}
	at := map[string]int{}        // where in h.Nonces a nonce is
	loggedIn := map[string]bool{} // wallets with a login whose nonce was not met yet
	for _, r := range slices.Backward(before) {
		wallet := walletOf(r)
		if wallet != "" && !slices.Contains(h.Wallets, wallet) && len(h.Wallets) < maxWallets {
			h.Wallets = append(h.Wallets, wallet)
		}
		key := strings.ToLower(wallet)
		switch {
		case r.Status != http.StatusOK:
		case r.Operation == "auth" || r.Operation == "token":
			loggedIn[key] = true
		case r.Operation == "nonce":
			var answer struct{ Nonce, Statement string }
			if json.Unmarshal(r.Response.body, &answer) != nil || answer.Nonce == "" {
				continue
			}
			if i, known := at[answer.Nonce]; known {
				h.Nonces[i].Given = r.Time
				continue
			}
			at[answer.Nonce] = len(h.Nonces)
			h.Nonces = append(h.Nonces, explain.Nonce{Wallet: wallet, Value: answer.Nonce, Statement: answer.Statement, Given: r.Time, Spent: loggedIn[key]})
			loggedIn[key] = false
		}
	}
	return h
}

// maxWallets is how many addresses a history has at most.
const maxWallets = 50

// walletOf returns the address that a request names, or nothing.
func walletOf(r Record) string {
	var body struct{ WalletAddress, Username string }
	if json.Unmarshal([]byte(r.Request.redacted()), &body) != nil {
		return ""
	}
	if body.WalletAddress != "" {
		return body.WalletAddress
	}
	return body.Username
}
