package picket

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
)

// An operation is what is to be called, and how.
type operation struct {
	name string
	// once is set for an operation that spends a nonce or a code: it must not be repeated when the API may have seen it.
	once bool
	// secrets are those of the request, to be kept out of errors.
	secrets []Secret
	// login is the login that the request is, if it is one.
	login   *login
	options []CallOption
}

// call sends a request, again where that is safe and may help, and decodes the response.
func call[T any](ctx context.Context, c *Client, op operation, send func(context.Context) (*http.Response, error)) (*T, error) {
	if c == nil || c.api == nil {
		return nil, c.invalid(op.name, errors.New("the client is not one that New returned"))
	}
	settings := c.call
	for _, option := range op.options {
		if err := option.change(&settings); err != nil {
			return nil, c.invalid(op.name, err, op.secrets...)
		}
	}
	if op.login != nil {
		if err := settings.checkLogin(*op.login); err != nil {
			return nil, c.invalid(op.name, err, op.secrets...)
		}
	}
	caller := ctx
	if settings.timeout > 0 { // the context's own deadline stays, when it is sooner
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, settings.timeout)
		defer cancel()
	}
	started := time.Now()
	for tries := 1; ; tries++ {
		t := try[T](contextWithCall(ctx, Call{op.name, tries}), c, op, settings, send)
		if t.again && tries <= settings.maxRetries && sleep(ctx, settings.wait(tries, t.failure.RetryAfter)) {
			continue
		}
		if t.failure != nil {
			t.failure.Tries = tries
			c.logFailure(caller, time.Since(started), t.failure)
			return nil, t.failure
		}
		c.logSuccess(caller, op.name, time.Since(started), t.status, tries)
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

func try[T any](ctx context.Context, c *Client, op operation, settings callSettings, send func(context.Context) (*http.Response, error)) tried[T] {
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
				cause:     withContext(ctx, fmt.Errorf("%w: %w", ErrNoResponse, err)),
			},
			again: isTransient(err) && (!op.once || (neverConnected(err) && !reached())),
		}
	}
	defer func() { _ = response.Body.Close() }()

	body, err := c.read(response.Body)
	if response.StatusCode < 200 || response.StatusCode > 299 {
		failure := c.refusal(op, response, body)
		if failure.cause != nil && err != nil { // what broke off may have said what it was
			failure.cause = fmt.Errorf("%w: %w", failure.cause, withContext(ctx, err))
		}
		wait, asked := retryAfter(response.Header, time.Now())
		failure.RetryAfter = wait
		return tried[T]{failure: failure, again: isTransientStatus(response.StatusCode, op.once, asked)}
	}
	result := new(T)
	if err == nil {
		err = decode(response.Header, body, result)
	}
	var cause error
	if err != nil {
		cause = fmt.Errorf("%w: %w", ErrUnexpectedResponse, withContext(ctx, err))
	} else {
		err = settings.checkUser(result)
		cause = err
	}
	if err != nil {
		return tried[T]{
			failure: &Error{
				Operation:  op.name,
				StatusCode: response.StatusCode,
				Message:    c.scrub(err.Error(), op.secrets...),
				RequestID:  c.scrub(response.Header.Get("X-Request-Id"), op.secrets...),
				cause:      cause,
			},
			again: errors.Is(err, errBrokenOff) && !op.once,
		}
	}
	return tried[T]{result: result, status: response.StatusCode}
}

// invalid is the error of a request that is not sent.
func (c *Client) invalid(operation string, err error, secrets ...Secret) error {
	message := err.Error()
	if c != nil && c.scrub != nil {
		message = c.scrub(message, secrets...)
	}
	return &Error{Operation: operation, Message: message, cause: fmt.Errorf("%w: %w", ErrInvalidArgument, err)}
}

// withContext adds to an error what ended the context, if something did: net/http returns the cause that a context was given
// (context.WithTimeoutCause) in place of context.DeadlineExceeded or context.Canceled, and another transport the other way
// round.
func withContext(ctx context.Context, err error) error {
	for _, end := range []error{ctx.Err(), context.Cause(ctx)} {
		if end != nil && !errors.Is(err, end) {
			err = &endedError{err, end}
		}
	}
	return err
}

// An endedError is an error for which the end of a context is a reason. It reads as the error only.
type endedError struct {
	error
	reason error
}

func (e *endedError) Unwrap() []error { return []error{e.error, e.reason} }

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
	body = withoutByteOrderMark(body)
	switch {
	case !isJSON(header):
		return fmt.Errorf("the response is %s, not JSON; is the base URL that of the API?", describeType(header))
	case !utf8.Valid(body):
		return errors.New("the response is not UTF-8")
	}
	body, err := inOneSpelling(body, otherSpellings[reflect.TypeOf(result).Elem()])
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, result); err != nil {
		return fmt.Errorf("the response is not as expected: %w", err)
	}
	return checkExact(result, body)
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
	var code, message string
	exact := true
	if isJSON(response.Header) {
		code, message, exact = readRefusal(withoutByteOrderMark(body))
	}
	failure.Code = ErrorCode(scrub(code))
	failure.Message = scrub(cmp.Or(message, "the response says no more: "+describeType(response.Header)))
	if !exact || (code == "" && message == "") {
		failure.cause = ErrUnexpectedResponse
	}
	return failure
}

// readRefusal returns the code and the message of an error, under Picket's names or those of RFC 6749 section 5.2. What has
// another type than expected is left out, and what is left decides. An error with one of these names twice, or in another
// case, says nothing for sure: there is no code then, and exact is false.
func readRefusal(body []byte) (code, message string, exact bool) {
	r := reader{text: body}
	if !json.Valid(body) || r.next() != '{' {
		return "", "", true
	}
	names := [...]string{"code", "error", "msg", "error_description"}
	var texts [len(names)]string
	var times [len(names)]int
	for r.at++; r.more(); {
		name := r.name()
		r.next()
		start := r.at
		r.skip()
		for i, known := range names {
			switch {
			case string(name) == known:
				times[i]++
				_ = json.Unmarshal(body[start:r.at], &texts[i])
			case strings.EqualFold(string(name), known):
				times[i] += 2
			}
		}
	}
	exact = true
	for i := range names {
		if times[i] > 1 {
			texts[i], exact = "", false
		}
	}
	message = cmp.Or(texts[2], texts[3])
	if !exact {
		return "", message, false
	}
	return cmp.Or(texts[0], texts[1]), message, true
}

// target says where a redirect leads, without a query, which may hold anything.
func target(response *http.Response) string {
	location, err := response.Location()
	if err != nil {
		return ""
	}
	return " to " + (&url.URL{Scheme: location.Scheme, Host: location.Host, Path: location.Path}).String()
}
