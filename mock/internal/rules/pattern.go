package rules

import (
	"regexp"
	"regexp/syntax"
	"unicode"
)

// compilePattern returns what reports whether a text matches a regular expression of package regexp. Most patterns of contracts are a
// number of characters of one class, such as ^[0-9A-Za-z]+$, which takes much less time to compare.
func compilePattern(expression string) (func(text string) bool, error) {
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err == nil && parsed.Op == syntax.OpConcat && len(parsed.Sub) == 3 && parsed.Sub[0].Op == syntax.OpBeginText && parsed.Sub[2].Op == syntax.OpEndText {
		if p := repeatedOf(parsed.Sub[1]); p != nil {
			return p.matches, nil
		}
	}
	compiled, err := regexp.Compile(expression)
	if err != nil {
		return nil, err
	}
	return compiled.MatchString, nil
}

// repeated matches texts of a number of characters of one class.
type repeated struct {
	ranges      []rune                     // the first and the last character of each
	ascii       [unicode.MaxASCII + 1]bool // those of ASCII that are in the class
	least, most int                        // most is -1 without a limit
}

// repeatedOf returns nil for an expression that is something else.
func repeatedOf(parsed *syntax.Regexp) *repeated {
	r := &repeated{most: -1}
	switch parsed.Op {
	case syntax.OpStar:
	case syntax.OpPlus:
		r.least = 1
	case syntax.OpRepeat:
		r.least, r.most = parsed.Min, parsed.Max
	default:
		return nil
	}
	if parsed.Sub[0].Op != syntax.OpCharClass {
		return nil
	}
	r.ranges = parsed.Sub[0].Rune
	for c := range r.ascii {
		r.ascii[c] = r.has(rune(c))
	}
	return r
}

func (r *repeated) has(c rune) bool {
	for i := 0; i < len(r.ranges); i += 2 {
		if r.ranges[i] <= c && c <= r.ranges[i+1] {
			return true
		}
	}
	return false
}

func (r *repeated) matches(text string) bool {
	length := 0
	for _, c := range text {
		if c <= unicode.MaxASCII && !r.ascii[c] || c > unicode.MaxASCII && !r.has(c) {
			return false
		}
		length++
	}
	return length >= r.least && (r.most < 0 || length <= r.most)
}
