package repository_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

// linkFacts are the values that links carry, by where a link starts and the operation that it leads to: the place in the next call,
// and the expression. A slip of the pen in the contract contradicts them.
var linkFacts = map[string]map[string]any{
	"nonce 200 -> auth": {"chain": "$request.body#/chain", "walletAddress": "$request.body#/walletAddress"},
	"nonce 200 -> token": {
		"grant_type": "password", "chain": "$request.body#/chain", "username": "$request.body#/walletAddress",
	},
	"chains 200 -> chain":         {"chain": "$response.body#/data/0/chainSlug"},
	"chains 200 -> nonce":         {"chain": "$response.body#/data/0/chainSlug"},
	"auth 200 -> authz":           opensGates,
	"auth 200 -> validate":        opensGates,
	"auth 200 -> chain":           {"chain": "$response.body#/user/chain"},
	"auth 200 -> tokenOwnership":  ofTheUser,
	"authz 200 -> authz":          opensGates,
	"authz 200 -> validate":       opensGates,
	"authz 200 -> chain":          {"chain": "$response.body#/user/chain"},
	"authz 200 -> tokenOwnership": ofTheUser,
	"token 200 -> authz":          opensGates,
	"token 200 -> validate":       opensGates,
}

var (
	opensGates = map[string]any{"accessToken": "$response.body#/accessToken"}
	ofTheUser  = map[string]any{"chain": "$response.body#/user/chain", "walletAddress": "$response.body#/user/walletAddress"}
)

// links calls check with each link of the contract and the operation and response that it belongs to.
func links(doc *openapi3.T, check func(name string, from *openapi3.Operation, response *openapi3.Response, link *openapi3.Link)) {
	operations(doc, func(_ string, from *openapi3.Operation) {
		for status, response := range from.Responses.Map() {
			for _, link := range response.Value.Links {
				name := fmt.Sprintf("%s %s -> %s", from.OperationID, status, link.Value.OperationID)
				check(name, from, response.Value, link.Value)
			}
		}
	})
}

func TestTheLinksAreAsTheyAreKnown(t *testing.T) {
	got := map[string]map[string]any{}
	links(theContract(t), func(name string, _ *openapi3.Operation, _ *openapi3.Response, link *openapi3.Link) {
		got[name] = linked(link)
	})
	for name, want := range linkFacts {
		if diff := cmp.Diff(want, got[name]); diff != "" {
			t.Errorf("%s (-known +contract):\n%s", name, diff)
		}
	}
}

func TestLinksNameWhatExists(t *testing.T) {
	doc := theContract(t)
	byID := map[string]*openapi3.Operation{}
	operations(doc, func(_ string, op *openapi3.Operation) { byID[op.OperationID] = op })
	ofPath := map[string]openapi3.Parameters{}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			ofPath[op.OperationID] = item.Parameters
		}
	}
	links(doc, func(name string, from *openapi3.Operation, response *openapi3.Response, link *openapi3.Link) {
		to := byID[link.OperationID]
		if to == nil {
			t.Errorf("%s: there is no such operation", name)
			return
		}
		for parameter := range link.Parameters {
			if parameters := append(slices.Clone(to.Parameters), ofPath[link.OperationID]...); parameters.GetByInAndName("path", parameter) == nil &&
				parameters.GetByInAndName("query", parameter) == nil {
				t.Errorf("%s: the operation has no parameter %s", name, parameter)
			}
		}
		if link.RequestBody != nil {
			t.Errorf("%s: OpenAPI Generator refuses a requestBody that is an object: write x-request-body", name)
		}
		for property := range linkedBody(link) {
			if !has(to.RequestBody.Value.Content, property) {
				t.Errorf("%s: the request has no property %s", name, property)
			}
		}
		for place, value := range linked(link) {
			expression, _ := value.(string)
			if pointer, ok := strings.CutPrefix(expression, "$response.body#/"); ok {
				if !has(response.Content, strings.Split(pointer, "/")...) {
					t.Errorf("%s: %s: the response has no %s", name, place, pointer)
				}
			} else if pointer, ok := strings.CutPrefix(expression, "$request.body#/"); ok {
				if !has(from.RequestBody.Value.Content, strings.Split(pointer, "/")...) {
					t.Errorf("%s: %s: the request has no %s", name, place, pointer)
				}
			} else if strings.Contains(expression, "$") {
				t.Errorf("%s: %s: %s is no expression that this test knows", name, place, expression)
			}
		}
	})
}

// linked returns the values that a link carries, by parameter or property.
func linked(link *openapi3.Link) map[string]any {
	values := map[string]any{}
	for parameter, value := range link.Parameters {
		values[parameter] = value
	}
	for property, value := range linkedBody(link) {
		values[property] = value
	}
	return values
}

func linkedBody(link *openapi3.Link) map[string]any {
	body, _ := link.Extensions["x-request-body"].(map[string]any)
	return body
}

// has says whether every body of the content has something at the end of a path of properties and indices.
func has(content openapi3.Content, path ...string) bool {
	for _, media := range content {
		if !schemaHas(media.Schema.Value, path) {
			return false
		}
	}
	return len(content) > 0
}

func schemaHas(schema *openapi3.Schema, path []string) bool {
	if len(path) == 0 {
		return true
	}
	if _, err := strconv.Atoi(path[0]); err == nil {
		return schema.Items != nil && schemaHas(schema.Items.Value, path[1:])
	}
	if property := schema.Properties[path[0]]; property != nil {
		return schemaHas(property.Value, path[1:])
	}
	for _, part := range schema.AllOf {
		if schemaHas(part.Value, path) {
			return true
		}
	}
	return false
}
