// Package sample makes up answers for operations that the mock has no behaviour for: values that a schema of openapi.yaml allows. It
// also chooses among the responses and examples of the contract. It knows schemas, but no requests and no projects.
package sample

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Limits of a value. They are needed because a schema may refer to itself, even in each of several branches.
const (
	maxValues  = 2000    // how many values one consists of, at any depth; after half of them, optional ones are left out
	maxTries   = 32      // how often a value is made again when it does not match its schema
	maxLength  = 1 << 16 // of a string, in bytes
	usualCount = 2       // how many elements an array has, if its schema allows that
)

var (
	errEndless  = errors.New("it needs itself")
	errTooLarge = fmt.Errorf("it needs more than %d values", maxValues)
)

// Value makes up a value for a schema, in the types that encoding/json decodes to. The same seed and stream make the same value.
// Examples and defaults of the schema are preferred. A property with the name of one of the known values gets that value, if its
// schema allows it.
//
// A part that refers to itself is left out if it is optional. Value returns an error when it is not, or when Value finds nothing that
// matches the schema, for example because the pattern contradicts the length.
func Value(schema *openapi3.Schema, seed, stream uint64, known map[string]string) (any, error) {
	m := &maker{
		random: rand.New(rand.NewPCG(seed, stream)),
		known:  known,
		open:   map[*openapi3.Schema]bool{},
		left:   maxValues,
	}
	return m.value(schema)
}

type maker struct {
	random *rand.Rand
	known  map[string]string
	open   map[*openapi3.Schema]bool // the schemas of the values that contain the one being made
	left   int                       // how many values may still be made
}

func (m *maker) value(schema *openapi3.Schema) (any, error) {
	if m.left--; m.left < 0 {
		return nil, errTooLarge
	}
	if m.open[schema] {
		return orNull(schema, errEndless)
	}
	m.open[schema] = true
	defer delete(m.open, schema)

	var failure error
	start := m.random.IntN(1 << 16)
	for try := range maxTries {
		plain, err := m.flatten(schema, &choices{start + try})
		if err != nil {
			failure = err
			continue
		}
		for _, given := range []any{plain.Example, plain.Default} {
			if given != nil && check(schema, given) == nil {
				return given, nil
			}
		}
		value, err := m.plain(plain, try)
		if err == nil {
			err = check(schema, value)
		}
		if err == nil {
			return value, nil
		}
		if failure = err; m.left < 0 {
			break
		}
	}
	return orNull(schema, failure)
}

func orNull(schema *openapi3.Schema, failure error) (any, error) {
	if check(schema, nil) == nil {
		return nil, nil
	}
	return nil, failure
}

func check(schema *openapi3.Schema, value any) error {
	return schema.VisitJSON(value, openapi3.VisitAsResponse())
}

// plain makes a value for a schema that is not composed of others.
func (m *maker) plain(schema *openapi3.Schema, try int) (any, error) {
	if len(schema.Enum) > 0 {
		return schema.Enum[m.random.IntN(len(schema.Enum))], nil
	}
	switch typeOf(schema) {
	case openapi3.TypeObject:
		return m.object(schema)
	case openapi3.TypeArray:
		return m.array(schema)
	case openapi3.TypeBoolean:
		return m.random.IntN(2) == 0, nil
	case openapi3.TypeInteger:
		return m.number(schema, true)
	case openapi3.TypeNumber:
		return m.number(schema, false)
	}
	return m.text(schema, try)
}

func typeOf(schema *openapi3.Schema) string {
	switch types := schema.Type.Slice(); {
	case len(types) > 0:
		return types[0]
	case len(schema.Properties) > 0 || len(schema.Required) > 0 || schema.AdditionalProperties.Schema != nil:
		return openapi3.TypeObject
	case schema.Items != nil:
		return openapi3.TypeArray
	case schema.Min != nil || schema.Max != nil || schema.MultipleOf != nil:
		return openapi3.TypeNumber
	}
	return openapi3.TypeString
}

func (m *maker) object(schema *openapi3.Schema) (any, error) {
	value := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		property := schema.Properties[name].Value
		required := slices.Contains(schema.Required, name)
		if property.WriteOnly || (!required && m.left < maxValues/2) {
			continue
		}
		made, err := m.property(name, property)
		switch {
		case err == nil:
			value[name] = made
		case required:
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if schema.MaxProps != nil {
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if uint64(len(value)) > *schema.MaxProps && !slices.Contains(schema.Required, name) {
				delete(value, name)
			}
		}
	}
	return value, m.addFurther(value, schema)
}

// property makes the value of a property: the known one, if the schema allows it.
func (m *maker) property(name string, schema *openapi3.Schema) (any, error) {
	if text, ok := m.known[name]; ok {
		for _, value := range readings(text) {
			if check(schema, value) == nil {
				return value, nil
			}
		}
	}
	return m.value(schema)
}

// addFurther adds the properties that a schema requires without describing them, and one to an object of which the schema describes
// only the values.
func (m *maker) addFurther(value map[string]any, schema *openapi3.Schema) error {
	further := schema.AdditionalProperties.Schema
	if further == nil {
		further = openapi3.NewSchemaRef("", openapi3.NewStringSchema())
	}
	var names []string
	for _, name := range schema.Required {
		if schema.Properties[name] == nil {
			names = append(names, name)
		}
	}
	count := schema.MinProps
	if len(schema.Properties) == 0 && schema.AdditionalProperties.Schema != nil && (schema.MaxProps == nil || *schema.MaxProps > 0) {
		count = max(count, 1)
	}
	for i := len(value) + len(names); uint64(i) < count; i++ {
		if i > maxValues {
			return errTooLarge
		}
		names = append(names, fmt.Sprintf("%s%d", m.word(4), i))
	}
	for _, name := range names {
		made, err := m.property(name, further.Value)
		switch {
		case err == nil:
			value[name] = made
		case uint64(len(value)) < schema.MinProps || slices.Contains(schema.Required, name):
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (m *maker) array(schema *openapi3.Schema) (any, error) {
	list := []any{}
	count := max(schema.MinItems, usualCount)
	if schema.MaxItems != nil {
		count = min(count, *schema.MaxItems)
	}
	if schema.Items == nil {
		schema.Items = openapi3.NewSchemaRef("", openapi3.NewStringSchema())
	}
	for repeated := 0; uint64(len(list)) < count; {
		element, err := m.value(schema.Items.Value)
		switch {
		case err == nil && schema.UniqueItems && isAmong(list, element):
			if repeated++; repeated > maxTries {
				return list, nil // value checks whether these are enough
			}
		case err == nil:
			list = append(list, element)
		case uint64(len(list)) < schema.MinItems:
			return nil, fmt.Errorf("%d: %w", len(list), err)
		default:
			return list, nil
		}
	}
	return list, nil
}
