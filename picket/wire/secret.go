package wire

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a string that is never printed: an access token, a signature, an authorization code. Package fmt,
// log/slog with any handler, and encoders such as encoding/json, encoding/xml and those of YAML show "[redacted]" in its place,
// wherever the Secret is: in a struct, a list or a map. Convert it to get at the value: string(s).
//
// Some prints escape it, because fmt asks no type there how to print itself: a Secret in an unexported field of a struct, for
// which give the struct a Format or a LogValue of its own; the verbs %p and %w; and a verb that does not fit what is around the
// Secret, such as %s for a slice of pointers to structs. Two encodings show it:
// that of encoding/json of a map with Secrets as its keys, of which it asks no string how to write itself, and that of
// encoding/gob, which is made to be read again and not by people.
//
// A Secret is read from JSON as any string is. Marshal writes JSON with its value.
type Secret string

// String returns "[redacted]".
func (Secret) String() string { return redacted }

// GoString returns "[redacted]".
func (Secret) GoString() string { return redacted }

// Format writes "[redacted]" for every verb and flag.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText returns "[redacted]".
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns "[redacted]".
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
