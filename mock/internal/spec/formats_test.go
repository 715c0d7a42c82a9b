package spec_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/oapi-codegen/runtime/types"
	"pgregory.net/rapid"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// textFormats has values for each format of a string.
var textFormats = []struct {
	format       string
	want         string
	good, broken []string
}{
	{"date-time", "a date and time such as 2006-01-02T15:04:05Z (RFC 3339)",
		[]string{"2006-01-02T15:04:05Z", "2006-01-02T15:04:05.123456789+14:00", "0001-01-01T00:00:00-00:00"},
		[]string{"", "yesterday", "2006-01-02", "2006-01-02 15:04:05Z", "2006-01-02T15:04:05", "2006-02-30T15:04:05Z", "2006-01-02T25:04:05Z", "2006-01-02T15:04:05+0100", "2006-01-02T15:04:60Z", "2006-1-2T15:04:05Z", " 2006-01-02T15:04:05Z"}},
	{"date", "a date such as 2006-01-02 (RFC 3339)", []string{"2006-01-02", "2024-02-29"}, []string{"", "2023-02-29", "2006-1-2", "06-01-02", "2006-01-02T00:00:00Z", "2006-13-01"}},
	{"time", "a time such as 15:04:05Z (RFC 3339)", []string{"15:04:05Z", "15:04:05.5+01:00"}, []string{"", "15:04", "15:04:05", "24:00:00Z"}},
	{"duration", "a duration such as PT1H30M (ISO 8601)", []string{"PT1H30M", "P3Y6M4DT12H30M5S", "P2W", "PT0.5S"}, []string{"", "P", "1h", "PT", "P1H"}},
	{"uuid", "a UUID such as 123e4567-e89b-12d3-a456-426614174000", []string{"123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000", "00000000-0000-0000-0000-000000000000"},
		[]string{"", "123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}", "urn:uuid:123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-42661417400g"}},
	{"email", "an email address such as alice@example.com", []string{"alice@example.com", "a.b+c@sub.example", `"a b"@example.com`, "alice@localhost"},
		[]string{"", "alice", "@example.com", "alice@", "Alice <alice@example.com>", "<alice@example.com>", "a b@example.com", "alice@example.com, bob@example.com"}},
	{"uri", "an absolute URI such as https://example.com/path (RFC 3986)",
		[]string{"https://example.com", "http://localhost:3000/callback?a=b#c", "myapp:/callback", "com.example.app:/callback", "urn:isbn:0451450523", "mailto:a@b", "http://[::1]/", "https://example.com/%2F"},
		[]string{"", "/path", "example.com", "//example.com", "http://a b", "https://exämple.com", "https://example.com/%zz", "https://example.com/?a=%z", "https://example.com/<>", "1http://a", ":"}},
	{"uri-reference", "a URI or a relative reference such as /path (RFC 3986)", []string{"", "/path", "https://example.com", "a?b#c"}, []string{"a b", "%zz", "ä"}},
	{"hostname", "a host name such as example.com (RFC 1123)", []string{"example.com", "localhost", "a-b.c", "1.example"}, []string{"", "a_b", "-a", "a-", "a..b", "example.com.", "a:80", "ä"}},
	{"ipv4", "an IPv4 address such as 192.0.2.1", []string{"192.0.2.1"}, []string{"", "256.0.0.1", "192.0.2", "::1", "192.0.2.01"}},
	{"ipv6", "an IPv6 address such as 2001:db8::1", []string{"2001:db8::1", "::", "::ffff:192.0.2.1"}, []string{"", "192.0.2.1", "fe80::1%eth0", "1::2::3"}},
	{"byte", "base64 with padding such as aGVsbG8= (RFC 4648 section 4)", []string{"", "aGVsbG8=", "+/+/"}, []string{"aGVsbG8", "-_-_", "aGVs\nbG8=", "a", "!"}},
	{"base64url", "base64url such as aGVsbG8 (RFC 4648 section 5)", []string{"", "aGVsbG8", "aGVsbG8=", "-_-_"}, []string{"+/+/", "a", "!"}},
}

func checkFormat(t interface {
	Fatal(...any)
}, schema, value string) []string {
	c, err := spec.Read(fmt.Appendf(nil, `{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {/it: {get: {operationId: it,
		responses: {'200': {description: a, content: {application/json: {schema: %s}}}}}}}}`, schema), "")
	if err != nil {
		t.Fatal(err)
	}
	return messages(c.Operation("it").CheckResponse(http.MethodGet, 200, http.Header{"Content-Type": {"application/json"}}, []byte(value)))
}

