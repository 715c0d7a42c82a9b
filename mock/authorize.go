package mock

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// decisionPath is where the page of /oauth2/authorize sends what its user decided.
const decisionPath = "/_mock/authorize"

// authorizationClient is who asks for an authorization. It is trusted: the redirect URI is one of the project's.
type authorizationClient struct {
	project     *Project
	redirectURI string
	state       []string // one, or none when the request had none that can be told
	origin      string   // of the redirect URI, when the answer is to be a message to it; otherwise empty
}

// findClient returns who asks for an authorization. Its errors go to no redirect URI (RFC 6749 section 4.1.2.1).
func (s *Server) findClient(query url.Values) (authorizationClient, error) {
	id, uri := query["client_id"], query["redirect_uri"]
	switch {
	case len(id) == 0 || id[0] == "":
		return authorizationClient{}, invalidParameter("client_id is required")
	case len(uri) == 0 || uri[0] == "":
		return authorizationClient{}, invalidParameter("redirect_uri is required")
	case len(id) > 1 || len(uri) > 1:
		return authorizationClient{}, invalidParameter("client_id or redirect_uri is given more than once")
	}
	c, known := s.keys.find(id[0])
	if !known || c.secret {
		return authorizationClient{}, invalidParameter("client_id is not a publishable key of any project")
	}
	if !c.project.store.allowsRedirectURI(uri[0]) {
		return authorizationClient{}, invalidParameter("redirect_uri is not among the project's redirect URIs; they are compared to the letter, and a trailing slash matters")
	}
	client := authorizationClient{project: c.project, redirectURI: uri[0]}
	if state := query["state"]; len(state) == 1 {
		client.state = state
	}
	if slices.Equal(query["response_mode"], []string{string(types.AuthorizeParamsResponseModeWebMessage)}) {
		client.origin = originOf(client.redirectURI)
	}
	return client, nil
}

// Authorize is the authorization endpoint of OAuth 2.0. What it refuses reaches the client by refuseAuthorization.
func (o operations) Authorize(ctx context.Context, request server.AuthorizeRequestObject) (server.AuthorizeResponseObject, error) {
	params, query := request.Params, incomingOf(ctx).request.URL.Query()
	client, err := o.server.findClient(query)
	if err != nil {
		return nil, err
	}
	if params.ResponseMode == types.AuthorizeParamsResponseModeWebMessage && client.origin == "" {
		return nil, invalidParameter("response_mode web_message needs a redirect_uri of http or https, whose origin the message goes to")
	}
	chain, err := findChain(params.Chain)
	if err != nil {
		return nil, err
	}
	signed := picket.AuthRequest{
		Chain:         chain.ChainSlug,
		WalletAddress: params.WalletAddress,
		Signature:     params.Signature,
		Context: picket.SigningMessageContext{
			Domain:    params.Domain,
			URI:       params.URI,
			IssuedAt:  params.IssuedAt,
			ChainID:   chain.ChainID,
			ChainType: chain.ChainType,
		},
	}
	decided, ok := ctx.Value(decisionKey{}).(decision)
	switch {
	case ok && !decided.approved:
		return nil, permissionDenied("the user denied the login")
	case ok:
		signed, err = o.signWithTestWallet(client.project, chain, decided.wallet, params.Locale)
		if err != nil {
			return nil, err
		}
	case params.Signature == "":
		return o.server.loginPage(client, chain, query), nil
	case params.WalletAddress == "":
		return nil, invalidParameter("walletAddress is required with a signature")
	}
	signed.Requirements = &picket.Requirements{
		ContractAddress: params.ContractAddress,
		MinTokenBalance: params.MinTokenBalance,
		CreatorAddress:  params.CreatorAddress,
		TokenIDs:        params.TokenIDs,
		Collection:      params.Collection,
		AllowedWallets:  params.AllowedWallets,
	}
	w, proven, err := login(client.project, signed)
	if err != nil {
		return nil, err
	}
	code, err := client.project.store.addCode(grant{
		wallet:      w,
		proven:      proven,
		scopes:      grantedScopes(params.Scope),
		redirectURI: client.redirectURI,
		challenge:   params.CodeChallenge,
		nonce:       params.Nonce,
	})
	if err != nil {
		return nil, err
	}
	return client.answer(map[string]string{"code": string(code)}), nil
}

// refuseAuthorization tells the client of an authorization request that it is refused, or the user alone where there is no
// client to trust.
func (s *Server) refuseAuthorization(query url.Values, refused *apiError) server.AuthorizeResponseObject {
	client, err := s.findClient(query)
	if err != nil {
		return errorPage(refusal(err))
	}
	code := "invalid_request"
	switch {
	case refused.status == http.StatusForbidden:
		code = "access_denied"
	case slices.ContainsFunc(query["response_type"], func(t string) bool { return t != string(types.AuthorizeParamsResponseTypeCode) }):
		code = "unsupported_response_type"
	}
	return client.answer(map[string]string{"error": code, "error_description": errorDescription(refused.message)})
}

