package journal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

const (
	// maxBody bounds what the journal keeps of a body, in bytes.
	maxBody = 4096
	// maxDecoded is how large a body can be that is decoded for it, in bytes: access tokens of many balances are long.
	maxDecoded = 64 << 10
)

// Message is a body that is redacted when it is read.
type Message struct {
	redactor    Redactor
	contentType string
	body        []byte
	text        string // that of a body that is too large to be kept
}

// Message returns a body as the journal keeps it.
func (d Redactor) Message(header http.Header, body []byte) Message {
	m := Message{redactor: d, contentType: known(header.Get("Content-Type")), body: body}
	if len(body) > maxBody {
		m.text, m.body = d.redactBody(m.contentType, body), nil
	}
	return m
}

const (
	asJSON = "application/json"
	asForm = "application/x-www-form-urlencoded"
)

// known returns a content type that can be shown, or else nothing: what a client sends in its place may be long.
func known(contentType string) string {
	contentType, _, _ = strings.Cut(contentType, ";")
	for _, known := range []string{asJSON, asForm} {
		if contentType == known {
			return known // and not a part of what the client sent, all of which would be kept
		}
	}
	return ""
}

func (m Message) size() int { return len(m.body) + len(m.text) }

func (m Message) redacted() string {
	if m.text != "" {
		return m.text
	}
	return m.redactor.redactBody(m.contentType, m.body)
}

const redacted = names.Redacted

// redactBody returns a body as the journal shows it.
func (d Redactor) redactBody(contentType string, body []byte) string {
	if len(body) == 0 {
		return ""
	}
	var value any
	switch contentType {
	case asJSON:
		// Without its secrets a body may be short enough to be shown. A very large one is not decoded to see.
		large := len(body) > maxDecoded && json.Valid(body)
		if !large && json.Unmarshal(body, &value) != nil {
			return fmt.Sprintf("[%d bytes that are not JSON]", len(body))
		}
		if large {
			return fmt.Sprintf("[%d bytes of JSON]", len(body))
		}
	case asForm:
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return fmt.Sprintf("[%d bytes that are not a form]", len(body))
		}
		fields := map[string]any{}
		for name, values := range d.redactForm(form) {
			fields[name] = strings.Join(values, " ")
		}
		value = fields
	default:
		return fmt.Sprintf("[%d bytes that are neither JSON nor a form]", len(body))
	}
	text, err := json.Marshal(d.redactValue(value))
	if err != nil || len(text) > maxBody {
		return fmt.Sprintf("[%d bytes of JSON]", len(body))
	}
	return visible(string(text))
}

// visible writes the characters of JSON that go unseen or change the direction of others as escapes.
func visible(text string) string {
	if !strings.ContainsFunc(text, isUnseen) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if !isUnseen(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

func isUnseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// redactForm returns the names and values of a form or a query as they are shown.
func (d Redactor) redactForm(form url.Values) url.Values {
	shown := url.Values{}
	for name, values := range form {
		if d.hides(name) {
			shown.Set(d.shown(name, strings.Join(values, "") != ""), redacted)
		} else {
			for _, value := range values {
				if names.LooksSecret(value) { // under a name that is not a secret's
					value = redacted
				}
				shown.Add(name, value)
			}
		}
	}
	return shown
}

// shown returns a name as it is shown. One that the contract does not have may be a secret itself: most likely when it has no value.
func (d Redactor) shown(name string, hasValue bool) string {
	switch _, known := d.secret[name]; {
	case known || !d.strict:
		return name
	case !hasValue:
		return redacted
	}
	return names.Shown(name)
}

func (d Redactor) redactValue(value any) any {
	switch value := value.(type) {
	case []any:
		for i := range value {
			value[i] = d.redactValue(value[i])
		}
	case map[string]any:
		shown := map[string]any{}
		for name := range value {
			if d.hides(name) {
				shown[d.shown(name, true)] = redacted
			} else {
				shown[name] = d.redactValue(value[name])
			}
		}
		return shown
	case string:
		if names.LooksSecret(value) { // under a name that is not a secret's
			return redacted
		}
	}
	return value
}

// URL returns the path of an operation with its query. The operation is nil when there is none.
func (d Redactor) URL(u *url.URL, op *spec.Operation) string {
	path := u.EscapedPath()
	switch {
	case op == nil:
		path = names.ShownPath(path)
	case strings.Contains(op.Path, "{"):
		segments := strings.Split(path, "/")
		for i, segment := range strings.Split(op.Path, "/") {
			if name := strings.Trim(segment, "{}"); name != segment && (d.hides(name) || names.LooksSecret(segments[i])) {
				segments[i] = redacted
			}
		}
		path = strings.Join(segments, "/")
	}
	path = strings.Clone(names.ShortenTo(path, maxBody)) // as a part of it, the whole request line would be kept
	if u.RawQuery == "" {
		return path
	}
	return path + "?" + names.ShortenTo(d.redactForm(u.Query()).Encode(), maxBody)
}
