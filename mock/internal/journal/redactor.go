package journal

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Redactor takes secrets out of what the journal keeps. It knows the names of properties and parameters from the contract.
type Redactor struct {
	secret map[string]bool // by name, whether its value is a secret
	strict bool            // whether the value of a name that is not known may be one, too: accessToken misspelt, say
}

// NewRedactors returns one for the bodies and queries of the requests of a contract, and one for the bodies of its responses.
func NewRedactors(c *spec.Contract) (requests, responses Redactor) {
	requests = Redactor{strict: true, secret: map[string]bool{}}
	responses = Redactor{secret: map[string]bool{}}
	inRequests, inResponses := map[*openapi3.Schema]bool{}, map[*openapi3.Schema]bool{}
	for _, op := range c.Operations() {
		described := op.Spec()
		if described.RequestBody != nil {
			for _, media := range described.RequestBody.Value.Content {
				requests.collect(c, media.Schema, inRequests)
			}
		}
		for _, response := range described.Responses.Map() {
			for _, media := range response.Value.Content {
				responses.collect(c, media.Schema, inResponses)
			}
		}
		for _, parameter := range op.Parameters() {
			if schema := parameter.Value.Schema; schema != nil {
				requests.note(parameter.Value.Name, schema.Value)
			}
		}
	}
	return requests, responses
}

// collect notes the names that values of a schema and of all its parts can have, superseded names included. It skips the schemas that
// were collected before, because a schema may contain itself.
func (d Redactor) collect(c *spec.Contract, ref *openapi3.SchemaRef, collected map[*openapi3.Schema]bool) {
	if ref == nil || collected[ref.Value] {
		return
	}
	schema := ref.Value
	collected[schema] = true
	for _, part := range slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf) {
		d.collect(c, part, collected)
	}
	d.collect(c, schema.Items, collected)
	d.collect(c, schema.AdditionalProperties.Schema, collected)
	for name, property := range schema.Properties {
		d.note(name, property.Value)
		d.collect(c, property, collected)
	}
	for name, value := range c.Superseded(schema) {
		d.note(name, value)
	}
}

// note notes a name. One that holds a secret anywhere holds one everywhere.
func (d Redactor) note(name string, schema *openapi3.Schema) {
	d.secret[name] = d.secret[name] || isSecret(schema)
}

func (d Redactor) hides(name string) bool {
	secret, known := d.secret[name]
	return secret || (d.strict && !known)
}

func isSecret(schema *openapi3.Schema) bool {
	return schema.Extensions["x-go-type"] == "wire.Secret" ||
		slices.ContainsFunc(slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf), func(part *openapi3.SchemaRef) bool { return isSecret(part.Value) })
}
