package wire

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a string that is never printed: an access token, a signature, an authorization code. Package fmt, log/slog with any
// handler, and encoders such as encoding/json, encoding/xml and those of YAML show "[redacted]" in its place, also in a struct, a
// list or a map. Convert it to get the value: string(s).
//
// Package fmt shows the value in some cases, because it does not ask the Secret how to print it: when it is in an unexported field
// of a struct, which needs a Format or a LogValue method of its own; with the verbs %p and %w; and with a verb that does not fit
// what is around the Secret, such as %s for a slice of pointers to structs. Two encoders show it as well: encoding/json when
// Secrets are the keys of a map, and encoding/gob, whose output is for programs.
//
// A Secret is read from JSON like any string. Marshal writes JSON with its value.
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
