package contract

import "strings"

// Direction is which message of an exchange is meant.
type Direction string

// The directions of messages.
const (
	Request  Direction = "request"  // what the client sent
	Response Direction = "response" // what the server answered
)

// Violation is one way in which a request or a response breaks the contract. It holds no value of either, because a value may
// be a key, a token or a signature: only names of properties, parameters and headers, media types, and the status.
type Violation struct {
	// Operation is the operationId, such as "nonce", or empty when the request is for no operation.
	Operation string `json:"operation"`
	// Direction says which message it is in.
	Direction Direction `json:"direction"`
	// Pointer says what is wrong: a JSON pointer into the body (RFC 6901), such as "/data/0/chainSlug", or the name of a
	// parameter or a header. It is empty for the body or the message as a whole.
	Pointer string `json:"pointer"`
	// Message says what is wrong and what it must be, as "data.0.chainSlug must be a string".
	Message string `json:"message"`
	// Spec is what the contract has for it: a JSON pointer into openapi.yaml as a URI fragment, such as
	// "#/components/schemas/ChainInfo/properties/chainSlug/type". A reference is followed to what it refers to.
	Spec string `json:"spec"`
	// Unknown says that it is about a name that the contract does not have, which a lenient server ignores. One that differs from a
	// name of the contract by case alone is not meant: some servers take it for that name.
	Unknown bool `json:"unknown"`
}

// String says it in one line.
func (v Violation) String() string {
	parts := []string{string(v.Direction)}
	for _, part := range []string{v.Operation, v.Pointer} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	text := strings.Join(parts, " ") + ": " + v.Message
	if v.Spec != "" {
		text += " (openapi.yaml" + v.Spec + ")"
	}
	return text
}

// MaxViolations bounds what is told of one message, of each kind: schema errors, and unknown names.
const MaxViolations = 20

// pointer returns the JSON pointer of a path, with the bounded names that a message made up.
func pointer(path []string) string {
	var text strings.Builder
	for _, name := range path {
		text.WriteString("/" + escape(name))
	}
	return text.String()
}
