package controls

import (
	"context"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/journal"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

func (o Operations) journal(ctx context.Context, operation *string) ([]journal.Exchange, error) {
	exchanges := o.Project(ctx).Journal.All()
	if operation == nil {
		return exchanges, nil
	}
	if *operation != "" && o.contract.Operation(*operation) == nil {
		return nil, refusal.InvalidParameter(`there is no operation "%s"`, names.Shown(*operation)) // a test that expects no request would pass
	}
	return slices.DeleteFunc(exchanges, func(e journal.Exchange) bool { return e.Operation != *operation }), nil
}

func (o Operations) GetJournal(ctx context.Context, request GetJournalRequestObject) (GetJournalResponseObject, error) {
	exchanges, err := o.journal(ctx, request.Params.Operation)
	if err != nil {
		return nil, err
	}
	list := []Exchange{}
	for _, e := range exchanges {
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
	exchanges, err := o.journal(ctx, request.Params.Operation)
	if err != nil {
		return nil, err
	}
	return CountJournal200JSONResponse{Count: len(exchanges)}, nil
}
