package picket

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/seed-a13ee279/picket/picket/wire"
)

// Do calls an operation of the API for which Client has no method yet. It sends in as JSON, or no body when in is nil, and decodes
// the response into out, a pointer. When out is nil it does not look at the body of the response. When the call fails, out does not
// change.
//
// The method is GET, POST, PUT, PATCH or DELETE; a GET has no body. The path is the part after the base URL, such as
// "/chains/polygon/contracts/0x1f98", with a query if the operation takes one. Escape the values in it with url.PathEscape and
// url.Values. A path that could lead to another place, for example because of a ".." or an escaped slash, is ErrInvalidArgument.
// Errors and log lines show the path without its query, so it must hold no secret. Access tokens and signatures belong in the body, as a Secret in a
// struct, or in a slice or a map of Secrets. (In a map[string]any a Secret would not be found; the call fails then.)
//
// Do has the protections of all calls: timeouts and limits, errors without secrets, no redirects, and responses that are read by
// the exact names of their properties. The response must have a property for each field of out whose tag has neither omitempty
// nor omitzero. A GET is retried as the package documentation says. Another request is repeated only when it certainly never
// reached the API, or when the API asks for it with Retry-After; see WithRepeatable.
//
// Do cannot check a login or a user, because it does not know what an operation means. So the options WithOrigin and WithChain are
// errors here, and do nothing when they were given to New, except that the user in an *AuthResponse, *AccessTokenPayload or
// *OAuthTokenResponse must be on the chain. The paths of Auth, Authz, Validate and ExchangeGrant, which check more, are refused.
//
// Errors: ErrInvalidArgument for arguments that break these rules.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, options ...CallOption) error {
	op := operation{unknown: true, once: method != http.MethodGet, options: options}
	op.name, _, _ = strings.Cut(method+" "+path, "?")
	op.invalid = cmp.Or(
		op.setBody(in), // first, because errors must not show its secrets
		checkMethod(method, in),
		checkPath(path),
		checkOut(out),
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

// WithRepeatable says that Client.Do may send a request again even if the API may have seen it before, because the operation only
// reads, or does nothing more the second time. By default this is so for a GET only. The option makes no difference to the other
// methods, which know it of their operations.
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

// checkedPaths are the paths to which methods of Client send requests that need more checks than Do can make.
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
	case !utf8.ValidString(part):
		return errors.New("the path is not UTF-8 once its escapes are replaced, and some servers take such bytes for a dot or a slash")
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
	if string(body) == "null" {
		return fmt.Errorf("in, a %T, would be sent as null; give nil itself to send no body", in)
	}
	var found secretFinder
	found.visit(reflect.ValueOf(in))
	op.secrets = found.secrets
	if bytes.Contains(body, []byte(`"`+redacted+`"`)) {
		return errors.New("the request would have " + redacted + " in it in place of a Secret; give the Secret in a struct, or in a map or slice of Secrets")
	}
	op.body = body
	return nil
}

// A secretFinder collects the Secrets in a value. The value may lead back to itself, for example through a field that is not sent.
type secretFinder struct {
	secrets []Secret
	seen    map[visited]bool
}

// visited is a pointer, a map or a slice that a secretFinder has looked into.
type visited struct {
	is     reflect.Type
	at     uintptr
	length int
}

func (s *secretFinder) visit(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if secret, ok := reflect.TypeAssert[Secret](v); ok {
			s.secrets = append(s.secrets, secret)
		}
	case reflect.Interface:
		s.visit(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				s.visit(v.Field(i))
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			s.visit(v.Index(i))
		}
	case reflect.Pointer, reflect.Slice, reflect.Map:
		s.visitOnce(v)
	}
}

// visitOnce visits what a pointer, a slice or a map refers to, unless that was done.
func (s *secretFinder) visitOnce(v reflect.Value) {
	this := visited{is: v.Type(), at: v.Pointer()}
	if v.Kind() == reflect.Slice {
		this.length = v.Len()
	}
	if s.seen[this] {
		return
	}
	if s.seen == nil {
		s.seen = map[visited]bool{}
	}
	s.seen[this] = true
	switch v.Kind() {
	case reflect.Pointer:
		s.visit(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			s.visit(v.Index(i))
		}
	case reflect.Map:
		for entry := v.MapRange(); entry.Next(); {
			s.visit(entry.Key())
			s.visit(entry.Value())
		}
	}
}
