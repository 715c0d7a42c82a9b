package wire

import (
	"encoding/json"
	"errors"
)

// StringList is a list of strings that the API also takes and sends as one string. It is read from either form, and written as an
// array.
type StringList []string

// MarshalJSON writes an array; a nil list is an empty one.
func (l StringList) MarshalJSON() ([]byte, error) {
	if len(l) == 0 {
		return []byte("[]"), nil
	}
	return json.Marshal([]string(l))
}

// UnmarshalJSON reads a JSON string or an array of strings. It leaves l as it is for null.
func (l *StringList) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case 'n':
		return nil
	case '"':
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		*l = StringList{s}
		return nil
	case '[':
		list := []string{}
		if err := json.Unmarshal(data, &list); err != nil {
			return err
		}
		*l = list
		return nil
	}
	return errors.New("a string or an array of strings is needed")
}
