package spec

import (
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// Violation is one way in which a message breaks the contract. It contains no values of the message, because a value may be a key, a token
// or a signature: only names, media types and the status. Package contract describes the fields to users.
type Violation struct {
	Pointer string // a JSON pointer into the body, or the name of a parameter or header; empty for the body or message as a whole
	Message string // what is wrong, and what it must be
	Place   string // what it breaks, as a JSON pointer into the description
	Unknown bool   // it is about a name that the contract does not have, and that is not just in the wrong case
}

// MaxViolations is how many violations of one message are reported, of each kind: those about unknown names, and all others.
const MaxViolations = 20

// findings collects the violations of one message. It words them itself: the validator quotes values.
type findings struct {
	op         *Operation
	answered   bool // the message is a response
	violations []Violation
	unknown    int             // how many of them are about unknown names
	moves      []move          // what was moved to its present place
	modernised bool            // the message had superseded names
	inexact    map[string]bool // the pointers of texts that are not written exactly, about which nothing else is said
}

func (op *Operation) inRequest() *findings { return &findings{op: op} }

func (op *Operation) inResponse() *findings { return &findings{op: op, answered: true} }

func (f *findings) add(pointer, message, place string) {
	if found := violation(pointer, message, place); !f.full() && !f.has(found) && !f.inexact[pointer] {
		f.violations = append(f.violations, found)
	}
}

func (f *findings) addUnknown(pointer, message, place string) {
	if f.unknown < MaxViolations {
		unknown := violation(pointer, message, place)
		unknown.Unknown = true
		if f.has(unknown) {
			return
		}
		f.violations = append(f.violations, unknown)
		f.unknown++
	}
}

// has reports whether a violation was found before, by another part of the contract: two parts of an allOf may demand the same, and the
// validator knows of unknown names only where additionalProperties is false.
func (f *findings) has(found Violation) bool {
	return slices.ContainsFunc(f.violations, func(v Violation) bool { return v.Pointer == found.Pointer && v.Message == found.Message })
}

// full reports whether the limit is reached for violations that are not about unknown names.
func (f *findings) full() bool { return len(f.violations)-f.unknown >= MaxViolations }

// maxTold is the longest pointer or message, in bytes. A message may nest names as deep as it likes.
const maxTold = 1024

func violation(pointer, message, place string) Violation {
	return Violation{Pointer: names.ShortenTo(pointer, maxTold), Message: names.ShortenTo(message, maxTold), Place: place}
}

// shown returns a path of names in the form in which it can be shown, as the message has it. Names of the contract stay as they are. Any other name may be a
// secret in a request, and may be an address in a response.
func (f *findings) shown(path ...string) []string {
	path = f.asGiven(path)
	shown := make([]string, len(path))
	for i, name := range path {
		switch {
		case f.op.names[name]:
			shown[i] = name
		case f.answered:
			shown[i] = names.Answered(name)
		default:
			shown[i] = names.Shown(name)
		}
	}
	return shown
}

// pointer returns the JSON pointer of a path.
func pointer(path []string) string {
	var text strings.Builder
	for _, name := range path {
		text.WriteString("/" + escape(name))
	}
	return text.String()
}
