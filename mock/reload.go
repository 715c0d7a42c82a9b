package mock

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// WithConfigFile is WithConfig with the text of a file. Server.ReloadConfig reads it again.
func WithConfigFile(file string) Option {
	return option(func(s *settings) error {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("mock: WithConfigFile: %w", err)
		}
		if s.server != nil {
			s.server.configFile = true
		}
		return WithConfig(file, text).apply(s)
	})
}

var errNoConfigFile = errors.New("the server has no configuration file; start it with -config or WithConfigFile")

// ReloadConfig reads the file of WithConfigFile again. The projects of the file, the default project among them, and its wallets are
// made anew and take the place of those that were there; the other settings in the file hold from now on, and a signing key that has
// changed takes the place of all others. Projects and wallets that were added later stay as they are. If there is a mistake in the
// file, ReloadConfig returns it, and nothing has changed.
//
// The Project of the server, and others that were configured, are those that were replaced then. Projects returns the present ones.
func (s *Server) ReloadConfig() error {
	s.reloading.Lock()
	defer s.reloading.Unlock()
	given, set, err := settingsOf(s.options)
	if err != nil {
		return err
	}
	if !set.configFile {
		return fmt.Errorf("mock: %w", errNoConfigFile)
	}
	fresh, err := s.tenants.Fresh(*given.project)
	if err != nil {
		return fmt.Errorf("mock: %w", err)
	}
	c, err := s.configure(fresh, set)
	if err != nil {
		fresh.Discard()
		return err
	}
	keep, discard, err := s.scenarios.Prepare(c.states)
	if err != nil {
		fresh.Discard()
		return fmt.Errorf("mock: %w", err)
	}
	undo, err := s.wallets.Configure(c.wallets)
	if err == nil {
		if err = s.tenants.Adopt(fresh); err != nil {
			undo()
		}
	}
	if err != nil {
		discard()
		fresh.Discard()
		return fmt.Errorf("mock: %w", err)
	}
	keep()
	s.tokens.Configure(set.signingKey, set.tokenIssuer)
	s.named.Store(&set.names)
	return nil
}

func (c control) ReloadConfig(context.Context, controls.ReloadConfigRequestObject) (controls.ReloadConfigResponseObject, error) {
	err := c.server.ReloadConfig()
	if errors.Is(err, errNoConfigFile) {
		return nil, refusal.New(http.StatusConflict, "%v", errNoConfigFile)
	}
	if err != nil {
		return nil, refusal.InvalidParameter("%s", strings.TrimPrefix(err.Error(), "mock: "))
	}
	return controls.ReloadConfig204Response{}, nil
}
