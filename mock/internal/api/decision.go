package api

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// DecisionPath is where the login page sends what its user decided.
const DecisionPath = "/_mock/authorize"

// authorizePath is that of the login page.
const authorizePath = spec.BasePath + "/oauth2/authorize"

// decision is what the user of the login page decided.
type decision struct {
	approved bool
	wallet   string // the address of a test wallet
}

type decisionKey struct{}

// DecisionHandler takes the decision of a user, and then has the API answer the authorization request again that the page was shown
// for.
func DecisionHandler(house front.House, api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		decided, refused := readDecision(w, r, min(house.MaxBodyBytes, limits.SmallBody))
		if refused != nil {
			refused.Write(w)
			return
		}
		again := r.Clone(context.WithValue(r.Context(), decisionKey{}, decided))
		again.Method, again.Body = http.MethodGet, http.NoBody
		again.URL.Path, again.URL.RawPath = authorizePath, ""
		api.ServeHTTP(w, again)
	})
}

func readDecision(w http.ResponseWriter, r *http.Request, maxBytes int64) (decision, *refusal.Error) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return decision{}, refusal.New(http.StatusMethodNotAllowed, "the method %s is not allowed for %s", names.ShownMethod(r.Method), DecisionPath)
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBytes)
	if err := r.ParseForm(); err != nil {
		return decision{}, refusal.InvalidParameter("the form cannot be read; send wallet and decision, URL-encoded")
	}
	for _, name := range []string{"decision", "wallet"} {
		if len(r.PostForm[name]) > 1 {
			return decision{}, refusal.InvalidParameter("%s is given more than once", name)
		}
	}
	return decision{
		approved: r.PostForm.Get("decision") == "approve", // anything else is a no
		wallet:   r.PostForm.Get("wallet"),
	}, nil
}

// decide logs the test wallet in that the user chose, unless the user denied the login. Its nonce is for this login only: the mock has
// both ends, so that nothing that the wallet does elsewhere at the same time can spend it, or be disturbed.
func (o Operations) decide(project *tenant.Project, chain picket.ChainInfo, decided decision, params types.AuthorizeParams) (user, error) {
	if !decided.approved {
		return user{}, refusal.PermissionDenied("the user denied the login")
	}
	offered, err := o.wallets.On(chain)
	if err != nil {
		return user{}, err
	}
	i := slices.IndexFunc(offered, func(w TestWallet) bool { return w.Address == decided.wallet })
	if i < 0 {
		return user{}, refusal.InvalidParameter("wallet is not the address of a test wallet on %s", chain.ChainSlug)
	}
	statement := project.Settings.Statement(params.Locale)
	n := state.Nonce{Value: rand.Text(), Statements: []string{statement}}
	allowed := append(project.State.Domains.All(), DefaultDomain)
	nonce := &picket.NonceResponse{Nonce: n.Value, Statement: statement, Format: project.Settings.Format}
	signed, err := offered[i].SignIn(nonce, chain, cmp.Or(offered[i].Domain, allowed[0]))
	if err != nil {
		return user{}, err
	}
	w, err := wallets.FindKeyed(chain.ChainSlug, offered[i].Address)
	if err != nil {
		return user{}, err
	}
	gate := gateOf(params)
	signed.Requirements = &gate
	proven, err := prove(project, w, n, signed)
	return user{w, proven, project.Clock.Now()}, err
}
