package learn

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

func (l *learner) propose(place, says string, evidence Evidence, edit func(*yamledit.Document) error) {
	l.result.Proposals = append(l.result.Proposals, Proposal{Place: place, Says: says, Evidence: evidence, edit: edit})
}

// proposeAddition is propose for what takes nothing back that the contract says.
func (l *learner) proposeAddition(place, says string, evidence Evidence, edit func(*yamledit.Document) error) {
	l.result.Proposals = append(l.result.Proposals, Proposal{Place: place, Says: says, Evidence: evidence, adds: true, edit: edit})
}

// proposeSchemas proposes what follows from the values that were folded into the schemas of the contract.
func (l *learner) proposeSchemas() {
	for at, use := range sortedMap(l.folded.uses) {
		if strings.Contains(at, "/x-superseded/") {
			continue // the property that supersedes it has the same values
		}
		l.proposeNull(at, use)
		l.proposeTypes(at, use)
	}
	l.moveInherited()
	for at, o := range sortedMap(l.folded.objects) {
		l.proposeOptional(at, o)
		for name, fresh := range sortedMap(o.fresh) {
			if !o.ignoresUnknown() || fresh.evidence.Responses {
				l.proposeProperty(at, name, o, fresh)
			}
		}
		l.proposeMap(at, o)
	}
	for at, found := range sortedMap(l.folded.words) {
		for word, evidence := range sortedMap(found) {
			if !slices.Contains(l.doc.strings(below(at, "enum")), word) {
				l.propose(at, subject(at)+": a further member of the enum, "+word, *evidence, func(d *yamledit.Document) error {
					return d.Append(below(at, "enum"), text(word))
				})
			}
		}
	}
}

// moveInherited moves the new names of a part of an allOf to another part that gets them as well, because it is shared with other schemas.
func (l *learner) moveInherited() {
	for name := range l.doc.object("/components/schemas") {
		at := below("/components/schemas", name)
		parts := l.doc.parts(at, "allOf")
		for _, part := range parts {
			own := l.folded.objects[part]
			if own == nil {
				continue
			}
			for _, other := range parts {
				if shared := l.folded.objects[l.doc.follow(other)]; shared != nil && other != part && l.doc.follow(other) != other {
					for name, fresh := range shared.fresh {
						if moved := own.fresh[name]; moved != nil {
							fresh.value.Merge(moved.value)
							fresh.evidence.merge(moved.evidence)
							delete(own.fresh, name)
						}
					}
				}
			}
		}
	}
}

func (l *learner) proposeNull(at string, use *seen) {
	nulls := use.value.Types["null"]
	if nulls == 0 || l.doc.accepts(at).has("null") {
		return
	}
	evidence := use.evidence
	evidence.Count, evidence.Of = nulls, use.value.Count()
	l.propose(at, subject(at)+": may be null", evidence, func(d *yamledit.Document) error {
		return l.addKeyword(d, at, "nullable", commented(boolean(true), evidence))
	})
}

// commented adds the evidence to a value that has no place of its own for it.
func commented(node *yaml.Node, e Evidence) *yaml.Node {
	node.LineComment = "# " + e.source()
	return node
}

