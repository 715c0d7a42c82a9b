package controls

import (
	"context"
	"math"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/faults"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/picket"
)

func (o Operations) ListFaults(ctx context.Context, _ ListFaultsRequestObject) (ListFaultsResponseObject, error) {
	list := ListFaults200JSONResponse{}
	for _, f := range o.Project(ctx).Faults.All() {
		list = append(list, FaultOnTheWire(f))
	}
	return list, nil
}

func (o Operations) InjectFault(ctx context.Context, request InjectFaultRequestObject) (InjectFaultResponseObject, error) {
	return InjectFault204Response{}, refusal.Invalid(o.Project(ctx).Faults.Add(request.Body.OffTheWire()))
}

// FaultOnTheWire returns a fault as it is listed.
func FaultOnTheWire(f faults.Fault) Fault {
	return Fault{
		Operation: f.Operation, Count: f.Count, Probability: f.Probability, Kind: FaultKind(f.Kind), Performed: f.Performed,
		DelayMs: milliseconds(f.Delay), IntervalMs: milliseconds(f.Interval),
		Status: f.Status, Code: string(f.Code), RetryAfter: f.RetryAfter,
	}
}

// OffTheWire returns the fault that a listed one stands for.
func (f Fault) OffTheWire() faults.Fault {
	return faults.Fault{
		Operation: f.Operation, Count: f.Count, Probability: f.Probability, Kind: faults.Kind(f.Kind), Performed: f.Performed,
		Delay: duration(f.DelayMs), Interval: duration(f.IntervalMs),
		Status: f.Status, Code: picket.ErrorCode(f.Code), RetryAfter: f.RetryAfter,
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func duration(milliseconds float64) time.Duration {
	return time.Duration(math.Round(milliseconds * float64(time.Millisecond)))
}

func (o Operations) ClearFaults(ctx context.Context, _ ClearFaultsRequestObject) (ClearFaultsResponseObject, error) {
	o.Project(ctx).Faults.Clear()
	return ClearFaults204Response{}, nil
}
