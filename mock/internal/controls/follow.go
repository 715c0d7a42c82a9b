package controls

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/journal"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/serve"
)

const (
	// maxFollowers is how many clients may follow journals at a time.
	maxFollowers = 32
	// heartbeat is how often a follower is written to when nothing happens, so that one that went away is noticed.
	heartbeat = 15 * time.Second
	// batch is for how long exchanges are collected before they are sent, so that a follower of many takes little of the mock's time.
	batch = 50 * time.Millisecond
	// patience is how long a follower may take to accept what is written.
	patience = 10 * time.Second
)

func (o Operations) FollowJournal(ctx context.Context, request FollowJournalRequestObject) (FollowJournalResponseObject, error) {
	if o.followers.Load() >= maxFollowers {
		return nil, refusal.TooMany("%d clients follow journals already, and no more may", maxFollowers)
	}
	follower := follower{journal: o.Project(ctx).Journal, last: journal.Mark{Number: request.Params.LastEventID}}
	front.Stream(ctx, func(w http.ResponseWriter, r *http.Request) {
		o.followers.Add(1)
		defer o.followers.Add(-1)
		follower.serve(w, r)
	})
	return FollowJournal200TextEventStreamResponse{Body: strings.NewReader("")}, nil
}

// follower is a client that follows a journal.
type follower struct {
	journal *journal.Journal
	last    journal.Mark // up to which it has the exchanges
}

// serve sends events until the client goes away or the server stops.
func (f *follower) serve(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	if control.SetReadDeadline(time.Time{}) != nil { // that of the server is for requests that end
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	more := time.NewTimer(batch)
	defer more.Stop()
	for {
		exchanges, reset, now, changed := f.journal.Since(f.last)
		f.last = now
		if control.SetWriteDeadline(time.Now().Add(patience)) != nil || send(w, exchanges, reset) != nil || control.Flush() != nil {
			return
		}
		select {
		case <-changed:
			more.Reset(batch)
			select {
			case <-more.C:
			case <-r.Context().Done():
				return
			case <-serve.Stopping(r.Context()):
				return
			}
		case <-beat.C:
		case <-r.Context().Done():
			return
		case <-serve.Stopping(r.Context()):
			return
		}
	}
}

// send writes events: one for each exchange, or a comment when there is none.
func send(w io.Writer, exchanges []journal.Exchange, reset bool) error {
	if reset {
		if _, err := io.WriteString(w, "event: reset\ndata:\n\n"); err != nil {
			return err
		}
	}
	for _, e := range exchanges {
		data, err := json.Marshal(exchangeOnTheWire(e))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "id: %d\ndata: %s\n\n", e.Number, data); err != nil {
			return err
		}
	}
	if len(exchanges) > 0 {
		return nil
	}
	_, err := io.WriteString(w, ":\n\n")
	return err
}
