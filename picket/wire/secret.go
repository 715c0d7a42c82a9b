package wire

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a string that is sent as it is but never printed: an access token, a signature, an authorization code.
// Every verb of package fmt, and log/slog, show "[redacted]" in its place. Convert it to get at the value:
// string(s).
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
