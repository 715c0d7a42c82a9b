package picket

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/seed-a13ee279/picket/generated"
)

// call sends a request and decodes the response. The secrets are those of the request, to be kept out of errors.
func call[T any](ctx context.Context, c *Client, operation string, secrets []Secret, send func(context.Context) (*http.Response, error)) (*T, error) {
	if _, ok := ctx.Deadline(); !ok && c.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	response, err := send(ctx)
	if err != nil {
		return nil, &Error{
			Operation: operation,
			Message:   c.scrub(err.Error(), secrets...),
			cause:     fmt.Errorf("%w: %w", ErrNoResponse, err),
		}
	}
	defer func() { _ = response.Body.Close() }()

	body, err := c.read(response.Body)
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, c.refusal(operation, response, body, secrets)
	}
	result := new(T)
	if err == nil {
		err = decode(response.Header, body, result)
	}
	if err != nil {
		return nil, &Error{
			Operation:  operation,
			StatusCode: response.StatusCode,
			Message:    c.scrub(err.Error(), secrets...),
			RequestID:  c.scrub(response.Header.Get("X-Request-Id"), secrets...),
			cause:      fmt.Errorf("%w: %w", ErrUnexpectedResponse, err),
		}
	}
	return result, nil
}

// invalid is the error of a request that is not sent.
func invalid(operation string, err error) error {
	return &Error{
		Operation: operation,
		Message:   err.Error(),
		cause:     fmt.Errorf("%w: %w", ErrInvalidArgument, err),
	}
}

func (c *Client) read(body io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, c.maxResponseBytes+1))
	if err != nil {
		return nil, fmt.Errorf("the response broke off: %w", err)
	}
	if int64(len(data)) > c.maxResponseBytes {
		return nil, fmt.Errorf("the response is larger than %d bytes", c.maxResponseBytes)
	}
	return data, nil
}

func decode(header http.Header, body []byte, result any) error {
	contentType := header.Get("Content-Type")
	switch {
	case !isJSON(contentType):
		return fmt.Errorf("the response is %s, not JSON; is the base URL that of the API?", describe(contentType))
	case !utf8.Valid(body):
		return errors.New("the response is not UTF-8")
	}
	if err := json.Unmarshal(body, result); err != nil {
		return fmt.Errorf("the response is not as expected: %w", err)
	}
	if name := missing(result, body); name != "" {
		return fmt.Errorf("the response lacks %s", name)
	}
	return nil
}

// refusal is the error for a status that is not 2xx, whatever the body looks like.
func (c *Client) refusal(operation string, response *http.Response, body []byte, secrets []Secret) error {
	scrub := func(s string) string { return c.scrub(s, secrets...) }
	failure := &Error{
		Operation:  operation,
		StatusCode: response.StatusCode,
		RequestID:  scrub(response.Header.Get("X-Request-Id")),
	}
	if response.StatusCode < 400 {
		failure.Message = scrub(fmt.Sprintf("the response is a redirect%s, which is not followed; check the base URL", target(response)))
		failure.cause = ErrUnexpectedResponse
		return failure
	}
	var answer generated.OAuthError // has all that Error has
	if isJSON(response.Header.Get("Content-Type")) {
		// What has another type than expected is left out, and what is left decides.
		_ = json.Unmarshal(body, &answer)
	}
	failure.Code = ErrorCode(scrub(cmp.Or(answer.Code, answer.Error)))
	failure.Message = scrub(cmp.Or(answer.Msg, answer.ErrorDescription))
	if failure.Message == "" {
		failure.Message = "the response says no more: " + describe(response.Header.Get("Content-Type"))
		if failure.Code == "" {
			failure.cause = ErrUnexpectedResponse
		}
	}
	return failure
}

func isJSON(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && (mediaType == "application/json" || strings.HasSuffix(mediaType, "+json"))
}

func describe(contentType string) string {
	if mediaType, _, err := mime.ParseMediaType(contentType); err == nil {
		return mediaType
	}
	return "of no known type"
}

// target says where a redirect leads, without a query, which may hold anything.
func target(response *http.Response) string {
	location, err := response.Location()
	if err != nil {
		return ""
	}
	return " to " + (&url.URL{Scheme: location.Scheme, Host: location.Host, Path: location.Path}).String()
}
