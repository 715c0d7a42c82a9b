package login

import (
	"errors"
	"log/slog"
	"reflect"
	"time"
)

// Option changes what New makes.
type Option func(*settings) error

type settings struct {
	loopbackHTTP       bool
	allowSimple        bool
	skipSignatureCheck bool
	pendings           PendingStore
	sessions           SessionStore
	logger             *slog.Logger
	now                func() time.Time
}

// WithLoopbackHTTP also allows an origin that is http and this machine, such as "http://localhost:3000", for development. The
// names of its cookies have no __Host- then, and they are not Secure: browsers keep such cookies only from https. Servers on other
// ports of this machine get them, too. It makes no difference to an https origin. Off by default.
func WithLoopbackHTTP() Option {
	return func(s *settings) error {
		s.loopbackHTTP = true
		return nil
	}
}

// WithSessionStore keeps access tokens in a store of the application; the cookie then holds a random ID. It is needed where
// tokens are long: one with the balances of about 50 tokens makes a cookie that browsers drop. By default the cookie holds the
// token itself, and the server keeps nothing.
func WithSessionStore(store SessionStore) Option {
	return func(s *settings) error {
		if isNil(store) {
			return errors.New("WithSessionStore: the store is nil")
		}
		s.sessions = store
		return nil
	}
}

// WithPendingStore keeps the logins under way in a store of the application; the cookie then holds a random ID. A message can
// then be tried once, whatever the API does with nonces. Whoever asks for a message takes about 1 KiB of the store for two minutes,
// without being logged in. By default a sealed cookie holds the login under way, and the API's
// nonce, which a login spends, makes it work once.
func WithPendingStore(store PendingStore) Option {
	return func(s *settings) error {
		if isNil(store) {
			return errors.New("WithPendingStore: the store is nil")
		}
		s.pendings = store
		return nil
	}
}

// isNil also finds a nil pointer in the interface, whose methods could only panic.
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

// WithLogger sets where failures of the server and of the API are reported, as errors and warnings, and at slog.LevelInfo
// signatures that do not verify and wallets that do not meet the requirements. A line of one kind is written once in a minute;
// the next one says how many more there were. No line has a token, signature or key in it. The default is slog.Default(), as it
// is when New is called.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error {
		if logger == nil {
			return errors.New("WithLogger: the logger is nil; slog.New(slog.DiscardHandler) is one that is silent")
		}
		s.logger = logger
		return nil
	}
}

// WithClock sets what tells the time, for tests. It must be safe for concurrent use. The default is time.Now.
func WithClock(now func() time.Time) Option {
	return func(s *settings) error {
		if now == nil {
			return errors.New("WithClock: the clock is nil")
		}
		s.now = now
		return nil
	}
}

// InsecureAllowSimple also lets wallets sign messages of the format simple, for a project that is set to it. Such a message
// names no site: whoever gets the wallet's owner to sign it elsewhere logs in here as that owner, and everyone can ask the API
// for the nonce, because the publishable key is public. Set the project to siwe instead. By default a login of such a project is
// a 500, and an error in the log.
func InsecureAllowSimple() Option {
	return func(s *settings) error {
		s.allowSimple = true
		return nil
	}
}

// InsecureSkipSignatureCheck leaves the check of signatures to the API, for wallets that are contracts (EIP-1271), whose
// signatures only a node of the chain can check. The API also takes a signature over the message of the format simple, which
// names no site: whoever gets the wallet's owner to sign that elsewhere logs in here as that owner. By default a signature must
// be the wallet's own, over exactly the message that Message made, before the API hears of it.
func InsecureSkipSignatureCheck() Option {
	return func(s *settings) error {
		s.skipSignatureCheck = true
		return nil
	}
}
