package picket

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"
)

var errBrokenOff = errors.New("the response broke off")

func (c *Client) read(body io.Reader) ([]byte, error) {
	limit := min(c.maxResponseBytes, math.MaxInt64-1)
	data, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBrokenOff, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("the response is larger than %d bytes", c.maxResponseBytes)
	}
	return data, nil
}

// decode reads a body into a result, which is a pointer.
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
		return unreadable(reflect.TypeOf(result).Elem(), body, err)
	}
	return checkExact(result, body)
}

// refusal is the error for a status that is not 2xx, whatever the body looks like.
func (c *Client) refusal(op operation, response *http.Response, body []byte) *Error {
	scrub := func(s string) string { return c.scrub(s, op.secrets...) }
	failure := &Error{
		Operation:  op.name,
		StatusCode: response.StatusCode,
		RequestID:  c.requestID(response.Header, op),
	}
	if response.StatusCode < 400 {
		failure.Message = scrub(fmt.Sprintf("the response is a redirect%s, which is not followed; check the base URL", target(response)))
		failure.cause = because(ErrUnexpectedResponse)
		return failure
	}
	var code, message string
	exact := true
	if isJSON(response.Header) {
		code, message, exact = readRefusal(withoutByteOrderMark(body))
	}
	failure.Code = ErrorCode(scrub(code))
	failure.Message = scrub(cmp.Or(message, "the response gives no reason; it is "+describeType(response.Header)))
	if !exact || (code == "" && message == "") {
		failure.cause = because(ErrUnexpectedResponse)
	}
	return failure
}

// target says where a redirect leads, without its query, which may hold anything.
func target(response *http.Response) string {
	location, err := response.Location()
	if err != nil {
		return ""
	}
	return " to " + (&url.URL{Scheme: location.Scheme, Host: location.Host, Path: location.Path}).String()
}

// The properties of an error, under Picket's names and under those of RFC 6749 section 5.2.
var refusalNames = [...]string{"code", "error", "msg", "error_description"}

// readRefusal returns the code and the message of an error. A property of another type than expected is ignored, and those
// that remain decide. An error that has one of the names twice, or in another case, is not trusted: it has no code then, and
// exact is false.
func readRefusal(body []byte) (code, message string, exact bool) {
	if !json.Valid(body) {
		return "", "", true
	}
	texts, exact := refusalTexts(&reader{text: body})
	message = cmp.Or(texts[2], texts[3])
	if !exact {
		return "", message, false
	}
	return cmp.Or(texts[0], texts[1]), message, true
}

// refusalTexts returns the properties of an error by the index of their names, without those that are there twice or in
// another case, and reports whether all are there under their exact names at most once.
func refusalTexts(r *reader) (texts [len(refusalNames)]string, exact bool) {
	if r.next() != '{' {
		return texts, true
	}
	var times [len(refusalNames)]int
	for r.at++; r.more(); {
		name := r.name()
		value := r.raw()
		for i, known := range refusalNames {
			switch {
			case string(name) == known:
				times[i]++
				_ = json.Unmarshal(value, &texts[i])
			case strings.EqualFold(string(name), known):
				times[i] += 2
			}
		}
	}
	exact = true
	for i := range times {
		if times[i] > 1 {
			texts[i], exact = "", false
		}
	}
	return texts, exact
}
