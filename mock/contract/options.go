package contract

import (
	"errors"
	"fmt"

	"github.com/seed-a13ee279/picket/mock/internal/guard"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// DefaultMaxBodyBytes is the size up to which a body is checked, unless WithMaxBodyBytes sets another: 1 MiB. It limits the body as it is
// sent, and again after decompression.
const DefaultMaxBodyBytes = 1 << 20

// Option is an option of NewTransport and NewProxy. A nil or invalid option is an error of NewProxy, and of every RoundTrip of a
// Transport.
type Option interface{ apply(*checker) error }

type option func(*checker) error

func (o option) apply(k *checker) error { return o(k) }

// WithBasePath checks requests for the API at another base path, such as /v2, or "" for none. The default is /api/v1.
func WithBasePath(base string) Option {
	return option(func(k *checker) error {
		api, err := spec.API()
		if err == nil {
			k.contract, err = api.At(base)
		}
		if err != nil {
			return fmt.Errorf("contract: WithBasePath: %w", err)
		}
		return nil
	})
}

// WithMaxBodyBytes sets the size in bytes up to which a body is checked, as it is sent and after decompression. Larger bodies are passed
// on and reported as unchecked. The default is DefaultMaxBodyBytes.
func WithMaxBodyBytes(n int64) Option {
	return option(func(k *checker) error {
		if n < 1 {
			return fmt.Errorf("contract: WithMaxBodyBytes: %d is not above 0", n)
		}
		k.limit = n
		return nil
	})
}

// WithOnViolation calls f with every violation, in the goroutine that found it, before the last bytes of the message are passed on. f must
// be safe for concurrent use and must not block. By default nothing is called.
func WithOnViolation(f func(Violation)) Option {
	return option(func(k *checker) error {
		if f == nil {
			return errors.New("contract: WithOnViolation: the function is nil")
		}
		k.onViolation = f
		return nil
	})
}

// WithOnUnchecked calls f for every message whose body is not checked. What WithOnViolation says about f applies here, too. By default
// nothing is called.
func WithOnUnchecked(f func(Unchecked)) Option {
	return option(func(k *checker) error {
		if f == nil {
			return errors.New("contract: WithOnUnchecked: the function is nil")
		}
		k.onUnchecked = f
		return nil
	})
}

// WithInsecureHTTP lets a proxy forward to a target on another host over http. Anyone on the network path can then read keys, access
// tokens and signatures. Off by default. It has no effect on a Transport.
func WithInsecureHTTP() Option {
	return option(func(k *checker) error {
		k.insecureHTTP = true
		return nil
	})
}

// WithControlHost lets clients call what is under /_mock/ through a proxy by a further host name, such as that of a container. It may be
// repeated. By default the Host of such a request must be localhost or an IP address. It has no effect on a Transport.
func WithControlHost(name string) Option {
	return option(func(k *checker) error {
		if err := guard.CheckHost(name); err != nil {
			return fmt.Errorf("contract: WithControlHost: %w", err)
		}
		k.controlHosts = append(k.controlHosts, name)
		return nil
	})
}
