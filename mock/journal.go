package mock

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// JournalSize is how many exchanges the journal of a project keeps: the last ones. It keeps fewer when they are over 4 MiB,
// and when all journals together are over 64 MiB: then the largest one loses the older half of its exchanges.
const JournalSize = 500

const (
	// maxJournalBody bounds what the journal keeps of a body, in bytes.
	maxJournalBody = 4096
	// maxJournalDecoded is how large a body can be that is decoded for it, in bytes: access tokens of many balances are long.
	maxJournalDecoded = 64 << 10
)

// Exchange is a request that the mock got and what it answered, as the journal has it: without the Authorization header,
// and with "[redacted]" for every access token, signature, code and verifier. So are values in requests that have a name
// that openapi.yaml does not have, because it may be that of a secret, misspelt; and such names themselves when they look like
// none, because JSON that came as a form is all name.
type Exchange struct {
	// Number counts the exchanges of the project, from 1.
	Number int
	// Time is when the request came, by the project's clock.
	Time time.Time
	// Operation is the operationId of the operation in openapi.yaml. It is empty when no operation matched.
	Operation string
	// Method and Path are those of the request; the path has its query.
	Method, Path string
	// RequestBody and ResponseBody are JSON. What is not JSON, or is over 4 KiB, is described in its place.
	RequestBody, ResponseBody string
	// Status is the HTTP status of the response, or 0 when a fault left none.
	Status int
	// Fault is the kind of the fault that hit the request, if one did; a delay alone is "delay".
	Fault string
	// Violations say how the request or the response broke openapi.yaml, and what was probably meant.
	Violations []string
}

// record is an exchange as it is kept, with the bodies as they came. Nobody sees them: they are redacted when the journal is
// read, which is seldom.
type record struct {
	Exchange
	request, response message
}

// message is a body that is yet to be redacted.
type message struct {
	redactor    redactor
	contentType string
	body        []byte
	text        string // that of a body too large to be kept
}

func (d redactor) message(header http.Header, body []byte) message {
	m := message{redactor: d, contentType: header.Get("Content-Type"), body: body}
	if len(body) > maxJournalBody {
		m.text, m.body = d.redactBody(m.contentType, body), nil
	}
	return m
}

func (m message) redacted() string {
	if m.text != "" {
		return m.text
	}
	return m.redactor.redactBody(m.contentType, m.body)
}

// journal keeps the last exchanges of one project. It is safe for concurrent use.
type journal struct {
	shared *journals

	mu     sync.Mutex
	known  bool // whether shared knows this journal
	number int
	ring   []record // grows to JournalSize
	first  int      // where in ring the oldest is
	count  int
	bytes  int64 // what the exchanges take, about
}

func (j *journal) add(e record) {
	j.mu.Lock()
	if !j.known {
		j.known = true
		j.shared.register(j)
	}
	j.number++
	e.Number = j.number
	grown := e.size()
	j.bytes += grown
	for j.count == JournalSize || (j.count > 0 && j.bytes > maxProjectJournalBytes) {
		grown -= j.dropOldest()
	}
	if j.count == len(j.ring) {
		j.ring, j.first = append(j.kept(), make([]record, min(max(j.count, 1), JournalSize-j.count))...), 0
	}
	j.ring[(j.first+j.count)%len(j.ring)] = e
	j.count++
	j.mu.Unlock()
	j.shared.grow(grown)
}

// dropOldest forgets the oldest exchange, and returns how much that is.
func (j *journal) dropOldest() int64 {
	oldest := &j.ring[j.first]
	size := oldest.size()
	*oldest = record{}
	j.first = (j.first + 1) % len(j.ring)
	j.count--
	j.bytes -= size
	return size
}

// kept returns the records, the oldest first.
func (j *journal) kept() []record {
	end := j.first + j.count
	return slices.Concat(j.ring[j.first:min(end, len(j.ring))], j.ring[:max(end-len(j.ring), 0)])
}

// all returns the exchanges, the oldest first.
func (j *journal) all() []Exchange {
	j.mu.Lock()
	kept := j.kept()
	j.mu.Unlock()
	exchanges := make([]Exchange, len(kept))
	for i, r := range kept {
		exchanges[i] = r.Exchange
		exchanges[i].RequestBody, exchanges[i].ResponseBody = r.request.redacted(), r.response.redacted()
	}
	return exchanges
}

func (j *journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.shared.used.Add(-j.bytes)
	j.number, j.ring, j.first, j.count, j.bytes = 0, nil, 0, 0, 0
}

// size returns how much an exchange takes, about.
func (e record) size() int64 {
	n := entryBytes + len(e.Path) + len(e.request.body) + len(e.request.text) + len(e.response.body) + len(e.response.text)
	for _, violation := range e.Violations {
		n += len(violation)
	}
	return int64(n)
}

// journals are those of all projects of a server that have exchanges. They are safe for concurrent use.
type journals struct {
	used atomic.Int64

	mu  sync.Mutex
	all []*journal
}

func (j *journals) register(one *journal) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.all = append(j.all, one)
}

