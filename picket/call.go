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
	"time"
	"unicode/utf8"

	"github.com/seed-a13ee279/picket/generated"
)

// An operation is what is to be called, and how.
type operation struct {
	name string
	// once is set for an operation that spends a nonce or a code: it must not be repeated when the API may have seen it.
	once bool
	// chain is the one that the request asks to log in on. It is empty when the request does not choose one.
	chain string
	// secrets are those of the request, to be kept out of errors.
	secrets []Secret
	options []CallOption
}

// call sends a request, again where that is safe and may help, and decodes the response.
func call[T any](ctx context.Context, c *Client, op operation, send func(context.Context) (*http.Response, error)) (*T, error) {
	settings := c.call
	for _, option := range op.options {
		if err := option.change(&settings); err != nil {
			return nil, invalid(op.name, err)
		}
	}
	if settings.chain != "" && op.chain != "" && op.chain != settings.chain {
		return nil, invalid(op.name, fmt.Errorf("%w: the request is for %q, and WithChain for %q", ErrChainMismatch, op.chain, settings.chain))
	}
	if _, ok := ctx.Deadline(); !ok && settings.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, settings.timeout)
		defer cancel()
	}
	started := time.Now()
	for tries := 1; ; tries++ {
		t := try[T](contextWithCall(ctx, Call{op.name, tries}), c, op, send)
		if t.again && tries <= settings.maxRetries && sleep(ctx, settings.wait(tries, t.failure.RetryAfter)) {
			continue
		}
		if t.failure == nil {
			if err := settings.checkAnswer(t.result); err != nil {
				t.failure = &Error{Operation: op.name, StatusCode: t.status, Message: err.Error(), cause: err}
			}
		}
		if t.failure != nil {
			t.failure.Tries = tries
			c.logFailure(ctx, time.Since(started), t.failure)
			return nil, t.failure
		}
		c.logSuccess(ctx, op.name, time.Since(started), t.status, tries)
		return t.result, nil
	}
}

// tried is what came of one request: a result or a failure.
type tried[T any] struct {
	result  *T
	status  int
	failure *Error
	// again says that the request may be sent again, and that it may help.
	again bool
}

func try[T any](ctx context.Context, c *Client, op operation, send func(context.Context) (*http.Response, error)) tried[T] {
	reached := func() bool { return true }
	if op.once {
		ctx, reached = watchConnection(ctx)
	}
	response, err := send(ctx)
	if err != nil {
		return tried[T]{
			failure: &Error{
				Operation: op.name,
				Message:   c.scrub(err.Error(), op.secrets...),
				cause:     fmt.Errorf("%w: %w", ErrNoResponse, err),
			},
			again: isTransient(err) && (!op.once || (neverConnected(err) && !reached())),
		}
	}
	defer func() { _ = response.Body.Close() }()

	body, err := c.read(response.Body)
	if response.StatusCode < 200 || response.StatusCode > 299 {
		failure := c.refusal(op, response, body)
		wait, asked := retryAfter(response.Header, time.Now())
		failure.RetryAfter = wait
		return tried[T]{failure: failure, again: isTransientStatus(response.StatusCode, op.once, asked)}
	}
	result := new(T)
	if err == nil {
		err = decode(response.Header, body, result)
	}
	if err != nil {
		return tried[T]{
			failure: &Error{
				Operation:  op.name,
				StatusCode: response.StatusCode,
				Message:    c.scrub(err.Error(), op.secrets...),
				RequestID:  c.scrub(response.Header.Get("X-Request-Id"), op.secrets...),
				cause:      fmt.Errorf("%w: %w", ErrUnexpectedResponse, err),
			},
			again: errors.Is(err, errBrokenOff) && !op.once,
		}
	}
	return tried[T]{result: result, status: response.StatusCode}
}

// invalid is the error of a request that is not sent.
func invalid(operation string, err error) error {
	return &Error{
		Operation: operation,
		Message:   err.Error(),
		cause:     fmt.Errorf("%w: %w", ErrInvalidArgument, err),
	}
}

var errBrokenOff = errors.New("the response broke off")

func (c *Client) read(body io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, c.maxResponseBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBrokenOff, err)
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
func (c *Client) refusal(op operation, response *http.Response, body []byte) *Error {
	scrub := func(s string) string { return c.scrub(s, op.secrets...) }
	failure := &Error{
		Operation:  op.name,
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
		failure.Message = scrub("the response says no more: " + describe(response.Header.Get("Content-Type")))
		if failure.Code == "" {
			failure.cause = ErrUnexpectedResponse
		}
	}
	return failure
}

func isJSON(contentType string) bool {
	if contentType == "application/json" || contentType == "application/json; charset=utf-8" {
		return true // as nearly every time, and quicker
	}
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
