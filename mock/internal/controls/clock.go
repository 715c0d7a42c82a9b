package controls

import (
	"context"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

func (o Operations) clock(ctx context.Context) ClockJSONResponse {
	clock := o.Project(ctx).Clock
	return ClockJSONResponse{Now: clock.Now().UTC(), Running: clock.Runs()}
}

func (o Operations) GetClock(ctx context.Context, _ GetClockRequestObject) (GetClockResponseObject, error) {
	return GetClock200JSONResponse{ClockJSONResponse: o.clock(ctx)}, nil
}

func (o Operations) SetClock(ctx context.Context, request SetClockRequestObject) (SetClockResponseObject, error) {
	if err := o.Project(ctx).Clock.Set(request.Body.Now); err != nil {
		return nil, refusal.Invalid(err)
	}
	return SetClock200JSONResponse{ClockJSONResponse: o.clock(ctx)}, nil
}

func (o Operations) AdvanceClock(ctx context.Context, request AdvanceClockRequestObject) (AdvanceClockResponseObject, error) {
	if err := o.Project(ctx).Clock.Advance(time.Duration(request.Body.Seconds * float64(time.Second))); err != nil {
		return nil, refusal.Invalid(err)
	}
	return AdvanceClock200JSONResponse{ClockJSONResponse: o.clock(ctx)}, nil
}

func (o Operations) RunClock(ctx context.Context, _ RunClockRequestObject) (RunClockResponseObject, error) {
	o.Project(ctx).Clock.Run()
	return RunClock200JSONResponse{ClockJSONResponse: o.clock(ctx)}, nil
}
