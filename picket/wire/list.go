package wire

import (
	"encoding/json"
	"errors"
)

// StringList is a list of strings that the API also takes and sends as one string. It is read from either form. A list
// of one is written as a string, which is the form that the API's documentation shows; every other list as an array.
type StringList []string

// MarshalJSON writes a list of one as a JSON string and every other as an array; a nil list is an empty one.
func (l StringList) MarshalJSON() ([]byte, error) {
	switch len(l) {
	case 0:
		return []byte("[]"), nil
	case 1:
		return json.Marshal(l[0])
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
