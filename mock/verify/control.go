package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// control tells picket-mock what the state is that a check needs.
type control struct {
	url  string
	http *http.Client
}

// project is a project of picket-mock.
type project struct{ SecretKey, PublishableKey string }

// answers returns why picket-mock is not there, or nil.
func (c *control) answers(ctx context.Context) error {
	var health struct{ Status string }
	err := c.tell(ctx, "", http.MethodGet, "/health", nil, &health)
	if err == nil && health.Status != "ok" {
		err = errors.New("it does not say that it is well")
	}
	return err
}

// addProject makes a project, so that a check leaves others alone.
func (c *control) addProject(ctx context.Context, format string) (project, error) {
	settings := map[string]any{}
	if format != "" {
		settings["format"] = format
	}
	var p project
	err := c.tell(ctx, "", http.MethodPost, "/projects", settings, &p)
	return p, err
}

// tell sends a request for the project of a key.
func (c *control) tell(ctx context.Context, key, method, path string, value, result any) error {
	var body bytes.Buffer
	if value != nil {
		if err := json.NewEncoder(&body).Encode(value); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, &body)
	if err != nil {
		return err
	}
	if value != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		request.SetBasicAuth(key, "")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("picket-mock cannot be told: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode == http.StatusForbidden {
		return fmt.Errorf("picket-mock cannot be told: %s of %s answers %s; allow its host name with -control-host, or call it by its IP address", method, path, response.Status)
	}
	if response.StatusCode > 299 {
		return fmt.Errorf("picket-mock cannot be told: %s of %s answers %s", method, path, response.Status)
	}
	if result == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(result)
}
