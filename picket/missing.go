package picket

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// missing returns the name of the first property that openapi.yaml requires and that the response, decoded into result
// from body, lacks; it returns "" when there is none. A string that is empty is lacking, too: no required one may be.
//
// What is required is read from the generated types: a field whose tag has neither omitempty nor omitzero.
func missing(result any, body []byte) string {
	return missingIn(reflect.ValueOf(result).Elem(), body)
}

func missingIn(v reflect.Value, raw json.RawMessage) string {
	switch v.Kind() {
	case reflect.Slice:
		return missingInElements(v, raw)
	case reflect.Struct:
	default:
		return ""
	}
	var properties map[string]json.RawMessage // parsed when it is needed
	property := func(name string) json.RawMessage {
		if properties == nil {
			_ = json.Unmarshal(raw, &properties) // was decoded before
		}
		return properties[name]
	}
	for _, field := range requiredFields(v.Type()) {
		value := v.Field(field.index)
		switch value.Kind() {
		case reflect.Bool, reflect.Int, reflect.Int64:
			// A zero may be meant or absent; only the text can tell.
			if !value.IsZero() {
				continue
			}
			if raw := property(field.name); raw == nil || string(raw) == "null" {
				return field.name
			}
		case reflect.Struct, reflect.Slice:
			if value.Kind() == reflect.Slice && value.IsNil() {
				return field.name
			}
			if name := missingIn(value, property(field.name)); name != "" {
				return field.name + "." + name
			}
		default:
			if value.IsZero() {
				return field.name
			}
		}
	}
	return ""
}

func missingInElements(v reflect.Value, raw json.RawMessage) string {
	if v.Type().Elem().Kind() != reflect.Struct {
		return ""
	}
	var elements []json.RawMessage
	_ = json.Unmarshal(raw, &elements) // was decoded before
	for i := range min(v.Len(), len(elements)) {
		if name := missingIn(v.Index(i), elements[i]); name != "" {
			return name
		}
	}
	return ""
}

type requiredField struct {
	index int
	name  string
}

var requiredByType sync.Map // reflect.Type → []requiredField: a cache, filled on first use

func requiredFields(t reflect.Type) []requiredField {
	if cached, ok := requiredByType.Load(t); ok {
		return cached.([]requiredField)
	}
	var fields []requiredField
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if !strings.Contains(options, "omit") {
			fields = append(fields, requiredField{i, name})
		}
	}
	requiredByType.Store(t, fields)
	return fields
}
