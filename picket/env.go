package picket

import (
	"fmt"
	"os"

	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// The environment variables that NewFromEnv reads.
const (
	// EnvAPIKey holds the API key.
	EnvAPIKey = "PICKET_API_KEY"
	// EnvBaseURL holds the base URL, such as that of the mock server. DefaultBaseURL is used when it is not set, or empty.
	EnvBaseURL = "PICKET_BASE_URL"
	// EnvInsecureHTTPHosts holds the hosts, without their ports and with commas in between, to which requests may be sent by http,
	// such as the name of a container with the mock. Everyone on the way to them can read the API key, access tokens and signatures.
	// It is not set by default, and then http is only for this machine.
	EnvInsecureHTTPHosts = check.EnvInsecureHTTPHosts
)

// NewFromEnv is New with the API key and the base URL from the environment: PICKET_API_KEY, which must be set, and
// PICKET_BASE_URL. An option takes precedence over the environment, such as WithBaseURL. The base URL may be http on the hosts that
// PICKET_INSECURE_HTTP_HOSTS names, and with WithInsecureHTTP on any. New itself never reads the environment.
func NewFromEnv(options ...Option) (*Client, error) {
	apiKey := os.Getenv(EnvAPIKey)
	if apiKey == "" {
		return nil, fmt.Errorf("picket: the environment variable %s is not set; it holds the API key, a secret key (sk_…) on servers", EnvAPIKey)
	}
	if err := checkAPIKey(apiKey); err != nil {
		return nil, fmt.Errorf("picket: the environment variable %s: %w", EnvAPIKey, err)
	}
	insecure, err := check.InsecureHTTPFromEnv()
	if err != nil {
		return nil, fmt.Errorf("picket: %w", err)
	}
	fromEnv := option(func(s *settings) error {
		s.insecureHTTP, s.httpHint = insecure, ", or for a network of containers with the environment variable "+EnvInsecureHTTPHosts+"=%s"
		if baseURL := os.Getenv(EnvBaseURL); baseURL != "" {
			s.baseURL, s.baseURLSource = baseURL, "the environment variable "+EnvBaseURL+": "
		}
		return nil
	})
	return New(apiKey, append([]Option{fromEnv}, options...)...)
}
