package learn

import "strings"

// usage says which operations have a schema in a response, by its pointer.
type usage map[string]map[string]bool

func (d document) usage() usage {
	u := usage{}
	for _, op := range d.operations() {
		for _, status := range d.keys(below(op.at, "responses")) {
			content := below(d.follow(below(op.at, "responses", status)), "content")
			for _, media := range d.keys(content) {
				u.mark(d, below(content, media, "schema"), op.id)
			}
		}
	}
	return u
}

// mark notes that an operation has a schema, and all that it consists of.
func (u usage) mark(d document, at, id string) {
	if at = d.follow(at); d.object(at) == nil || u[at][id] {
		return
	}
	if u[at] == nil {
		u[at] = map[string]bool{}
	}
	u[at][id] = true
	for _, keyword := range strings.Fields("allOf anyOf oneOf") {
		for _, part := range d.parts(at, keyword) {
			u.mark(d, part, id)
		}
	}
	for _, name := range d.keys(below(at, "properties")) {
		u.mark(d, below(at, "properties", name), id)
	}
	for _, keyword := range strings.Fields("items additionalProperties") {
		u.mark(d, below(at, keyword), id)
	}
}
