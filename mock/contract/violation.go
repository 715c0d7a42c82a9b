package contract

import (
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Direction says which message of an exchange is meant.
type Direction string

// The directions of messages.
const (
	Request  Direction = "request"  // what the client sent
	Response Direction = "response" // what the server answered
)

// Violation is one way in which a request or a response breaks the contract. It contains no values of the message, because a value may be
// a key, a token or a signature: only names of properties, parameters and headers, media types, and the status.
type Violation struct {
	// Operation is the operationId, such as "nonce". It is empty if the request is for an unknown operation.
	Operation string `json:"operation"`
	// Direction says which message the violation is in.
	Direction Direction `json:"direction"`
	// Pointer says which part of the message is wrong: a JSON pointer into the body (RFC 6901), such as "/data/0/chainSlug", or the name
	// of a parameter or a header. It is empty if the body or the message as a whole is wrong.
	Pointer string `json:"pointer"`
	// Message says what is wrong and what it must be, such as "data.0.chainSlug must be a string".
	Message string `json:"message"`
	// Spec is the part of the contract that is broken: a JSON pointer into openapi.yaml as a URI fragment, such as
	// "#/components/schemas/ChainInfo/properties/chainSlug/type". References are resolved.
	Spec string `json:"spec"`
	// Unknown says that the violation is a name that the contract does not have. A lenient server ignores it. It is false for a name that
	// differs only by case from one of the contract, because some servers take it for that name.
	Unknown bool `json:"unknown"`
}

// String returns the violation in one line.
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

// violations returns what was found in a message of an operation.
func violations(op *spec.Operation, direction Direction, found []spec.Violation) []Violation {
	all := make([]Violation, len(found))
	for i, v := range found {
		all[i] = Violation{Operation: op.ID, Direction: direction, Pointer: v.Pointer, Message: v.Message, Spec: v.Place, Unknown: v.Unknown}
	}
	return all
}
