package observe

import (
	"encoding/json"

	"github.com/tidwall/gjson"
)

// valuesOf returns a function that reports whether a text is a value of an exchange: a string in a body, a segment of the path, or a value
// in the query. It looks at the exchange when it is first called.
func valuesOf(x Exchange) func(string) bool {
	var all map[string]bool
	return func(text string) bool {
		if all == nil {
			all = map[string]bool{}
			for _, text := range []*[]byte{x.Request, x.Response} {
				if text != nil && json.Valid(*text) {
					addStrings(all, gjson.ParseBytes(*text), 0)
				}
			}
			for _, values := range fieldsOf(x.URL.RawQuery) {
				for _, value := range values {
					all[value] = true
				}
			}
			if x.Operation != nil {
				for _, value := range x.Operation.PathValues(x.URL) {
					all[value] = true
				}
			}
		}
		return all[text]
	}
}

func addStrings(all map[string]bool, value gjson.Result, depth int) {
	switch {
	case value.Type == gjson.String:
		all[value.Str] = true
	case value.Type == gjson.JSON && depth < maxDepth:
		value.ForEach(func(_, value gjson.Result) bool {
			addStrings(all, value, depth+1)
			return true
		})
	}
}