func TestFormatsAreChecked(t *testing.T) {
	for _, test := range textFormats {
		schema := fmt.Sprintf("{type: string, format: %s}", test.format)
		for _, value := range test.good {
			if got := checkFormat(t, schema, quoted(value)); len(got) > 0 {
				t.Errorf("%s: %q: got %q", test.format, value, got)
			}
		}
		for _, value := range test.broken {
			if got := checkFormat(t, schema, quoted(value)); len(got) != 1 || got[0] != "the body must be "+test.want {
				t.Errorf("%s: %q: got %q, not %q", test.format, value, got, test.want)
			}
		}
	}
	for schema, values := range map[string]struct{ good, broken []string }{
		"{type: integer, format: int8}":   {[]string{"-128", "127"}, []string{"-129", "128"}},
		"{type: integer, format: int16}":  {[]string{"-32768", "32767"}, []string{"-32769", "32768"}},
		"{type: integer, format: int32}":  {[]string{"-2147483648", "2147483647"}, []string{"-2147483649", "2147483648"}},
		"{type: integer, format: int64}":  {[]string{"-9223372036854775808", "9223372036854775807"}, []string{"-9223372036854785808", "9223372036854785808", "1e30"}},
		"{type: integer, format: uint8}":  {[]string{"0", "255"}, []string{"-1", "256"}},
		"{type: integer, format: uint16}": {[]string{"0", "65535"}, []string{"-1", "65536"}},
		"{type: integer, format: uint32}": {[]string{"0", "4294967295"}, []string{"-1", "4294967296"}},
		"{type: number, format: float}":   {[]string{"3.4e38", "-0.1"}, []string{"3.5e38", "-1e39"}},
		"{type: number, format: double}":  {[]string{"1.7e308"}, []string{"1.8e308", "-1e999"}},
		// A format that is not known is an annotation, and so is one of another type.
		"{type: string, format: hue}":                        {[]string{`"red"`, `""`}, nil},
		"{type: string, format: password}":                   {[]string{`"hunter2"`}, nil},
		"{type: string, format: int32}":                      {[]string{`"x"`}, nil},
		"{type: integer, format: date}":                      {[]string{"7"}, nil},
		"{type: string, format: uuid, nullable: true}":       {[]string{"null"}, []string{`"x"`}},
		"{type: array, items: {type: string, format: date}}": {[]string{`["2006-01-02"]`}, []string{`["2006-01-02", "x"]`}},
	} {
		for _, value := range values.good {
			if got := checkFormat(t, schema, value); len(got) > 0 {
				t.Errorf("%s: %s: got %q", schema, value, got)
			}
		}
		for _, value := range values.broken {
			if got := checkFormat(t, schema, value); len(got) != 1 {
				t.Errorf("%s: %s: got %q", schema, value, got)
			}
		}
	}
}

func quoted(text string) string {
	value, _ := json.Marshal(text) // a string can always be marshalled
	return string(value)
}

// Generated code reads a format into a Go type, which must be able to hold whatever the check accepts: its own error names no property.
func TestGeneratedCodeReadsWhateverAFormatAccepts(t *testing.T) {
	goTypes := map[string]any{"date-time": time.Time{}, "date": types.Date{}, "duration": types.Duration{}, "uuid": types.UUID{}, "email": types.Email(""), "byte": []byte{}}
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, len(textFormats)-1).Draw(t, "format")
		test := textFormats[i]
		goType, mapped := goTypes[test.format]
		if !mapped {
			return
		}
		text := []rune(rapid.SampledFrom(append(test.good, test.broken...)).Draw(t, "value"))
		for range rapid.IntRange(0, 2).Draw(t, "changes") {
			at := rapid.IntRange(0, len(text)).Draw(t, "at")
			other := rapid.SampledFrom([]rune("09azTZ:.-+ @<>\"=\n,()\\é")).Draw(t, "character")
			text = append(text[:at:at], append([]rune{other}, text[min(at+rapid.IntRange(0, 1).Draw(t, "over"), len(text)):]...)...)
		}
		value := quoted(string(text))
		if len(checkFormat(t, fmt.Sprintf("{type: string, format: %s}", test.format), value)) > 0 {
			return
		}
		if err := json.Unmarshal([]byte(value), reflect.New(reflect.TypeOf(goType)).Interface()); err != nil {
			t.Fatalf("%s accepts %s, and Go does not: %v", test.format, strconv.Quote(value), err)
		}
	})
}