func (l *learner) proposeTypes(at string, use *seen) {
	further := furtherTypes(l.doc, at, use)
	if len(further) == 0 {
		return
	}
	var count int64
	other := use.value.Clone()
	for kind := range use.value.Types {
		if slices.Contains(further, kind) || kind == "integer" && slices.Contains(further, "number") {
			count += use.value.Types[kind]
		} else {
			delete(other.Types, kind)
		}
	}
	evidence := use.evidence
	evidence.Count, evidence.Of = count, use.value.Count()
	says := subject(at) + ": may also be " + kindWords(further)
	if l.doc.at(below(l.doc.follow(at), "x-also-accepts")) != nil {
		l.contradict(Contradiction{Place: at, Says: says + ", and it has one x-also-accepts already", Evidence: evidence})
		return
	}
	schema := inference{}.schema(other)
	if at := indexOf(schema, "nullable"); at >= 0 {
		schema.Content = slices.Delete(schema.Content, at, at+2)
	}
	add(schema, "x-provenance", text("observed"))
	add(schema, "x-source", quoted(evidence.source()))
	l.propose(at, says, evidence, func(d *yamledit.Document) error {
		if err := l.addKeyword(d, at, "x-also-accepts", schema); err != nil || !evidence.Responses || l.hasGoType(at) {
			return err
		}
		goType, from := l.goType(at, other)
		if err := d.Add(at, "x-go-type", text(goType), ""); err != nil {
			return err
		}
		return d.Add(at, "x-go-type-import", mapping("path", text(from)), "")
	})
}

// hasGoType reports whether the contract says which type Go has for values of a schema. Such types read every form.
func (l *learner) hasGoType(at string) bool {
	at = l.doc.follow(at)
	for _, part := range append(l.doc.parts(at, "allOf"), at) {
		if l.doc.at(below(l.doc.follow(part), "x-go-type")) != nil {
			return true
		}
	}
	return false
}

// goType returns a type of Go that reads what a schema offers and what else was seen, and its package.
func (l *learner) goType(at string, further *observe.Value) (name, from string) {
	list := further.Types["array"]
	if l.kind(at) == "string" && list > 0 && list == further.Count() && (further.Items == nil || further.Items.Types["string"] == further.Items.Count()) {
		return "wire.StringList", "github.com/seed-a13ee279/picket/picket/wire"
	}
	return "json.RawMessage", "encoding/json"
}

func indexOf(mapping *yaml.Node, name string) int {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return i
		}
	}
	return -1
}

func kindWords(kinds []string) string {
	named := map[string]string{"string": "a string", "integer": "an integer", "number": "a number", "boolean": "a boolean", "array": "a list", "object": "an object"}
	var all []string
	for _, kind := range kinds {
		all = append(all, named[kind])
	}
	return words(all)
}

// addKeyword adds a keyword to a schema where it is used. What is a mere reference becomes an allOf with that reference, because nothing
// beside a reference counts.
func (l *learner) addKeyword(d *yamledit.Document, at, keyword string, value *yaml.Node) error {
	if node := d.Node(at); indexOf(node, "$ref") >= 0 {
		to := node.Content[indexOf(node, "$ref")+1].Value
		if err := d.Replace(at, mapping("allOf", block(ref(to[1:])))); err != nil {
			return err
		}
	}
	if kind := l.kind(at); keyword == "nullable" && kind != "" && d.Node(below(at, "type")) == nil { // OpenAPI 3.0 wants it beside nullable
		if err := d.Add(at, "type", text(kind), ""); err != nil {
			return err
		}
		if also := l.doc.also(at); also != nil && d.Node(below(at, "x-also-accepts")) == nil { // which type would exclude
			if err := d.Add(at, "x-also-accepts", inline(valueNode(also)), ""); err != nil {
				return err
			}
		}
	}
	inPlace := l.doc.object(below(at, "properties")) != nil // for which the generator of Go needs x-omitzero, if it can be null
	if keyword == "nullable" && inPlace && d.Node(below(at, "x-omitzero")) == nil {
		if err := d.Add(at, "x-omitzero", boolean(true), ""); err != nil {
			return err
		}
	}
	if inBrackets(d, at) {
		plain := *value
		plain.LineComment = ""
		value = &plain
	}
	return d.Add(at, keyword, value, "")
}

// inBrackets reports whether what is at a pointer is in brackets, where there is no place for comments.
func inBrackets(d *yamledit.Document, at string) bool {
	for i := range len(at) + 1 {
		if i < len(at) && at[i] != '/' {
			continue
		}
		if node := d.Node(at[:i]); node != nil && node.Style&yaml.FlowStyle != 0 {
			return true
		}
	}
	return false
}

