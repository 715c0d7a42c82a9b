// Package document reads an OpenAPI description in JSON as the loader of kin-openapi does, in a small part of the time: the loader decodes
// most of a description several times, once for each level that it is below, and this package decodes it once.
//
//	doc, err := document.Read(text)
//
// The names of fields must be written as OpenAPI has them. The loader reads them in any case.
package document

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/tidwall/gjson"
)

// Read reads a description and resolves its references.
func Read(text string) (*openapi3.T, error) {
	if !gjson.Valid(text) {
		return nil, errors.New("the description is not JSON")
	}
	doc := &openapi3.T{}
	if err := (decoder{}).decode(reflect.ValueOf(doc).Elem(), gjson.Parse(text)); err != nil {
		return nil, err
	}
	if err := openapi3.NewLoader().ResolveRefsIn(doc, nil); err != nil {
		return nil, err
	}
	return doc, nil
}

// A decoder has the fields of the structs that it has decoded, by their names in JSON.
type decoder map[reflect.Type]map[string]int

// decode sets target to a value. What is rare or has a form of its own is left to the method by which its type decodes itself.
func (d decoder) decode(target reflect.Value, value gjson.Result) error {
	switch t := target.Addr().Interface().(type) {
	case *any:
		*t = value.Value()
		return nil
	case *openapi3.SchemaRef, *openapi3.ParameterRef, *openapi3.HeaderRef, *openapi3.RequestBodyRef, *openapi3.ResponseRef, *openapi3.ExampleRef, *openapi3.LinkRef:
		ref := value.Get("$ref")
		if !ref.Exists() {
			return d.decode(target.FieldByName("Value"), value)
		}
		if value.Raw == `{"$ref":`+ref.Raw+`}` {
			return d.decode(target.FieldByName("Ref"), ref)
		}
	case *openapi3.Header:
		return d.decode(reflect.ValueOf(&t.Parameter).Elem(), value)
	case *openapi3.Types:
		if value.Type == gjson.String {
			*t = openapi3.Types{value.Str}
			return nil
		}
	case *openapi3.AdditionalProperties:
		if value.IsObject() {
			return d.decode(reflect.ValueOf(&t.Schema).Elem(), value)
		}
	case *openapi3.Paths:
		if value.IsObject() {
			*t = *openapi3.NewPathsWithCapacity(0)
			t.Extensions = map[string]any{}
			return members(d, value, t.Extensions, t.Set)
		}
	case *openapi3.Responses:
		if value.IsObject() {
			*t = *openapi3.NewResponsesWithCapacity(0)
			t.Extensions = map[string]any{}
			return members(d, value, t.Extensions, t.Set)
		}
	case *openapi3.T, *openapi3.Components, *openapi3.PathItem, *openapi3.Operation, *openapi3.Parameter, *openapi3.RequestBody, *openapi3.Response,
		*openapi3.MediaType, *openapi3.Schema, *openapi3.Example, *openapi3.Link:
		if value.IsObject() {
			return d.object(target, value)
		}
	case json.Unmarshaler:
	default:
		if done, err := d.plain(target, value); done || err != nil {
			return err
		}
	}
	return json.Unmarshal([]byte(value.Raw), target.Addr().Interface())
}

// plain sets a pointer, a list, a map or a text. It returns false for everything else.
func (d decoder) plain(target reflect.Value, value gjson.Result) (done bool, err error) {
	switch kind := target.Kind(); {
	case kind == reflect.String && value.Type == gjson.String:
		target.SetString(value.Str)
	case kind == reflect.Pointer && value.Type != gjson.Null:
		target.Set(reflect.New(target.Type().Elem()))
		err = d.decode(target.Elem(), value)
	case kind == reflect.Slice && value.IsArray():
		elements := value.Array()
		target.Set(reflect.MakeSlice(target.Type(), len(elements), len(elements)))
		for i, element := range elements {
			if err = d.decode(target.Index(i), element); err != nil {
				break
			}
		}
	case kind == reflect.Map && value.IsObject():
		target.Set(reflect.MakeMap(target.Type()))
		value.ForEach(func(name, member gjson.Result) bool {
			element := reflect.New(target.Type().Elem()).Elem()
			if err = d.decode(element, member); err == nil {
				target.SetMapIndex(reflect.ValueOf(name.Str), element)
			}
			return err == nil
		})
	default:
		return false, nil
	}
	return true, err
}

// object sets the fields of a struct. Members of other names are extensions.
func (d decoder) object(target reflect.Value, value gjson.Result) (err error) {
	fields := d.fields(target.Type())
	extensions := map[string]any{}
	value.ForEach(func(name, member gjson.Result) bool {
		if field, known := fields[name.Str]; known {
			err = d.decode(target.Field(field), member)
		} else {
			extensions[name.Str] = member.Value()
		}
		return err == nil
	})
	if len(extensions) > 0 {
		target.FieldByName("Extensions").Set(reflect.ValueOf(extensions))
	}
	return err
}

func (d decoder) fields(of reflect.Type) map[string]int {
	if known := d[of]; known != nil {
		return known
	}
	fields := map[string]int{}
	for i := range of.NumField() {
		if name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			fields[name] = i
		}
	}
	d[of] = fields
	return fields
}

// members sets what has names that the description chose, such as paths, beside extensions.
func members[V any](d decoder, value gjson.Result, extensions map[string]any, set func(string, *V)) (err error) {
	value.ForEach(func(name, member gjson.Result) bool {
		if strings.HasPrefix(name.Str, "x-") {
			extensions[name.Str] = member.Value()
			return true
		}
		element := new(V)
		err = d.decode(reflect.ValueOf(element).Elem(), member)
		set(name.Str, element)
		return err == nil
	})
	return err
}
