package observe

import (
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// node is a Value that grows. It also has what is not kept yet.
type node struct {
	Value
	known      bool // the contract has it, so it is kept at once
	messages   int64
	message    int64 // the last of them
	object     int64 // the last that had this property
	items      *node
	properties map[string]*node
	data       *node
	words      map[string]*word
	isCode     bool // its words are error codes
}

// word is how often a string occurred.
type word struct{ count, messages, message int64 }

// pass is one message that is being noted.
type pass struct {
	*Recorder
	day     string
	message int64
	isError bool
	isData  func(text string) bool // it is a value in the exchange
}

// note adds a value of JSON.
func (p *pass) note(n *node, value gjson.Result, at *place, depth int) {
	p.count(n, kind(value))
	switch {
	case value.Type == gjson.String:
		n.isCode = n.isCode || at.isCode
		p.noteString(n, value.Str, at.isEnum || at.isCode)
	case value.Type == gjson.Number:
		whole, _, _ := strings.Cut(strings.TrimLeft(value.Raw, "-"), ".")
		if !strings.ContainsAny(whole, "eE") {
			n.Digits = n.Digits.with(int64(len(whole)))
		}
		if value.Raw[0] == '-' {
			n.Negative++
		}
	case depth >= maxDepth:
	case value.IsArray():
		p.noteArray(n, value, at, depth)
	case value.IsObject():
		p.noteObject(n, value, at, depth)
	}
}

// count adds a value of a type, and the day.
func (p *pass) count(n *node, kind string) {
	if n.Types == nil {
		n.Types = map[string]int64{}
	}
	n.Types[kind]++
	n.Span.merge(Span{p.day, p.day})
	if n.message != p.message {
		n.message = p.message
		n.messages++
	}
}

func kind(value gjson.Result) string {
	switch value.Type {
	case gjson.Null:
		return "null"
	case gjson.True, gjson.False:
		return "boolean"
	case gjson.String:
		return "string"
	case gjson.Number:
		if strings.ContainsAny(value.Raw, ".eE") {
			return "number"
		}
		return "integer"
	}
	if value.IsArray() {
		return "array"
	}
	return "object"
}

// noteString adds what is kept of a string.
func (p *pass) noteString(n *node, text string, keepWords bool) {
	n.Length = n.Length.with(int64(utf8.RuneCountInString(text)))
	if format := formatOf(text); format != "" {
		if n.Formats == nil {
			n.Formats = map[string]int64{}
		}
		n.Formats[format]++
	}
	if !keepWords {
		p.values.add(text)
		return
	}
	if !p.words.of(text) {
		return
	}
	w := n.words[text]
	if w == nil {
		if n.words == nil {
			n.words = map[string]*word{}
		}
		w = &word{}
		n.words[text] = w
		keepFirst(n.words, MaxWords)
	}
	w.count++
	if w.message != p.message {
		w.message = p.message
		w.messages++
	}
}

func (p *pass) noteArray(n *node, value gjson.Result, at *place, depth int) {
	items, size := p.places.of(at.items), int64(0)
	value.ForEach(func(_, item gjson.Result) bool {
		size++
		if n.items == nil {
			n.items = p.newNode(true)
		}
		p.note(n.items, item, items, depth+1)
		return true
	})
	n.Size = n.Size.with(size)
}

func (p *pass) noteObject(n *node, value gjson.Result, at *place, depth int) {
	p.objects++
	object := p.objects
	value.ForEach(func(key, value gjson.Result) bool {
		schema, known := at.names[key.Str]
		if !known && (at.isMap || !p.names.of(key.Str) || p.isData(key.Str)) {
			p.noteData(n, key.Str, value, at, depth)
			return true
		}
		property := p.property(n, key.Str, known)
		if property.object == object {
			return true // a name that is there twice counts once
		}
		property.object = object
		below := p.places.of(schema)
		if depth == 0 && p.isError && (key.Str == "code" || key.Str == "error") {
			codes := *below
			codes.isCode = true
			below = &codes
		}
		p.note(property, value, below, depth+1)
		return true
	})
}

// noteData adds a value under a name that is not kept.
func (p *pass) noteData(n *node, key string, value gjson.Result, at *place, depth int) {
	if n.Keys == nil {
		n.Keys = map[string]int64{}
	}
	n.Keys[formatOf(key)]++
	if n.data == nil {
		n.data = p.newNode(true)
	}
	p.note(n.data, value, p.places.of(at.data), depth+1)
}

func (p *pass) property(n *node, name string, known bool) *node {
	property := n.properties[name]
	if property == nil {
		property = p.newNode(known)
		if !known && p.nodes > maxValues {
			return property // and is forgotten
		}
		if n.properties == nil {
			n.properties = map[string]*node{}
		}
		n.properties[name] = property
		n.limitNames()
	}
	return property
}

// limitNames keeps the first of the names that are not the contract's, up to the limit.
func (n *node) limitNames() {
	if len(n.properties) <= MaxNames {
		return
	}
	last := ""
	for name, property := range n.properties {
		if !property.known {
			last = max(last, name)
		}
	}
	delete(n.properties, last)
}

func (r *Recorder) newNode(known bool) *node {
	r.nodes++
	return &node{known: known}
}

// kept returns what may be written to a file.
func (n *node) kept(values *values) *Value {
	if n == nil || len(n.Types) == 0 {
		return nil
	}
	v := n.Value.Clone()
	for text, w := range n.words {
		if w.messages >= Shared && !(n.isCode && values.has(text)) {
			mergeCounts(&v.Words, map[string]int64{text: w.count}, 0)
		}
	}
	v.Items, v.Data = n.items.kept(values), n.data.kept(values)
	fresh := &Value{Types: n.Types}
	for name, property := range n.properties {
		kept := property.kept(values)
		switch {
		case kept == nil:
		case property.known:
			mergeMap(&v.Properties, map[string]*Value{name: kept}, 0, mergeValue)
		case property.messages >= Shared && values.has(name):
			v.addData(kept)
		case property.messages >= Shared:
			mergeMap(&fresh.Properties, map[string]*Value{name: kept}, 0, mergeValue)
		}
	}
	if fresh.HasVaryingNames() {
		for _, property := range fresh.Properties {
			v.addData(property)
		}
		return v
	}
	mergeMap(&v.Properties, fresh.Properties, MaxNames, mergeValue)
	return v
}

// addData adds values whose name is not kept.
func (v *Value) addData(other *Value) {
	mergeCounts(&v.Keys, map[string]int64{"": other.Count()}, 0)
	v.Data = mergeValue(v.Data, other)
}
