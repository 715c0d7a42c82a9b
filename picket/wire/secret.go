package wire

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a string that is sent as it is but never printed: an access token, a signature, an authorization code.
// Package fmt, with any verb, and log/slog show "[redacted]" in its place. Convert it to get at the value: string(s).
//
// One print escapes it: a verb that does not fit what is around the Secret, such as %s for a slice of pointers to structs.
// There fmt reports the wrong verb and asks no type how to print itself; go vet finds such prints.
//
// JSON is how a Secret travels, so json.Marshal writes the value. Do not log a struct that holds one as JSON.
type Secret string

// String returns "[redacted]".
func (Secret) String() string { return redacted }

// GoString returns "[redacted]".
func (Secret) GoString() string { return redacted }

// Format writes "[redacted]" for every verb and flag.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue returns "[redacted]".
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