// grow counts what a journal took. When that is too much, the journal that took most loses its older half: a project that
// asks little keeps what it has.
func (j *journals) grow(n int64) {
	if j.used.Add(n) <= maxJournalBytes {
		return
	}
	j.mu.Lock()
	all := slices.Clone(j.all)
	j.mu.Unlock()
	var largest *journal
	var most int64
	for _, one := range all {
		one.mu.Lock()
		if one.bytes > most {
			largest, most = one, one.bytes
		}
		one.mu.Unlock()
	}
	if largest == nil {
		return
	}
	largest.mu.Lock()
	defer largest.mu.Unlock()
	for largest.bytes > most/2 && largest.count > 0 {
		j.used.Add(-largest.dropOldest())
	}
}

// redactor takes secrets out of what the journal keeps. It knows the names of properties and parameters by the contract.
type redactor struct {
	secret map[string]bool // by name, whether its value is a secret
	strict bool            // whether the value of a name that is not known may be one, too: accessToken misspelt, say
}

// newRedactors returns one for the bodies and queries of the requests of a contract, and one for the bodies of its responses.
func newRedactors(c *spec.Contract) (requests, responses redactor) {
	requests = redactor{strict: true, secret: map[string]bool{}}
	responses = redactor{secret: map[string]bool{}}
	inRequests, inResponses := map[*openapi3.Schema]bool{}, map[*openapi3.Schema]bool{}
	for _, op := range c.Operations() {
		spec := op.Spec()
		if spec.RequestBody != nil {
			for _, media := range spec.RequestBody.Value.Content {
				requests.collect(media.Schema, inRequests)
			}
		}
		for _, response := range spec.Responses.Map() {
			for _, media := range response.Value.Content {
				responses.collect(media.Schema, inResponses)
			}
		}
		for _, parameter := range op.Parameters() {
			if schema := parameter.Value.Schema; schema != nil {
				requests.note(parameter.Value.Name, schema.Value)
			}
		}
	}
	return requests, responses
}

// collect notes the names of a schema and of all that it is made of, but for those that were collected: a schema may be made
// of itself.
func (d redactor) collect(ref *openapi3.SchemaRef, collected map[*openapi3.Schema]bool) {
	if ref == nil || collected[ref.Value] {
		return
	}
	schema := ref.Value
	collected[schema] = true
	for _, part := range slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf) {
		d.collect(part, collected)
	}
	d.collect(schema.Items, collected)
	d.collect(schema.AdditionalProperties.Schema, collected)
	for name, property := range schema.Properties {
		d.note(name, property.Value)
		d.collect(property, collected)
	}
}

// note notes a name. One that holds a secret anywhere holds one everywhere.
func (d redactor) note(name string, schema *openapi3.Schema) {
	d.secret[name] = d.secret[name] || isSecret(schema)
}

func (d redactor) hides(name string) bool {
	secret, known := d.secret[name]
	return secret || (d.strict && !known)
}

func isSecret(schema *openapi3.Schema) bool {
	return schema.Extensions["x-go-type"] == "wire.Secret" ||
		slices.ContainsFunc(schema.AllOf, func(part *openapi3.SchemaRef) bool { return isSecret(part.Value) })
}

const redacted = names.Redacted

// redactBody returns a body as the journal shows it.
func (d redactor) redactBody(contentType string, body []byte) string {
	if len(body) == 0 {
		return ""
	}
	var value any
	switch contentType, _, _ := strings.Cut(contentType, ";"); contentType {
	case "application/json":
		// Without its secrets a body may be short enough to be shown. A very large one is not decoded to see.
		large := len(body) > maxJournalDecoded && json.Valid(body)
		if !large && json.Unmarshal(body, &value) != nil {
			return fmt.Sprintf("[%d bytes that are not JSON]", len(body))
		}
		if large {
			return fmt.Sprintf("[%d bytes of JSON]", len(body))
		}
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return fmt.Sprintf("[%d bytes that are no form]", len(body))
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
	if err != nil || len(text) > maxJournalBody {
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
func (d redactor) redactForm(form url.Values) url.Values {
	shown := url.Values{}
	for name, values := range form {
		if d.hides(name) {
			shown.Set(d.shown(name, strings.Join(values, "") != ""), redacted)
		} else {
			shown[name] = values
		}
	}
	return shown
}

// shown returns a name as it is shown. One that the contract does not have may be a secret itself: most likely when it has no value.
func (d redactor) shown(name string, hasValue bool) string {
	switch _, known := d.secret[name]; {
	case known || !d.strict:
		return name
	case !hasValue:
		return redacted
	}
	return names.Shown(name)
}

func (d redactor) redactValue(value any) any {
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
		if names.LooksSecret(value) { // under a name that is for none
			return redacted
		}
	}
	return value
}

// redactURL returns the path of an operation with its query. The operation is nil when there is none.
func (d redactor) redactURL(u *url.URL, op *spec.Operation) string {
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
	path = names.ShortenTo(path, maxJournalBody)
	if u.RawQuery == "" {
		return path
	}
	return path + "?" + names.ShortenTo(d.redactForm(u.Query()).Encode(), maxJournalBody)
}
