package verify

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/loopback"
)

// project is a project that wallets log in to, and a client with one of its keys.
type project struct {
	secretKey, publishableKey string
	client                    *picket.Client
	domain                    string   // that wallets log in to; empty if none was chosen
	domains                   []string // those that logins must be for; none if they can be for any, or if that is not known
}

// site returns the domain and the URI of the site that wallets sign messages for.
func (p project) site() (domain, uri string) {
	domain = cmp.Or(append([]string{p.domain}, append(p.domains, mock.DefaultDomain)...)...)
	u := url.URL{Scheme: "https", Host: domain}
	if loopback.Is(u.Hostname()) {
		u.Scheme = "http"
	}
	return domain, u.String()
}

// needsSite reports whether a message must name a site to log in, which those of the format simple do not.
func (p project) needsSite() bool { return len(p.domains) > 0 }

// addProject makes a project on picket-mock, so that a check does not change other projects. The format of its messages is that of
// the default project if it is empty.
func (r *run) addProject(ctx context.Context, format picket.MessageFormat) (project, error) {
	if r.control == nil {
		return project{}, needsMock
	}
	if err := ctx.Err(); err != nil {
		return project{}, err
	}
	// The ID of each project has to be known, so a request that is under way is not canceled. The HTTP client has a timeout.
	added, err := r.control.addProject(context.WithoutCancel(ctx), string(format))
	if err != nil {
		return project{}, err
	}
	r.made = append(r.made, added.ID)
	p := project{secretKey: added.SecretKey, publishableKey: added.PublishableKey, domain: r.domain, domains: added.AllowedDomains}
	p.client, err = r.connect(p.secretKey)
	return p, err
}

// removalTime limits how long it may take to remove all projects of a run.
const removalTime = 10 * time.Second

// removeProjects removes the projects that were made for checks, also if the context is canceled. The report has a check that failed
// if that is not possible.
func (r *run) removeProjects(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removalTime)
	defer cancel()
	var failed []error
	for _, id := range r.made {
		failed = append(failed, r.control.removeProject(ctx, id))
	}
	if err := errors.Join(failed...); err != nil {
		r.report.Checks = append(r.report.Checks, Check{
			Name: "picket-mock removes the projects of this run", Result: Fail, Reason: names.Message(err.Error()),
		})
	}
}

// formats logs in to projects of either format, with the message that the nonce asks for.
func (r *run) formats(ctx context.Context) {
	for _, format := range []picket.MessageFormat{picket.MessageFormatSimple, picket.MessageFormatSIWE} {
		r.check(ctx, "wallets log in to a project of the format "+string(format), func(ctx context.Context) error {
			p, err := r.addProject(ctx, format)
			if err != nil {
				return err
			}
			for _, chain := range []string{"ethereum", "solana"} {
				login, _, err := r.loggedIn(ctx, p, chain, "")
				if err != nil {
					return err
				}
				nonce, err := p.client.Nonce(ctx, picket.NonceRequest{Chain: chain, WalletAddress: login.WalletAddress})
				if err != nil {
					return err
				}
				if nonce.Format != format {
					return errors.New("the nonce has a different format than the project")
				}
			}
			return nil
		})
	}
}

// expiry checks with the clock of picket-mock how long nonces and tokens live.
func (r *run) expiry(ctx context.Context) {
	r.check(ctx, "a nonce expires after two minutes", func(ctx context.Context) error {
		p, err := r.addProject(ctx, "")
		if err != nil {
			return err
		}
		login, err := r.signed(ctx, p, "ethereum", "")
		if err != nil {
			return err
		}
		if err := r.advance(ctx, p, 2*time.Minute+time.Second); err != nil {
			return err
		}
		_, err = p.client.Auth(ctx, login)
		return refused(err, picket.CodeParameterInvalid)
	})
	r.check(ctx, "an access token expires after twelve hours", func(ctx context.Context) error {
		p, err := r.addProject(ctx, "")
		if err != nil {
			return err
		}
		_, auth, err := r.loggedIn(ctx, p, "ethereum", "")
		if err != nil {
			return err
		}
		if err := r.advance(ctx, p, 12*time.Hour+time.Second); err != nil {
			return err
		}
		_, err = p.client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken})
		return refused(err, picket.CodeParameterInvalid)
	})
}

func (r *run) advance(ctx context.Context, p project, d time.Duration) error {
	return r.control.call(ctx, p.secretKey, http.MethodPost, "/clock/advance", map[string]any{"seconds": d.Seconds()}, nil)
}
