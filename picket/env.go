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

// NewFromEnv is New with the API key and the base URL of the environment: PICKET_API_KEY, which must be set, and
// PICKET_BASE_URL. An option that is given comes before the environment. New itself never reads the environment.
func NewFromEnv(options ...Option) (*Client, error) {
	apiKey := os.Getenv(EnvAPIKey)
	if apiKey == "" {
		return nil, fmt.Errorf("picket: the environment variable %s is not set; it holds the API key, a secret key (sk_…) on servers", EnvAPIKey)
	}
	if baseURL := os.Getenv(EnvBaseURL); baseURL != "" {
		options = append([]Option{WithBaseURL(baseURL)}, options...)
	}
	return New(apiKey, options...)
}
