package wire

import (
	"encoding/json"
	"reflect"
)

// Nullable is a value that may be null. The three states of an optional property differ:
//
//	Nullable[string]{}              // the property is absent
//	Nullable[string]{Null: true}    // the property is null
//	Nullable[string]{Value: &text}  // the property is text
//
// The API's own words say what null means for a property, such as to delete what was there.
type Nullable[T any] struct {
	// Value points to the value, and is nil when there is none.
	Value *T

	// Null says that the property is null. It is ignored when there is a Value.
	Null bool
}

// IsZero reports whether the property is absent, so that the option omitzero leaves it out.
func (n Nullable[T]) IsZero() bool { return n.Value == nil && !n.Null }

// MarshalJSON writes the value, or null. It also writes null for an absent property that nothing leaves out, because it is required.
func (n Nullable[T]) MarshalJSON() ([]byte, error) { return json.Marshal(n.Value) }

// UnmarshalJSON reads the value, or null.
func (n *Nullable[T]) UnmarshalJSON(data []byte) error {
	*n = Nullable[T]{Null: string(data) == "null"}
	if n.Null {
		return nil
	}
	value := new(T)
	if err := json.Unmarshal(data, value); err != nil {
		return err
	}
	n.Value = value
	return nil
}

// valueType and parts are how reveal takes a Nullable apart, whatever its type.
func (n Nullable[T]) valueType() reflect.Type { return reflect.TypeFor[T]() }

func (n Nullable[T]) parts() (value reflect.Value, null bool) {
	return reflect.ValueOf(n.Value), n.Null
}

type nullable interface {
	valueType() reflect.Type
	parts() (value reflect.Value, null bool)
}

// NullableOf returns the T of a Nullable[T], and nil for every other type.
func NullableOf(t reflect.Type) reflect.Type {
	if t.Kind() != reflect.Struct || !t.Implements(reflect.TypeFor[nullable]()) {
		return nil
	}
	return reflect.Zero(t).Interface().(nullable).valueType()
}
