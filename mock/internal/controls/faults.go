package controls

import (
	"context"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/faults"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/picket"
)

func (o Operations) ListFaults(ctx context.Context, _ ListFaultsRequestObject) (ListFaultsResponseObject, error) {
	list := ListFaults200JSONResponse{}
	for _, f := range o.Project(ctx).Faults.All() {
		list = append(list, Fault{
			Operation: f.Operation, Count: f.Count, Probability: f.Probability, Kind: FaultKind(f.Kind), Performed: f.Performed,
			DelayMs: f.Delay.Milliseconds(), IntervalMs: f.Interval.Milliseconds(),
			Status: f.Status, Code: string(f.Code), RetryAfter: f.RetryAfter,
		})
	}
	return list, nil
}

func (o Operations) InjectFault(ctx context.Context, request InjectFaultRequestObject) (InjectFaultResponseObject, error) {
	f := request.Body
	return InjectFault204Response{}, refusal.Invalid(o.Project(ctx).Faults.Add(faults.Fault{
		Operation: f.Operation, Count: f.Count, Probability: f.Probability, Kind: faults.Kind(f.Kind), Performed: f.Performed,
		Delay: time.Duration(f.DelayMs) * time.Millisecond, Interval: time.Duration(f.IntervalMs) * time.Millisecond,
		Status: f.Status, Code: picket.ErrorCode(f.Code), RetryAfter: f.RetryAfter,
	}))
}

func (o Operations) ClearFaults(ctx context.Context, _ ClearFaultsRequestObject) (ClearFaultsResponseObject, error) {
	o.Project(ctx).Faults.Clear()
	return ClearFaults204Response{}, nil
}
