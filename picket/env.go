package picket

import (
	"fmt"
	"os"
)

// The environment variables that NewFromEnv reads.
const (
	// EnvAPIKey holds the API key.
	EnvAPIKey = "PICKET_API_KEY"
	// EnvBaseURL holds the base URL, such as that of the mock server. DefaultBaseURL is used when it is not set, or empty.
	EnvBaseURL = "PICKET_BASE_URL"
)

// NewFromEnv is New with the API key and the base URL from the environment: PICKET_API_KEY, which must be set, and
// PICKET_BASE_URL. An option takes precedence over the environment, such as WithBaseURL; with WithInsecureHTTP the base URL from
// the environment may be http, too. New itself never reads the environment.
func NewFromEnv(options ...Option) (*Client, error) {
	apiKey := os.Getenv(EnvAPIKey)
	if apiKey == "" {
		return nil, fmt.Errorf("picket: the environment variable %s is not set; it holds the API key, a secret key (sk_…) on servers", EnvAPIKey)
	}
	if err := checkAPIKey(apiKey); err != nil {
		return nil, fmt.Errorf("picket: the environment variable %s: %w", EnvAPIKey, err)
	}
	if baseURL := os.Getenv(EnvBaseURL); baseURL != "" {
		options = append([]Option{option(func(s *settings) error {
			s.baseURL, s.baseURLSource = baseURL, "the environment variable "+EnvBaseURL+": "
			return nil
		})}, options...)
	}
	return New(apiKey, options...)
}
