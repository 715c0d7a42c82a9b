package observe

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Placeholder stands for a segment of a path that is data.
const Placeholder = "{}"

// maxSegments is how many segments a path may have to be noted.
const maxSegments = 16

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// segments says which segments of paths are words, by what is before them.
type segments struct {
	words map[string]map[string]bool // those of the contract's paths; Placeholder stands for a parameter
	seen  map[string]map[string]bool // those of other paths
}

func newSegments(contract *spec.Contract) segments {
	s := segments{words: map[string]map[string]bool{}, seen: map[string]map[string]bool{}}
	for _, op := range contract.Operations() {
		before := ""
		for segment := range strings.SplitSeq(parameter.ReplaceAllLiteralString(strings.TrimPrefix(op.Path, contract.Base()+"/"), Placeholder), "/") {
			add(s.words, before, segment)
			before += "/" + segment
		}
	}
	return s
}

func add(words map[string]map[string]bool, before, word string) {
	if words[before] == nil {
		words[before] = map[string]bool{}
	}
	words[before][word] = true
}

// collection matches what is before an ID or a name: the plural of a word, or what people and their things are called.
var collection = regexp.MustCompile(`(?i)(?:[a-z]{2}[^su/]s|/(?:user|account|profile|member|person|people|wallet|address|name|ens|email|u))$`)

// isData reports whether a segment is data, although it looks like a word: the contract has a parameter in this place, it follows the
// name of a collection, or too many words were seen there.
func (s segments) isData(before, word string) bool {
	switch known := s.words[before]; {
	case known[word]:
		return false
	case known[Placeholder], collection.MatchString(before):
		return true
	}
	if len(s.seen[before]) <= MaxSiblings && (s.seen[before] != nil || len(s.seen) < MaxPaths) {
		add(s.seen, before, word)
	}
	return len(s.seen[before]) > MaxSiblings || s.seen[before] == nil
}

// template returns a path, and the segments that are data. A segment that takes words of too many siblings becomes data in all of them.
func (s segments) template(path string, isData func(string) bool) (template string, data []string, ok bool) {
	given := strings.Split(path, "/")
	if len(given) > maxSegments {
		return "", nil, false
	}
	for _, segment := range given {
		text, err := url.PathUnescape(segment)
		if err != nil {
			return "", nil, false
		}
		if text != segment || !IsWord(text) || isData(text) || s.isData(template, text) {
			data = append(data, text)
			segment = Placeholder
		}
		template += "/" + segment
	}
	return template, data, true
}

// folded returns a template as it is now that more siblings may be known.
func (s segments) folded(template string) (now string, added []int) {
	for i, segment := range strings.Split(strings.TrimPrefix(template, "/"), "/") {
		if segment != Placeholder && len(s.seen[now]) > MaxSiblings && !s.words[now][segment] {
			segment = Placeholder
			added = append(added, i)
		}
		now += "/" + segment
	}
	return now, added
}

// other returns the operation of a request for which the contract has none, or nil if there are too many.
func (p *pass) other(x Exchange) *operation {
	path, inside := strings.CutPrefix(x.URL.EscapedPath(), x.Base+"/")
	template, data, ok := p.segments.template(path, p.isData)
	if !inside || !ok {
		return nil
	}
	name := x.Method + " " + template
	op := p.others[name]
	if op == nil {
		op = &operation{requests: map[string]*body{}, responses: map[int]*response{}}
		if len(p.others) < MaxPaths {
			p.others[name] = op
		}
		for range data {
			op.segments = append(op.segments, p.newNode(true))
		}
	}
	for i, text := range data {
		p.note(op.segments[i], asJSON(text), nowhere, 0)
	}
	return op
}
