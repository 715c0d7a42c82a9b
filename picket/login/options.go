package login

import (
	"errors"
	"log/slog"
	"reflect"
	"time"
)

// Option changes what New makes.
type Option interface{ apply(*settings) error }

type option func(*settings) error

func (o option) apply(s *settings) error { return o(s) }

type settings struct {
	loopbackHTTP       bool
	allowSimple        bool
	skipSignatureCheck bool
	pendings           PendingStore
	sessions           SessionStore
	logger             *slog.Logger
	now                func() time.Time
}

// WithLoopbackHTTP also allows an http origin on this machine, such as "http://localhost:3000", for development. Its cookies
// are then not Secure and their names do not begin with __Host-, because not every browser accepts such cookies over http. Servers
// on other ports of this machine get these cookies, too. The option changes nothing for an https origin. Off by default.
func WithLoopbackHTTP() Option {
	return option(func(s *settings) error {
		s.loopbackHTTP = true
		return nil
	})
}

// WithSessionStore keeps access tokens in a store of the application; the cookie then holds only a random ID. You need it when
// tokens are long: a token with about 50 balances makes a cookie that browsers drop. By default the cookie holds the token
// itself and the server keeps nothing.
func WithSessionStore(store SessionStore) Option {
	return option(func(s *settings) error {
		if isNil(store) {
			return errors.New("WithSessionStore: the store is nil")
		}
		s.sessions = store
		return nil
	})
}

// WithPendingStore keeps logins that have begun and not ended in a store of the application; the cookie then holds only a random
// ID. Each message can then be tried only once, whatever the API does with nonces. Anyone who asks for a message, without being
// logged in, takes up about 1 KiB of the store for two minutes. By default such a login is sealed in a cookie, and works only
// once because it spends the API's nonce.
func WithPendingStore(store PendingStore) Option {
	return option(func(s *settings) error {
		if isNil(store) {
			return errors.New("WithPendingStore: the store is nil")
		}
		s.pendings = store
		return nil
	})
}

// isNil also finds a nil pointer inside the interface, whose methods could only panic.
func isNil(store any) bool {
	value := reflect.ValueOf(store)
	switch value.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Func, reflect.Map, reflect.Slice, reflect.Chan:
		return value.IsNil()
	}
	return false
}

// WithLogger sets the log. Failures of the server and of the API are written to it as errors and warnings, and signatures that
// do not verify and wallets that do not meet the requirements at slog.LevelInfo. A line of the same kind is written once a
// minute; the next one says how many were left out. No line contains a token, a signature or a key. The default is
// slog.Default() at the time of the call of New.
func WithLogger(logger *slog.Logger) Option {
	return option(func(s *settings) error {
		if logger == nil {
			return errors.New("WithLogger: the logger is nil; to log nothing, use slog.New(slog.DiscardHandler)")
		}
		s.logger = logger
		return nil
	})
}

// WithClock sets the clock, for tests. It must be safe for concurrent use. The default is time.Now.
func WithClock(now func() time.Time) Option {
	return option(func(s *settings) error {
		if now == nil {
			return errors.New("WithClock: the clock is nil")
		}
		s.now = now
		return nil
	})
}

// WithInsecureAllowSimple also lets wallets sign messages of the format simple, for a project that is set to that format. Such a
// message names no site: whoever gets the wallet's owner to sign it elsewhere can log in here as that owner, and anyone can ask
// the API for the nonce, because the publishable key is public. Set the project to siwe instead if you can. By default a login
// to such a project is answered with 500, and the log has an error.
func WithInsecureAllowSimple() Option {
	return option(func(s *settings) error {
		s.allowSimple = true
		return nil
	})
}

// WithInsecureSkipSignatureCheck leaves it to the API to check signatures, for wallets that are contracts (EIP-1271), whose
// signatures only a node of the chain can check. The API also accepts a signature over the message of the format simple, which
// names no site: whoever gets the wallet's owner to sign that message elsewhere can log in here as that owner. By default a
// signature must be the wallet's own, over exactly the message that Message made, before it is sent to the API.
func WithInsecureSkipSignatureCheck() Option {
	return option(func(s *settings) error {
		s.skipSignatureCheck = true
		return nil
	})
}
