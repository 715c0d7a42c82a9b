package diff

import (
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
)

// supersededNames are the names that withSuperseded made properties again in both versions, with the property that each stands for.
type supersededNames map[string]string

func restored(before, after *openapi3.T) supersededNames {
	names := supersededNames{}
	for _, spec := range []*openapi3.T{before, after} {
		if spec.Components == nil {
			continue
		}
		for _, schema := range spec.Components.Schemas {
			for name, by := range supersededIn(schema.Value) {
				names[name] = by
			}
		}
	}
	return names
}

// present says what oasdiff found. Where a schema is at several properties, oasdiff names the first, in the order of the alphabet; this
// names the first that is not a superseded name.
func (names supersededNames) present(found checker.Change, say checker.Localizer) string {
	change, ok := found.(checker.ApiChange)
	if !ok {
		return found.GetUncolorizedText(say)
	}
	shared := change.GetSharedSchema()
	text := change.WithSharedSchema(nil).GetUncolorizedText(say)
	if shared == nil {
		return text
	}
	superseded := func(path string) bool {
		return slices.ContainsFunc(strings.Split(path, "/"), func(part string) bool { return names[part] != "" })
	}
	for _, path := range shared.Properties {
		if !superseded(path) {
			return strings.Replace(text, "`"+shared.Properties[0]+"`", "`"+path+"`", 1)
		}
	}
	return text
}

var (
	plainWords = strings.NewReplacer(
		"api removed without deprecation", "removed", "api removed with deprecation", "removed; it was deprecated",
		"api path removed without deprecation", "removed", "api path removed with deprecation", "removed; it was deprecated",
		"endpoint added", "added", "api operation id", "the operationId", "the component security scheme", "the security scheme",
		"deleted the", "removed the", "removed and replaced with", "was replaced with", "api schema", "the schema", "api tag", "the tag",
		" (backward compatible)", "", "`none`", "none",
	)
	wasUnset   = regexp.MustCompile("was unset from (`[^`]*`)")
	wholeFloat = regexp.MustCompile("`(-?[0-9]+)\\.0+`")
)

// plain says what oasdiff says in plainer words.
func plain(text string) string {
	text = wasUnset.ReplaceAllString(plainWords.Replace(text), "was removed; it was $1")
	return wholeFloat.ReplaceAllString(text, "`$1`")
}

// onStatus matches where a text says for which status it is true.
var onStatus = regexp.MustCompile(" (?:for|from|with|in|to) (?:(?:the )?(?:response )?(?:with )?(?:the )?(?:response )?status `(\\w+)`|the response with the `(\\w+)` status)")

// A line is a change of one or more things that changed in the same way.
type line struct {
	names    []string
	text     string
	breaking bool
}

// linesOf makes a line of all changes that say the same about several operations or statuses.
func linesOf(changes []Change) []line {
	type key struct {
		name, text string
		breaking   bool
	}
	var keys []key
	statuses := map[key][]string{}
	for _, c := range changes {
		k := key{c.Name, c.Text, c.Breaking}
		if match := onStatus.FindStringSubmatchIndex(c.Text); match != nil {
			k = key{c.Name, c.Text[:match[0]] + c.Text[match[1]:], c.Breaking}
			for i := 2; i < len(match); i += 2 {
				if match[i] >= 0 {
					statuses[k] = append(statuses[k], c.Text[match[i]:match[i+1]])
				}
			}
		}
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	var lines []line
	for _, k := range keys {
		text := k.text
		if of := statuses[k]; len(of) > 0 {
			slices.Sort(of)
			text += " (status " + strings.Join(slices.Compact(of), ", ") + ")"
		}
		i := slices.IndexFunc(lines, func(l line) bool { return l.text == text && l.breaking == k.breaking })
		if i < 0 {
			lines = append(lines, line{[]string{k.name}, text, k.breaking})
			continue
		}
		if !slices.Contains(lines[i].names, k.name) {
			lines[i].names = append(lines[i].names, k.name)
		}
	}
	return lines
}
