package picket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/seed-a13ee279/picket/picket/wire"
)

// Do calls an operation of the API that Client has no method for yet. The request is in as JSON, or has no body when in is nil;
// the response is decoded into out, which is a pointer, or not looked at when out is nil. out stays as it is when the call fails.
//
// The path is the one after the base URL, such as "/chains/polygon/contracts/0x1f98", with a query where the operation takes one.
// What it is made of has to be escaped, with url.PathEscape and url.Values; a path that could lead elsewhere, because it has
// ".." or an escaped slash in it, for example, is ErrInvalidArgument. The method is GET, POST, PUT, PATCH or DELETE; a GET has no
// body. The path is part of errors and log lines and so must hold no secret: access tokens and signatures belong into the body,
// as a Secret in a struct, slice or map with a type of its own. (In a map[string]any a Secret cannot be found, and the call fails.)
//
// The call has the protections of all others: limits, timeouts, scrubbed errors, no redirects, and a response read by the exact
// names of its properties. A field of out whose tag has neither omitempty nor omitzero is one that the response must have.
// A GET is retried like the client's other calls. Another request is repeated only when it surely never reached the API, or when
// the API asks for it with Retry-After; WithRepeatable says that repeating does no harm.
//
// WithOrigin and WithChain say how logins and users are checked, which Do cannot know of an operation that is new. So these
// options are errors here, those given to New have no effect (but for an out of *AuthResponse, *AccessTokenPayload or
// *OAuthTokenResponse, whose user must be on the chain), and the paths of Auth, Authz, Validate and ExchangeGrant are refused.
//
// Errors: ErrInvalidArgument for what is said above, and those of all calls.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, options ...CallOption) error {
	op := operation{unknown: true, once: method != http.MethodGet, options: options}
	op.name, _, _ = strings.Cut(method+" "+path, "?")
	op.invalid = firstError(
		func() error { return checkMethod(method, in) },
		func() error { return checkPath(path) },
		func() error { return checkOut(out) },
		func() error { return op.setBody(in) },
	)
	if c != nil && c.scrub != nil {
		op.name = c.scrub(op.name, op.secrets...)
	}
	op.newResult = func() any {
		if out == nil {
			return nil
		}
		return reflect.New(reflect.TypeOf(out).Elem()).Interface()
	}
	result, err := c.perform(ctx, op, func(ctx context.Context, body io.Reader) (*http.Response, error) {
		return c.sendTo(ctx, method, path, body)
	})
	if err == nil && out != nil {
		reflect.ValueOf(out).Elem().Set(reflect.ValueOf(result).Elem())
	}
	return err
}

// WithRepeatable says that a request of Client.Do may be sent again when the API may have seen it already, as an operation that
// only reads may, or one that does the same the second time. By default only a GET is. It makes no difference to the other
// methods, which know this of their operations.
func WithRepeatable() CallOption {
	return func(s *callSettings) error {
		s.repeatable = true
		return nil
	}
}

// sendTo sends a request as the generated client does.
func (c *Client) sendTo(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", mediaTypeJSON)
	}
	for _, edit := range c.api.RequestEditors {
		if err := edit(ctx, request); err != nil {
			return nil, err
		}
	}
	return c.api.Client.Do(request)
}

func firstError(checks ...func() error) error {
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func checkMethod(method string, in any) error {
	switch method {
	case http.MethodGet:
		if in != nil {
			return errors.New("a GET has no body; put what the operation needs into the path")
		}
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		return fmt.Errorf("the method is %q; it must be GET, POST, PUT, PATCH or DELETE", method)
	}
	return nil
}

// Methods of Client check what they send to these paths and what comes back. Do does not.
var checkedPaths = map[string]string{
	"/auth":          "Auth",
	"/authz":         "Authz",
	"/auth/validate": "Validate",
	"/oauth2/token":  "ExchangeGrant",
}

// checkPath refuses a path that is not surely one below the base URL, for this package, for what is between it and the API and
// for the API itself.
func checkPath(path string) error {
	switch {
	case !strings.HasPrefix(path, "/"):
		return errors.New("the path must begin with a slash; it is the one after the base URL, such as /chains")
	case strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r > '~' }) || strings.ContainsAny(path, `\"<>^{|}`+"`#"):
		return errors.New("the path has a character in it that must be escaped; use url.PathEscape and url.Values")
	}
	u, err := url.Parse(path)
	switch {
	case err != nil:
		return errors.New("the path is not one of a URL")
	case u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "":
		return errors.New("the path has a host in it; it is the one after the base URL, such as /chains")
	case strings.Contains(u.Path, "%"):
		return errors.New("the path is escaped twice")
	}
	for _, part := range strings.Split(u.EscapedPath()[1:], "/") {
		if err := checkPart(part); err != nil {
			return err
		}
	}
	for checked, method := range checkedPaths {
		if strings.EqualFold(u.Path, checked) {
			return fmt.Errorf("%s is what Client.%s is for, which checks more; use that", checked, method)
		}
	}
	return nil
}

// checkPart refuses a part of a path that stands for another path than it seems to.
func checkPart(escaped string) error {
	part, err := url.PathUnescape(escaped)
	switch {
	case err != nil:
		return errors.New("the path is not one of a URL")
	case part == "":
		return errors.New("the path has an empty part in it; is a value that it was made of empty?")
	case strings.Contains(part, ";"):
		return errors.New("the path has a semicolon in it, and some servers take off what follows it")
	case part == "." || part == "..":
		return errors.New("the path has . or .. in it, which leads elsewhere")
	case strings.ContainsAny(part, `/\`):
		return errors.New("the path has an escaped slash in it, which some servers take for a slash")
	case strings.ContainsFunc(part, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return errors.New("the path has a control character in it")
	}
	return nil
}

func checkOut(out any) error {
	if out == nil {
		return nil
	}
	if v := reflect.ValueOf(out); v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("out is a %T, which nothing can be decoded into; it must be a pointer that is not nil", out)
	}
	return nil
}

func (op *operation) setBody(in any) error {
	if in == nil {
		return nil
	}
	body, err := wire.Marshal(in)
	if err != nil {
		return err
	}
	op.secrets = appendSecrets(nil, reflect.ValueOf(in))
	if bytes.Contains(body, []byte(`"`+redacted+`"`)) {
		return errors.New("the request would have " + redacted + " in it in place of a Secret; give the Secret in a struct, or in a map or slice of Secrets")
	}
	op.body = body
	return nil
}

// appendSecrets appends the Secrets in a value that package encoding/json has written, so that it does not lead back to itself.
func appendSecrets(secrets []Secret, v reflect.Value) []Secret {
	switch v.Kind() {
	case reflect.String:
		if secret, ok := reflect.TypeAssert[Secret](v); ok {
			secrets = append(secrets, secret)
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			secrets = appendSecrets(secrets, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				secrets = appendSecrets(secrets, v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			secrets = appendSecrets(secrets, v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			secrets = appendSecrets(appendSecrets(secrets, key), v.MapIndex(key))
		}
	}
	return secrets
}
