package api

import (
	"net/http"
	"net/url"

	"github.com/seed-a13ee279/picket/mock/internal/address"
	"github.com/seed-a13ee279/picket/mock/internal/gating"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// sessionCookiePrefix is what the name of a cookie begins with that has the ID of a session. The publishable key of the project is the
// rest of it.
const sessionCookiePrefix = "picket-mock-"

// sessionCookie makes a browser keep a session, or forget it when the ID is empty. Over https it comes back in frames of other sites
// too, where clients renew logins silently; over http browsers allow that only between hosts of the same name.
func sessionCookie(urls address.URLs, project *tenant.Project, id picket.Secret) *http.Cookie {
	page, err := url.Parse(urls.Browsers)
	if err != nil {
		page = &url.URL{Path: spec.BasePath} // it was made here
	}
	cookie := &http.Cookie{
		Name:     sessionCookiePrefix + project.PublishableKey,
		Value:    string(id),
		Path:     page.Path + "/oauth2", // a proxy may have put it below another path
		MaxAge:   int(state.SessionLifetime.Seconds()),
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	}
	if page.Scheme == "https" {
		cookie.Secure, cookie.SameSite = true, http.SameSiteNoneMode
	}
	if id == "" {
		cookie.MaxAge = -1
	}
	return cookie
}

// remembered returns the user who is logged in in the browser, for a request that forbids pages.
func remembered(r *http.Request, project *tenant.Project, chain picket.ChainInfo, params types.AuthorizeParams) (user, error) {
	refused := func(why string) (user, error) {
		return user{}, refusal.Grant(codeLoginRequired, why+", and prompt=none allows no page that would ask for a login")
	}
	cookie, err := r.Cookie(sessionCookiePrefix + project.PublishableKey)
	if err != nil {
		return refused("no user is logged in in this browser")
	}
	session, alive := project.State.Session(picket.Secret(cookie.Value))
	now := project.Clock.Now()
	switch {
	case !alive:
		return refused("no user is logged in in this browser")
	case session.Wallet.Chain.ChainSlug != chain.ChainSlug:
		return refused("the user is logged in on " + session.Wallet.Chain.ChainSlug + " and not on " + chain.ChainSlug)
	case isTooOld(now.Sub(session.At).Seconds(), params.MaxAge):
		return refused("the login is older than max_age")
	}
	if params.WalletAddress != "" {
		named, err := wallets.Find(chain.ChainSlug, params.WalletAddress)
		if err != nil {
			return user{}, err
		}
		if named.ID() != session.Wallet.ID() {
			return refused("the user is logged in with another wallet")
		}
	}
	proven, err := gating.Authorize(project.State, session.Wallet, gateOf(params), picket.TokenBalances{})
	return user{wallet: session.Wallet, proven: proven, at: session.At}, err
}

// isTooOld reports whether a login was too many seconds ago. A limit of 0 asks for a new login, as prompt=login does.
func isTooOld(age float64, limit *int64) bool {
	return limit != nil && (*limit == 0 || age > float64(*limit))
}

// expectedSubject returns the subject of an ID token that a client gives as a hint, or "" when it gives none.
func (o Operations) expectedSubject(project *tenant.Project, hint picket.Secret) (string, error) {
	if hint == "" {
		return "", nil
	}
	claims, err := o.tokens.VerifyID(hint)
	switch {
	case err != nil:
		return "", err
	case claims.Audience != project.PublishableKey:
		return "", refusal.InvalidParameter("id_token_hint is an ID token for another client")
	}
	return claims.Subject, nil
}

func subjectOf(w wallets.Wallet) string { return tokens.Subject(w.Chain.ChainSlug, w.Address) }
