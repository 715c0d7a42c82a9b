package sample

import (
	"encoding/base64"
	"fmt"
	"math"
	"net/netip"
	"regexp/syntax"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
)

// number makes a number within the bounds of a schema. Without bounds it is from 0 to 1000; with one bound, as close to that as the
// bound allows.
func (m *maker) number(schema *openapi3.Schema, whole bool) (any, error) {
	const span = 1000
	low, high := 0.0, float64(span)
	switch {
	case schema.Min != nil && schema.Max != nil:
		low, high = *schema.Min, *schema.Max
	case schema.Min != nil:
		low, high = *schema.Min, *schema.Min+span
	case schema.Max != nil:
		low, high = min(0, *schema.Max-span), *schema.Max
	}
	step := 0.01
	if whole {
		step = 1
	}
	if schema.MultipleOf != nil {
		step = *schema.MultipleOf
		if whole && step != math.Trunc(step) {
			return nil, fmt.Errorf("making up a whole number that is a multiple of %v is not supported", step)
		}
	}
	first, last := math.Ceil(low/step), math.Floor(high/step)
	if isExclusive(schema.ExclusiveMin) && first*step <= low {
		first++
	}
	if isExclusive(schema.ExclusiveMax) && last*step >= high {
		last--
	}
	if first > last || math.IsInf(last-first, 0) {
		return low/2 + high/2, nil // no step is in between, or too many are; value checks whether the middle is allowed
	}
	n := first + math.Floor(m.random.Float64()*(last-first+1))
	if step < 1 && schema.MultipleOf == nil {
		return min(max(math.Round(n)/100, low), high), nil // 0.07, not 0.07000000000000001
	}
	return n * step, nil
}

func isExclusive(bound openapi3.ExclusiveBound) bool { return bound.Bool != nil && *bound.Bool }

// text makes a string that matches the pattern of a schema, or else its format, or else a word of a length that it allows.
func (m *maker) text(schema *openapi3.Schema, try int) (any, error) {
	if schema.MinLength > maxLength {
		return nil, fmt.Errorf("a string of %d characters is too long to be made up", schema.MinLength)
	}
	if schema.Pattern != "" {
		expression, err := syntax.Parse(schema.Pattern, syntax.Perl)
		if err != nil {
			return nil, fmt.Errorf("its pattern cannot be read: %w", err)
		}
		further := m.random.IntN(4)
		if try%2 == 1 {
			further = int(schema.MinLength) // long enough with what may be repeated
		}
		var b strings.Builder
		err = m.match(&b, expression, further)
		return b.String(), err
	}
	if text := m.formatted(schema.Format); text != "" {
		return m.lengthened(text, schema), nil
	}
	length := max(schema.MinLength, 8)
	if schema.MaxLength != nil {
		length = min(length, *schema.MaxLength)
	}
	return m.word(int(length)), nil
}

// word returns lowercase letters that can be pronounced.
func (m *maker) word(length int) string {
	sounds := [2]string{"bdfgklmnprstvz", "aeiou"}
	word := make([]byte, length)
	for i := range word {
		word[i] = sounds[i%2][m.random.IntN(len(sounds[i%2]))]
	}
	return string(word)
}

// formatted returns a string in a format, or "" if it does not know the format. Names and addresses are those that are reserved for
// examples (RFC 2606, RFC 5737, RFC 3849).
func (m *maker) formatted(format string) string {
	moment := time.Unix(1_700_000_000+m.random.Int64N(1<<24), 0).UTC()
	var bytes [16]byte
	for i := range bytes {
		bytes[i] = byte(m.random.Uint32())
	}
	switch format {
	case "date-time":
		return moment.Format(time.RFC3339)
	case "date":
		return moment.Format(time.DateOnly)
	case "time":
		return moment.Format("15:04:05Z07:00")
	case "duration":
		return fmt.Sprintf("PT%dS", 1+m.random.IntN(3600))
	case "uuid":
		bytes[6], bytes[8] = bytes[6]&0x0f|0x40, bytes[8]&0x3f|0x80 // RFC 9562, version 4
		return uuid.UUID(bytes).String()
	case "uri", "url", "iri":
		return "https://example.com/" + m.word(6)
	case "uri-reference", "iri-reference":
		return "/" + m.word(6)
	case "email", "idn-email":
		return m.word(6) + "@example.com"
	case "hostname", "idn-hostname":
		return m.word(6) + ".example.com"
	case "ipv4":
		return netip.AddrFrom4([4]byte{192, 0, 2, bytes[0]}).String()
	case "ipv6":
		return netip.AddrFrom16([16]byte{0: 0x20, 1: 0x01, 2: 0x0d, 3: 0xb8, 15: 1 + bytes[0]%255}).String()
	case "byte":
		return base64.StdEncoding.EncodeToString(bytes[:])
	}
	return ""
}

// lengthened returns a text that is long enough for a schema. It makes a URL longer at its end, and a name of a mailbox or a host at
// its beginning; other formats have a length of their own.
func (m *maker) lengthened(text string, schema *openapi3.Schema) string {
	missing := int(schema.MinLength) - len(text)
	switch schema.Format {
	case "uri", "url", "iri", "uri-reference", "iri-reference":
		return text + m.word(max(missing, 0))
	case "email", "idn-email", "hostname", "idn-hostname":
		return m.word(max(missing, 0)) + text
	}
	return text
}

// match writes text that a regular expression matches. What may be repeated is repeated further times more than it has to be.
func (m *maker) match(b *strings.Builder, expression *syntax.Regexp, further int) error {
	if b.Len() > maxLength {
		return fmt.Errorf("its pattern makes more than %d characters", maxLength)
	}
	repeat := func(count int) error {
		for range count {
			if err := m.match(b, expression.Sub[0], further); err != nil {
				return err
			}
		}
		return nil
	}
	switch expression.Op {
	case syntax.OpLiteral:
		b.WriteString(string(expression.Rune))
	case syntax.OpCharClass:
		b.WriteRune(m.member(expression.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteString(m.word(1))
	case syntax.OpCapture:
		return repeat(1)
	case syntax.OpStar:
		return repeat(further)
	case syntax.OpPlus:
		return repeat(1 + further)
	case syntax.OpQuest:
		return repeat(min(further, 1))
	case syntax.OpRepeat:
		if expression.Max >= 0 {
			further = min(further, expression.Max-expression.Min)
		}
		return repeat(expression.Min + further)
	case syntax.OpConcat:
		for _, part := range expression.Sub {
			if err := m.match(b, part, further); err != nil {
				return err
			}
		}
	case syntax.OpAlternate:
		return m.match(b, expression.Sub[m.random.IntN(len(expression.Sub))], further)
	case syntax.OpNoMatch:
		return fmt.Errorf("nothing matches its pattern")
	}
	return nil // the other operators match the empty text between characters
}

// member returns a character of a class, which is a list of the first and the last characters of ranges. It prefers printable ASCII.
func (m *maker) member(class []rune) rune {
	var printable []rune
	for i := 0; i < len(class); i += 2 {
		for r := max(class[i], '!'); r <= min(class[i+1], '~'); r++ {
			printable = append(printable, r)
		}
	}
	if len(printable) == 0 {
		return class[0]
	}
	return printable[m.random.IntN(len(printable))]
}
