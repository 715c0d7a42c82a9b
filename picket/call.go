package picket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket/wire"
)

const mediaTypeJSON = "application/json"

// An operation is what a method of Client calls, and how.
type operation struct {
	name string
	// invalid is what is wrong with the arguments. The request is not sent then.
	invalid error
	// once is set for an operation that spends a nonce or a code: it must not be repeated when the API may have seen it.
	once bool
	// secrets are those of the request, which must not appear in errors.
	secrets []Secret
	// login is what the request says about a login, if it is one.
	login *login
	// unknown is set for an operation that this package does not know: that of Do.
	unknown bool
	body    []byte
	options []CallOption
	// newResult returns a pointer to what the response is decoded into, or nil if the response has no body to decode.
	newResult func() any
}

// withJSON returns the operation with a request as its body.
func (op operation) withJSON(request any) operation {
	if op.invalid == nil {
		op.body, op.invalid = wire.Marshal(request)
	}
	return op
}

func (op operation) reader() io.Reader {
	if op.body == nil {
		return nil
	}
	return bytes.NewReader(op.body)
}

// send sends one request, with a body that is nil if the operation has none.
type send func(ctx context.Context, body io.Reader) (*http.Response, error)

// call performs an operation whose response is a T.
func call[T any](ctx context.Context, c *Client, op operation, send send) (*T, error) {
	op.newResult = func() any { return new(T) }
	result, err := c.perform(ctx, op, send)
	if err != nil {
		return nil, err
	}
	return result.(*T), nil
}

// perform sends a request, repeats it where that is safe and may help, and decodes the response.
func (c *Client) perform(ctx context.Context, op operation, send send) (any, error) {
	settings, err := c.settingsFor(op)
	if err != nil {
		return nil, c.invalid(op.name, err, op.secrets...)
	}
	caller := ctx
	if settings.timeout > 0 { // the context's own deadline stays, when it is sooner
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, settings.timeout)
		defer cancel()
	}
	started := time.Now()
	for tries := 1; ; tries++ {
		t := c.try(contextWithCall(ctx, Call{op.name, tries}), op, settings, send)
		if t.again && tries <= settings.maxRetries && sleep(ctx, settings.wait(tries, t.failure.RetryAfter)) {
			continue
		}
		if settings.info != nil {
			*settings.info = c.responseInfo(t, op, tries, settings.now())
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

// settingsFor returns the settings of the client with the options of a call. It fails when the operation must not be sent.
func (c *Client) settingsFor(op operation) (callSettings, error) {
	made := c != nil && c.api != nil
	var settings callSettings
	if made {
		settings = c.call
	}
	var invalid error
	for _, option := range op.options {
		// Also after one that is not valid, because WithResponseInfo removes what the info held before.
		if err := option.change(&settings); invalid == nil {
			invalid = err
		}
	}
	switch {
	case !made:
		return callSettings{}, errors.New("the client is not one that New returned")
	case invalid != nil:
		return callSettings{}, invalid
	case op.invalid != nil:
		return callSettings{}, op.invalid
	case op.login != nil:
		return settings, settings.checkLogin(*op.login)
	case op.unknown && (settings.chain != c.call.chain || settings.origin != c.call.origin):
		return callSettings{}, errors.New("WithChain and WithOrigin cannot be checked here, because Do does not know what the operation means; leave them out")
	}
	return settings, nil
}

// tried is what came of one request: a result or a failure.
type tried struct {
	result any
	// status and header are those of the response, if there was one.
	status  int
	header  http.Header
	failure *Error
	// again says that the request may be sent again, and that it may help.
	again bool
}

func (c *Client) try(ctx context.Context, op operation, settings callSettings, send send) tried {
	reached := func() bool { return true }
	if op.unknown && settings.repeatable {
		op.once = false
	}
	if op.once {
		ctx, reached = watchConnection(ctx)
	}
	response, err := send(ctx, op.reader())
	if err != nil {
		return tried{
			failure: &Error{
				Operation: op.name,
				Message:   c.scrub(withoutQuery(err).Error(), op.secrets...),
				cause:     because(withContext(ctx, fmt.Errorf("%w: %w", ErrNoResponse, err))),
			},
			again: isTransient(err) && (!op.once || (neverConnected(err) && !reached())),
		}
	}
	defer func() { _ = response.Body.Close() }()

	body, err := c.read(response.Body)
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return c.refused(ctx, op, response, body, err)
	}
	return c.succeeded(ctx, op, settings, response, body, err)
}

// withoutQuery returns a transport's error for a message: without the query of the URL, which may hold anything.
func withoutQuery(err error) error {
	failure, ok := err.(*url.Error) //nolint:errorlint // what net/http returns, not what is in it
	if !ok {
		return err
	}
	shown := *failure
	shown.URL, _, _ = strings.Cut(shown.URL, "?")
	return &shown
}

// refused is what came of a request whose response has a status that is not 2xx. The body may have broken off with an error.
func (c *Client) refused(ctx context.Context, op operation, response *http.Response, body []byte, err error) tried {
	failure := c.refusal(op, response, body)
	if cause := failure.Unwrap(); cause != nil && err != nil { // what broke off may have said what it was
		failure.cause = because(fmt.Errorf("%w: %w", cause, withContext(ctx, err)))
	}
	wait, asked := retryAfter(response.Header, time.Now())
	failure.RetryAfter = wait
	return tried{
		status: response.StatusCode, header: response.Header,
		failure: failure, again: isTransientStatus(response.StatusCode, op.once, asked),
	}
}

// succeeded is what came of a request whose response has a status of 2xx, which may still not be what the contract promises.
func (c *Client) succeeded(ctx context.Context, op operation, settings callSettings, response *http.Response, body []byte, err error) tried {
	t := tried{result: op.newResult(), status: response.StatusCode, header: response.Header}
	if err == nil && t.result != nil {
		err = decode(response.Header, body, t.result)
	}
	var cause error
	if err != nil {
		cause = fmt.Errorf("%w: %w", ErrUnexpectedResponse, withContext(ctx, err))
	} else {
		err = settings.checkUser(t.result)
		cause = err
	}
	if err != nil {
		t.failure = &Error{
			Operation:  op.name,
			StatusCode: response.StatusCode,
			Message:    c.scrub(err.Error(), op.secrets...),
			RequestID:  c.requestID(response.Header, op),
			cause:      because(cause),
		}
		t.again = errors.Is(err, errBrokenOff) && !op.once
	}
	return t
}

// invalid is the error of a request that is not sent.
func (c *Client) invalid(operation string, err error, secrets ...Secret) error {
	message := err.Error()
	if c != nil && c.scrub != nil {
		message = c.scrub(message, secrets...)
	}
	return &Error{Operation: operation, Message: message, cause: because(fmt.Errorf("%w: %w", ErrInvalidArgument, err))}
}

// withContext adds to an error what ended the context, if something did: net/http returns the cause that a context was given
// (context.WithTimeoutCause) in place of context.DeadlineExceeded or context.Canceled, and another transport does the reverse.
func withContext(ctx context.Context, err error) error {
	for _, end := range []error{ctx.Err(), context.Cause(ctx)} {
		if end != nil && !errors.Is(err, end) {
			err = &endedError{err, end}
		}
	}
	return err
}

// An endedError is an error for which the end of a context is a reason. Its text is that of the error only.
type endedError struct {
	error
	reason error
}

func (e *endedError) Unwrap() []error { return []error{e.error, e.reason} }
