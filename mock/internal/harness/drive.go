package harness

import (
	"context"
	"math"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Unlimited is a number of calls that is never reached.
const Unlimited = math.MaxInt

// Drive lets clients make calls at the same time, each its next when the last is done, until as many calls were begun as wanted or
// the context ends. A client whose call fails makes no more. Clients and calls are numbered from 0. Drive returns how many calls
// succeeded and the first error, when all clients are done.
func Drive(ctx context.Context, clients, calls int, call func(client, number int) error) (succeeded int, err error) {
	var begun, done atomic.Int64
	var group errgroup.Group
	for client := range clients {
		group.Go(func() error {
			for ctx.Err() == nil {
				number := int(begun.Add(1)) - 1
				if number >= calls {
					return nil
				}
				if err := call(client, number); err != nil {
					return err
				}
				done.Add(1)
			}
			return nil
		})
	}
	err = group.Wait()
	return int(done.Load()), err
}
