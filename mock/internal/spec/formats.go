package spec

import (
	"encoding/base64"
	"errors"
	"math"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/oapi-codegen/runtime/types"
)

// A format is what the contract demands of the strings or numbers with a format. A format that is not in formats is an annotation, as
// JSON Schema has it, and accepts everything.
type format struct {
	words string            // what such a value is, as a noun with its article
	text  func(string) bool // nil for numbers
	least int64             // of whole numbers
	most  int64
	float float64 // how large a number may be, with either sign; 0 for whole numbers
}

// formats has the formats of OpenAPI 3.0, those of its registry that are in common use, and those for which the generator has a Go type
// that holds less than the format's type in JSON. A check accepts nothing that such a Go type cannot hold: generated code would refuse
// it later, without a name.
var formats = map[string]format{
	"date-time":     {words: "a date and time such as 2006-01-02T15:04:05Z (RFC 3339)", text: isDateTime},
	"date":          {words: "a date such as 2006-01-02 (RFC 3339)", text: isDate},
	"time":          {words: "a time such as 15:04:05Z (RFC 3339)", text: isTime},
	"duration":      {words: "a duration such as PT1H30M (ISO 8601)", text: isDuration},
	"uuid":          {words: "a UUID such as 123e4567-e89b-12d3-a456-426614174000", text: isUUID},
	"email":         {words: "an email address such as alice@example.com", text: isEmail},
	"uri":           {words: "an absolute URI such as https://example.com/path (RFC 3986)", text: isURI},
	"uri-reference": {words: "a URI or a relative reference such as /path (RFC 3986)", text: isURIReference},
	"hostname":      {words: "a host name such as example.com (RFC 1123)", text: isHostname},
	"ipv4":          {words: "an IPv4 address such as 192.0.2.1", text: isIPv4},
	"ipv6":          {words: "an IPv6 address such as 2001:db8::1", text: isIPv6},
	"byte":          {words: "base64 with padding such as aGVsbG8= (RFC 4648 section 4)", text: isBase64},
	"base64url":     {words: "base64url such as aGVsbG8 (RFC 4648 section 5)", text: isBase64URL},
	"int8":          {words: "a whole number from -128 to 127", least: math.MinInt8, most: math.MaxInt8},
	"int16":         {words: "a whole number from -32768 to 32767", least: math.MinInt16, most: math.MaxInt16},
	"int32":         {words: "a whole number from -2147483648 to 2147483647", least: math.MinInt32, most: math.MaxInt32},
	"int64":         {words: "a whole number from -9223372036854775808 to 9223372036854775807", least: math.MinInt64, most: math.MaxInt64},
	"uint8":         {words: "a whole number from 0 to 255", most: math.MaxUint8},
	"uint16":        {words: "a whole number from 0 to 65535", most: math.MaxUint16},
	"uint32":        {words: "a whole number from 0 to 4294967295", most: math.MaxUint32},
	"float":         {words: "a number from -3.4028234663852886e+38 to 3.4028234663852886e+38", float: math.MaxFloat32},
	"double":        {words: "a number from -1.7976931348623157e+308 to 1.7976931348623157e+308", float: math.MaxFloat64},
}

// TextFormat returns what reports whether a string is of a format, or nil if every string is.
func TextFormat(name string) func(text string) bool { return formats[name].text }

var errFormat = errors.New("it is not of the format") // the words are those of the format

// checkFormats are the options with which the validator checks formats. They come before its own formats, which are looser, and are
// shared by all programs that use it.
var checkFormats = func() []openapi3.SchemaValidationOption {
	texts := map[string]openapi3.StringFormatValidator{}
	integers := map[string]openapi3.IntegerFormatValidator{}
	numbers := map[string]openapi3.NumberFormatValidator{}
	for name, format := range formats {
		switch {
		case format.text != nil:
			texts[name] = openapi3.NewCallbackValidator(func(text string) error {
				if !format.text(text) {
					return errFormat
				}
				return nil
			})
		case format.float != 0:
			numbers[name] = openapi3.NewRangeFormatValidator(-format.float, format.float)
		default:
			integers[name] = openapi3.NewRangeFormatValidator(format.least, format.most)
		}
	}
	return slices.Clip([]openapi3.SchemaValidationOption{
		openapi3.WithStringFormatValidators(texts),
		openapi3.WithIntegerFormatValidators(integers),
		openapi3.WithNumberFormatValidators(numbers),
	})
}()

// isDateTime accepts no leap seconds, which RFC 3339 allows and hardly any program reads.
func isDateTime(text string) bool { return new(time.Time).UnmarshalText([]byte(text)) == nil }

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

func isTime(text string) bool { return isDateTime("2006-01-02T" + text) }

func isDuration(text string) bool { return new(types.Duration).UnmarshalText([]byte(text)) == nil }

// isUUID accepts only the form of RFC 9562. The library reads others too.
func isUUID(text string) bool { return len(text) == 36 && uuid.Validate(text) == nil }

func isEmail(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Name == "" && address.String() == "<"+text+">"
}

// uriCharacters are the characters of a URI, with whole percent-encoded bytes (RFC 3986 section 2).
var uriCharacters = regexp.MustCompile(`^(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$`)

func isURIReference(text string) bool {
	_, err := url.Parse(text)
	return err == nil && uriCharacters.MatchString(text)
}

func isURI(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.IsAbs() && uriCharacters.MatchString(text)
}

var hostname = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)

func isHostname(text string) bool { return len(text) <= 253 && hostname.MatchString(text) }

func isIPv4(text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && address.Is4()
}

func isIPv6(text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && address.Is6() && address.Zone() == ""
}

func isBase64(text string) bool {
	_, err := base64.StdEncoding.DecodeString(text)
	return err == nil && !strings.ContainsAny(text, "\r\n")
}

func isBase64URL(text string) bool {
	_, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	return err == nil && !strings.ContainsAny(text, "\r\n")
}
