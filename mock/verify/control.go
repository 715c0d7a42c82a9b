package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// control calls the control API of picket-mock.
type control struct {
	url  string
	http *http.Client
}

// controlledProject is a project as the control API describes it.
type controlledProject struct {
	ID, SecretKey, PublishableKey string
	AllowedDomains                []string
}

// answers returns nil if picket-mock answers, and else what went wrong.
func (c *control) answers(ctx context.Context) error {
	var health struct{ Status string }
	err := c.call(ctx, "", http.MethodGet, "/health", nil, &health)
	if err == nil && health.Status != "ok" {
		err = errors.New("its health is not ok")
	}
	return err
}

// allowedDomains returns the domains that logins to the project of a secret key must be for, or none if they can be for any.
func (c *control) allowedDomains(ctx context.Context, secretKey string) ([]string, error) {
	var projects []controlledProject
	if err := c.call(ctx, "", http.MethodGet, "/projects", nil, &projects); err != nil {
		return nil, err
	}
	for _, p := range projects {
		if p.SecretKey == secretKey {
			return p.AllowedDomains, nil
		}
	}
	return nil, nil // the checks will show that the key is unknown
}

func (c *control) addProject(ctx context.Context, format string) (controlledProject, error) {
	settings := map[string]any{}
	if format != "" {
		settings["format"] = format
	}
	var p controlledProject
	err := c.call(ctx, "", http.MethodPost, "/projects", settings, &p)
	return p, err
}

// removeProject removes a project. Versions of picket-mock that cannot remove projects keep it.
func (c *control) removeProject(ctx context.Context, id string) error {
	err := c.call(ctx, "", http.MethodDelete, "/projects/"+url.PathEscape(id), nil, nil)
	var status statusError
	if errors.As(err, &status) && (status == http.StatusNotFound || status == http.StatusMethodNotAllowed) {
		return nil
	}
	return err
}

// call sends a request for the project of a key, or for the default project if the key is empty.
func (c *control) call(ctx context.Context, key, method, path string, value, result any) error {
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
		return fmt.Errorf("calling picket-mock's control API: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode > 299 {
		return fmt.Errorf("calling picket-mock's control API: %s %s: %w", method, path, statusError(response.StatusCode))
	}
	if result == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(result)
}

// statusError is the status of a response that says that a call failed.
type statusError int

func (s statusError) Error() string {
	text := fmt.Sprintf("%d %s", int(s), http.StatusText(int(s)))
	if s == http.StatusForbidden {
		text += "; allow its host name with -control-host, or call it by its IP address"
	}
	return text
}
