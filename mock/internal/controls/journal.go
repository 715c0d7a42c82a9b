package controls

import (
	"context"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/journal"
)

func (o Operations) journal(ctx context.Context, operation *string) []journal.Exchange {
	exchanges := o.Project(ctx).Journal.All()
	if operation == nil {
		return exchanges
	}
	return slices.DeleteFunc(exchanges, func(e journal.Exchange) bool { return e.Operation != *operation })
}

func (o Operations) GetJournal(ctx context.Context, request GetJournalRequestObject) (GetJournalResponseObject, error) {
	list := []Exchange{}
	for _, e := range o.journal(ctx, request.Params.Operation) {
		list = append(list, Exchange{
			Number: e.Number, Time: e.Time.UTC(), Operation: e.Operation, Method: e.Method, Path: e.Path, RequestBody: e.RequestBody,
			Status: e.Status, ResponseBody: e.ResponseBody, Fault: e.Fault, Stubbed: e.Stubbed, Violations: e.Violations,
		})
	}
	return GetJournal200JSONResponse{Exchanges: list}, nil
}

func (o Operations) CountJournal(ctx context.Context, request CountJournalRequestObject) (CountJournalResponseObject, error) {
	return CountJournal200JSONResponse{Count: len(o.journal(ctx, request.Params.Operation))}, nil
}
