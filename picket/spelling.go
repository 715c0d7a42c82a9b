package picket

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// otherSpellings are the further names under which a response may have a property: x-superseded in openapi.yaml.
var otherSpellings = map[reflect.Type]map[string]string{
	reflect.TypeFor[OAuthTokenResponse](): {
		"access_token": "accessToken", // RFC 6749 section 5.1
		"token_type":   "tokenType",
		"expires_in":   "expiresIn",
	},
}

// inOneSpelling returns a response in which each property of the object has only its own name. It returns an error for another name that
// is there twice, that is spelled with other capitals, or whose value is not that of the property. What is not an object stays as it is.
func inOneSpelling(body []byte, names map[string]string) ([]byte, error) {
	r := reader{text: body}
	if len(names) == 0 || !json.Valid(body) || r.next() != '{' {
		return body, nil
	}
	var members [][]byte // those with other names, as they are
	properties, others := map[string][]byte{}, map[string][]byte{}
	for r.at++; r.more(); {
		r.next()
		start := r.at
		name := string(r.name())
		r.next()
		value := r.at
		r.skip()
		if names[name] == "" {
			for known := range names {
				if strings.EqualFold(known, name) {
					return nil, fmt.Errorf("the response has %q, and not %q exactly", name, known)
				}
			}
			properties[name] = body[value:r.at]
			members = append(members, body[start:r.at])
			continue
		}
		if others[name] != nil {
			return nil, fmt.Errorf("the response has %q twice", name)
		}
		others[name] = body[value:r.at]
	}
	for other, value := range others {
		name := names[other]
		property, both := properties[name]
		switch {
		case !both:
			members = append(members, append([]byte(strconv.Quote(name)+":"), value...))
		case !sameJSON(property, value):
			return nil, fmt.Errorf("the response has %q and %q, which must be the same and differ", name, other)
		}
	}
	if len(others) == 0 {
		return body, nil
	}
	return fmt.Appendf(nil, "{%s}", bytes.Join(members, []byte(","))), nil
}

func sameJSON(a, b []byte) bool {
	var decoded [2]any
	for i, text := range [][]byte{a, b} {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber() // a float would take two long numbers for one
		if err := decoder.Decode(&decoded[i]); err != nil {
			return false
		}
	}
	return reflect.DeepEqual(decoded[0], decoded[1])
}
