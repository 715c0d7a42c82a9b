package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-a13ee279/picket/picket"
)

// checkIssuer checks the iss of a callback (RFC 9207), so that the code of another server is not exchanged here. The server of the login
// is known by the base URL that the browser was sent to, and by the name in its configuration, which is read only where the base URL does
// not decide: if there is no iss, which is wrong only for a server that says that it sends one, or if it is another.
func (p PendingLogin) checkIssuer(ctx context.Context, client *picket.Client, named []string) error {
	switch {
	case len(named) > 1:
		return fmt.Errorf("oauth: %w: iss is given more than once", ErrIssuer)
	case len(named) == 1 && named[0] != "" && named[0] == p.Issuer:
		return nil
	}
	var server struct {
		Issuer      string `json:"issuer"`
		NamesItself bool   `json:"authorization_response_iss_parameter_supported,omitempty"`
	}
	var refused *picket.Error
	err := client.Do(ctx, http.MethodGet, "/.well-known/openid-configuration", nil, &server)
	isMissing := errors.As(err, &refused) && refused.StatusCode/100 == 4 && refused.StatusCode != http.StatusTooManyRequests
	switch {
	case err != nil && !isMissing:
		return err
	case len(named) == 0 && !server.NamesItself:
		return nil
	case len(named) == 0:
		return fmt.Errorf("oauth: %w: there is no iss in it, and the API says in its configuration that it sends one", ErrIssuer)
	case named[0] != "" && named[0] == server.Issuer:
		return nil
	}
	return fmt.Errorf("oauth: %w: its iss is %q, and neither the base URL nor the issuer in the configuration of the API",
		ErrIssuer, scrub(named[0], p.State, p.CodeVerifier))
}
