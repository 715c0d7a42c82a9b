package learn

import (
	"slices"
	"strings"
)

// sawEveryUse reports whether objects of a schema were seen in the responses of every operation that can have some. An operation that
// nobody called may answer otherwise.
func (l *learner) sawEveryUse(at string, o *object) bool {
	if l.usedBy == nil {
		l.usedBy = map[string]map[string]bool{}
		for _, op := range l.doc.operations() {
			for _, status := range l.doc.keys(below(op.at, "responses")) {
				content := below(l.doc.follow(below(op.at, "responses", status)), "content")
				for _, media := range l.doc.keys(content) {
					l.markUses(below(content, media, "schema"), op.id)
				}
			}
		}
	}
	for id := range l.usedBy[at] {
		if !slices.Contains(o.evidence.Operations, id) {
			return false
		}
	}
	return true
}

// markUses notes that an operation uses a schema, and all that it consists of.
func (l *learner) markUses(at, id string) {
	if at = l.doc.follow(at); l.doc.object(at) == nil || l.usedBy[at][id] {
		return
	}
	if l.usedBy[at] == nil {
		l.usedBy[at] = map[string]bool{}
	}
	l.usedBy[at][id] = true
	for _, keyword := range strings.Fields("allOf anyOf oneOf") {
		for _, part := range l.doc.parts(at, keyword) {
			l.markUses(part, id)
		}
	}
	for _, name := range l.doc.keys(below(at, "properties")) {
		l.markUses(below(at, "properties", name), id)
	}
	for _, keyword := range strings.Fields("items additionalProperties") {
		l.markUses(below(at, keyword), id)
	}
}