// answer gives the answer to an authorization request, with the state that it came with.
func (c authorizationClient) answer(fields map[string]string) server.AuthorizeResponseObject {
	if len(c.state) > 0 {
		fields["state"] = c.state[0]
	}
	if c.origin != "" {
		return messagePage(c.origin, fields)
	}
	query := url.Values{}
	for name, value := range fields {
		query.Set(name, value)
	}
	separator := "?"
	if _, existing, ok := strings.Cut(c.redirectURI, "?"); ok {
		separator = "&"
		if existing == "" {
			separator = ""
		}
	}
	return server.Authorize302Response{
		Headers: server.Authorize302ResponseHeaders{Location: c.redirectURI + separator + query.Encode()},
	}
}

// decision is what the user of the page of /oauth2/authorize decided.
type decision struct {
	approved bool
	wallet   string // the address of a test wallet
}

type decisionKey struct{}

// decide takes the decision of a user, and then the authorization request again that the page was shown for.
func (h *handler) decide(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		(&apiError{status: http.StatusMethodNotAllowed, message: "the method " + names.ShownMethod(r.Method) + " is not allowed for " + decisionPath}).write(w)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, min(h.server.settings.maxBodyBytes, smallBody))
	if err := r.ParseForm(); err != nil {
		invalidParameter("the form cannot be read; send wallet and decision, URL-encoded").write(w)
		return
	}
	for _, name := range []string{"decision", "wallet"} {
		if len(r.PostForm[name]) > 1 {
			invalidParameter("%s is given more than once", name).write(w)
			return
		}
	}
	again := r.Clone(context.WithValue(r.Context(), decisionKey{}, decision{
		approved: r.PostForm.Get("decision") == "approve", // anything else is a no
		wallet:   r.PostForm.Get("wallet"),
	}))
	again.Method, again.Body = http.MethodGet, http.NoBody
	again.URL.Path, again.URL.RawPath = basePath+"/oauth2/authorize", ""
	h.ServeHTTP(w, again)
}

// signWithTestWallet signs a login with the test wallet that has the given address.
func (o operations) signWithTestWallet(project *Project, chain picket.ChainInfo, address, locale string) (picket.AuthRequest, error) {
	wallets := o.server.testWalletsOn(chain)
	i := slices.IndexFunc(wallets, func(w *Wallet) bool { return w.Address == address })
	if i < 0 {
		return picket.AuthRequest{}, invalidParameter("wallet is not the address of a test wallet on %s", chain.ChainSlug)
	}
	settings := project.store.settings
	statement := findStatement(settings.statements, locale)
	n, err := project.store.obtainNonce(address, statement)
	if err != nil {
		return picket.AuthRequest{}, err
	}
	if domains := project.store.allAllowedDomains(); len(domains) > 0 && wallets[i].Domain == "" {
		wallets[i].Domain = domains[0]
	}
	return wallets[i].signIn(&picket.NonceResponse{Nonce: n.value, Statement: statement, Format: settings.format}, chain)
}

// testWalletsOn returns the test wallets that can log in on a chain.
func (s *Server) testWalletsOn(chain picket.ChainInfo) []*Wallet {
	return slices.DeleteFunc(s.TestWallets(), func(w *Wallet) bool {
		own, err := findChain(w.Chain)
		return err != nil || own.ChainType != chain.ChainType
	})
}

// checkRedirectURI refuses what cannot be a redirect URI (RFC 6749 section 3.1.2).
func checkRedirectURI(uri string) error {
	parsed, err := url.Parse(uri)
	switch {
	case err != nil || strings.ContainsFunc(uri, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("the redirect URI is not a URI; percent-encode what is not ASCII")
	case !parsed.IsAbs():
		return errors.New("the redirect URI is not absolute: it must begin with a scheme, such as http://localhost:3000/callback")
	case strings.Contains(uri, "#"):
		return errors.New("the redirect URI has a fragment, and must have none")
	case isWeb(parsed) && parsed.Host == "":
		return errors.New("the redirect URI has no host")
	}
	return nil
}

func isWeb(u *url.URL) bool { return u.Scheme == "http" || u.Scheme == "https" }

// originOf returns the origin of a redirect URI. It is empty for those of applications that are no web page.
func originOf(redirectURI string) string {
	u, err := url.Parse(redirectURI)
	if err != nil || !isWeb(u) {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
