package mock

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/sample"
)

// ListOperations lists what is under /_mock/, as control.yaml has it.
func (control) ListOperations(context.Context, controls.ListOperationsRequestObject) (controls.ListOperationsResponseObject, error) {
	c, err := controls.ReadContract()
	if err != nil {
		return nil, err
	}
	list := controls.ListOperations200JSONResponse{}
	for _, op := range c.Operations() {
		listed := controls.ControlOperation{OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Spec().Summary}
		for _, parameter := range op.Parameters() {
			if parameter.Value.In == openapi3.ParameterInQuery {
				listed.Query = append(listed.Query, parameter.Value.Name)
			}
		}
		if body := op.Spec().RequestBody; body != nil {
			listed.Body = body.Value.Content.Get("application/json").Example
		}
		list = append(list, listed)
	}
	slices.SortStableFunc(list, func(a, b controls.ControlOperation) int { return cmp.Compare(a.Path, b.Path) })
	return list, nil
}

// ListAPIOperations lists the operations of the API that the mock answers.
func (c control) ListAPIOperations(context.Context, controls.ListAPIOperationsRequestObject) (controls.ListAPIOperationsResponseObject, error) {
	list := controls.ListAPIOperations200JSONResponse{}
	for _, op := range c.server.contract.Operations() {
		listed := controls.APIOperation{OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Spec().Summary}
		listed.Statuses = sample.Statuses(op.Spec())
		if body := op.Spec().RequestBody; body != nil {
			if media := body.Value.Content["application/json"]; media != nil {
				listed.Body, _ = sample.Example(media, "")
			}
		}
		list = append(list, listed)
	}
	slices.SortStableFunc(list, func(a, b controls.APIOperation) int { return cmp.Compare(a.Path, b.Path) })
	return list, nil
}

func (control) GetAPIContract(context.Context, controls.GetAPIContractRequestObject) (controls.GetAPIContractResponseObject, error) {
	return controls.GetAPIContract200ApplicationYamlResponse{DescriptionApplicationYamlResponse: description(openapi.Spec())}, nil
}

func (control) GetControlContract(context.Context, controls.GetControlContractRequestObject) (controls.GetControlContractResponseObject, error) {
	return controls.GetControlContract200ApplicationYamlResponse{DescriptionApplicationYamlResponse: description(controlContract)}, nil
}

func description(text []byte) controls.DescriptionApplicationYamlResponse {
	return controls.DescriptionApplicationYamlResponse{Body: bytes.NewReader(text)}
}