// kind returns the type that a schema offers, if it is only one, or "".
func (l *learner) kind(at string) string {
	kind := ""
	for accepted := range l.doc.offers(at) {
		if accepted == "null" {
			continue
		}
		if kind != "" {
			return ""
		}
		kind = accepted
	}
	return kind
}

func (l *learner) proposeOptional(at string, o *object) {
	for _, name := range l.doc.strings(below(at, "required")) {
		if missing := o.evidence.Count - o.present[name]; missing > 0 {
			evidence := o.evidence
			evidence.Count, evidence.Of = missing, o.evidence.Count
			l.propose(below(at, "required"), subject(at)+"."+name+": may be missing", evidence, func(d *yamledit.Document) error {
				return d.Remove(below(at, "required"), name)
			})
		}
	}
}

func (l *learner) proposeProperty(at, name string, o *object, fresh *seen) {
	evidence := fresh.evidence
	evidence.Of = o.evidence.Count
	responses := !o.evidence.Requests
	schema := inference{l.doc, responses}.schema(fresh.value)
	kinds := inference{}.kinds(fresh.value)
	says := subject(at) + "." + name + ": new"
	if len(kinds) > 0 {
		says += ", " + kindWords(kinds)
	}
	required := responses && fresh.value.Count() == o.evidence.Count && o.evidence.Count >= Enough && l.sawEveryUse(at, o)
	if required {
		says += ", in each"
	}
	l.proposeAddition(below(at, "properties"), says, evidence, func(d *yamledit.Document) error {
		if err := l.addProperty(d, at, name, described(schema, evidence)); err != nil || !required {
			return err
		}
		if err := l.require(d, at, name); err != nil {
			return err
		}
		return l.completeExamples(d, at, name)
	})
}

// sawEveryUse reports whether objects of a schema were seen in the responses of every operation that can have some. An operation that
// nobody called may answer otherwise.
func (l *learner) sawEveryUse(at string, o *object) bool {
	for id := range l.usage[at] {
		if !slices.Contains(o.evidence.Operations, id) {
			return false
		}
	}
	return true
}

// described adds to a schema what every property of the contract has.
func described(schema *yaml.Node, e Evidence) *yaml.Node {
	made := mapping("description", text(unknownMeaning), "x-provenance", text("observed"), "x-source", quoted(e.source()))
	made.Content = append(made.Content, schema.Content...)
	return made
}

func (l *learner) addProperty(d *yamledit.Document, at, name string, schema *yaml.Node) error {
	properties := below(at, "properties")
	if d.Node(properties) == nil {
		if d.Node(below(at, "type")) == nil {
			if err := d.Add(at, "type", text("object"), ""); err != nil {
				return err
			}
		}
		return d.Add(at, "properties", mapping(name, schema), "")
	}
	return d.Add(properties, name, schema, "")
}

func (l *learner) require(d *yamledit.Document, at, name string) error {
	if d.Node(below(at, "required")) == nil {
		return d.Add(at, "required", list(text(name)), "properties")
	}
	return d.Append(below(at, "required"), text(name))
}

// proposeMap proposes that objects may have names that are data. In requests, the names may be anything that a client made up.
func (l *learner) proposeMap(at string, o *object) {
	if o.data == nil || o.data.evidence.Requests {
		return
	}
	evidence := o.data.evidence
	if o.unclear && l.doc.object(below(at, "properties")) != nil {
		l.contradict(Contradiction{Place: at, Says: subject(at) + ": has names that the contract does not have, and that are not kept because they may be data", Evidence: evidence})
		return
	}
	schema := bare(inference{l.doc, true}.schema(o.data.value))
	l.propose(at, subject(at)+": has names that are data", evidence, func(d *yamledit.Document) error {
		return d.Add(at, "additionalProperties", schema, "")
	})
}
