package controls

import (
	"context"

	"github.com/seed-a13ee279/picket/mock/internal/journal"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// selected returns what selects exchanges by their operation, or all without one.
func (o Operations) selected(operation *string) (func(operation string) bool, error) {
	if operation == nil {
		return func(string) bool { return true }, nil
	}
	if *operation != "" && o.contract.Operation(*operation) == nil {
		return nil, refusal.InvalidParameter(`there is no operation "%s"`, names.Shown(*operation)) // a test that expects no request would pass
	}
	return func(of string) bool { return of == *operation }, nil
}

func (o Operations) GetJournal(ctx context.Context, request GetJournalRequestObject) (GetJournalResponseObject, error) {
	selected, err := o.selected(request.Params.Operation)
	if err != nil {
		return nil, err
	}
	list := []Exchange{}
	for _, e := range o.Project(ctx).Journal.Select(selected) {
		list = append(list, exchangeOnTheWire(e))
	}
	return GetJournal200JSONResponse{Exchanges: list}, nil
}

func exchangeOnTheWire(e journal.Exchange) Exchange {
	return Exchange{
		Number: e.Number, Time: e.Time.UTC(), Operation: e.Operation, Method: e.Method, Path: e.Path, RequestBody: e.RequestBody,
		Status: e.Status, ResponseBody: e.ResponseBody, Fault: e.Fault, Stubbed: e.Stubbed, Violations: e.Violations,
	}
}

func (o Operations) CountJournal(ctx context.Context, request CountJournalRequestObject) (CountJournalResponseObject, error) {
	selected, err := o.selected(request.Params.Operation)
	if err != nil {
		return nil, err
	}
	return CountJournal200JSONResponse{Count: o.Project(ctx).Journal.Count(selected)}, nil
}
