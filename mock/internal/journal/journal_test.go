package journal

import (
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// TestAllJournalsTogetherAreBounded fills more journals than there is room for, by hand: it takes thousands of requests. One that
// has little keeps what it has.
func TestAllJournalsTogetherAreBounded(t *testing.T) {
	shared := &Shared{}
	quiet := shared.New()
	for range 3 {
		quiet.Add(Record{})
	}
	loud := make([]*Journal, 20)
	for i := range loud {
		loud[i] = shared.New()
		for range Size {
			loud[i].Add(Record{Exchange: Exchange{Path: strings.Repeat("x", 8<<10)}})
		}
		if last := loud[i].All()[len(loud[i].All())-1].Number; last != Size {
			t.Fatalf("the last exchange of the journal is number %d", last)
		}
	}
	taken := 0
	for i := range loud {
		taken += len(loud[i].All()) * (8 << 10)
	}
	if taken > maxBytes || taken < maxBytes/2 {
		t.Errorf("the journals have %d bytes", taken)
	}
	if n := len(quiet.All()); n != 3 {
		t.Errorf("the quiet one has %d exchanges", n)
	}
	for i := range loud {
		loud[i].Clear()
	}
	quiet.Clear()
	if left := shared.used.Load(); left != 0 {
		t.Errorf("%d bytes are counted of empty journals", left)
	}
}

// TestTheJournalHasTheLastExchanges compares it with a list, whatever is dropped and when it grows.
func TestTheJournalHasTheLastExchanges(t *testing.T) {
	j := new(Shared).New()
	var all []int
	for n := 1; n <= 3*Size; n++ {
		j.Add(Record{})
		all = append(all[max(0, len(all)+1-Size):], n)
		if n%70 == 0 {
			for range n % 11 {
				j.dropOldest()
				all = all[1:]
			}
		}
		got := j.All()
		if len(got) != len(all) {
			t.Fatalf("after %d there are %d exchanges, not %d", n, len(got), len(all))
		}
		for i := range got {
			if got[i].Number != all[i] {
				t.Fatalf("after %d, exchange %d is number %d, not %d", n, i, got[i].Number, all[i])
			}
		}
	}
}

// TestWhoFollowsAJournalGetsWhatIsNew adds exchanges to a full journal, whose oldest may be anywhere in the ring.
func TestWhoFollowsAJournalGetsWhatIsNew(t *testing.T) {
	j := (&Shared{}).New()
	for total := range Size + 10 {
		for back := range 3 {
			exchanges, cleared, now, _ := j.Since(Mark{Number: max(total-back, 0)})
			if len(exchanges) != min(back, total) || cleared || now.Number != total {
				t.Fatalf("of %d exchanges, %d are new after number %d", total, len(exchanges), total-back)
			}
			for i, e := range exchanges {
				if e.Number != total-len(exchanges)+i+1 {
					t.Fatalf("exchange %d of the new ones has number %d", i, e.Number)
				}
			}
		}
		j.Add(Record{})
	}
	exchanges, _, _, _ := j.Since(Mark{})
	if len(exchanges) != Size || exchanges[0].Number != 11 {
		t.Errorf("%d exchanges are kept", len(exchanges))
	}
}

// TestFollowersCostLittle: each looks at the journal after every exchange.
func TestFollowersCostLittle(t *testing.T) {
	j := (&Shared{}).New()
	for range Size {
		j.Add(Record{})
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 1000 {
		j.Since(Mark{Number: Size - 1})
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / 1000; each > 4<<10 {
		t.Errorf("one new exchange takes %d bytes", each)
	}
}

// TestExchangesAreCountedAsTheyAreListed counts those of every third exchange, while the oldest are dropped.
func TestExchangesAreCountedAsTheyAreListed(t *testing.T) {
	j := new(Shared).New()
	wanted := func(operation string) bool { return operation == "0" }
	for n := 1; n <= 2*Size; n++ {
		j.Add(Record{Exchange: Exchange{Operation: strconv.Itoa(n % 3)}})
		if n%70 == 0 {
			for range n % 11 {
				j.dropOldest()
			}
		}
		if got, want := j.Count(wanted), len(j.Select(wanted)); got != want {
			t.Fatalf("after %d it counts %d, and lists %d", n, got, want)
		}
	}
	if got := j.Count(wanted); got != 167 { // of 501 to 1000
		t.Errorf("it counts %d", got)
	}
}
