// Package journal keeps what was asked and answered, bounded and without secrets: the last exchanges of each project. It shows
// what happened; nothing is decided by it.
package journal

import (
	"slices"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/explain"
)

// Size is how many exchanges the journal of a project keeps.
const Size = 500

const (
	// maxProjectBytes is how much the journal of one project keeps, about.
	maxProjectBytes = 4 << 20
	// entryBytes is what an exchange takes at least, about.
	entryBytes = 256
)

// Exchange is a request and its answer, as they are shown.
type Exchange struct {
	Number       int       // in the project, from 1
	Time         time.Time // by the project's clock
	Operation    string    // empty when none matched
	Method, Path string    // the path has its query
	RequestBody  string
	Status       int // 0 when a fault left none
	ResponseBody string
	Fault        string // the kind of the fault that hit the request, or empty
	Stubbed      bool   // whether a stub answered in the place of the operation
	Violations   []string
}

// Record is an exchange as it is kept, with the bodies as they came. Nobody sees them: they are redacted when the journal is read,
// which is seldom.
type Record struct {
	Exchange // its bodies are empty

	Request, Response Message

	Why *explain.Why // why it was refused, or nil
}

// size returns how much a record takes, about.
func (r Record) size() int64 {
	n := entryBytes + len(r.Path) + r.Request.size() + r.Response.size()
	for _, violation := range r.Violations {
		n += len(violation)
	}
	if r.Why != nil {
		n += r.Why.Size
	}
	return int64(n)
}

// Journal keeps the last exchanges of one project. It is safe for concurrent use.
type Journal struct {
	shared *Shared

	mu     sync.Mutex
	known  bool // whether shared knows this journal
	closed bool
	number int
	ring   []Record // grows to Size
	first  int      // where in ring the oldest is
	count  int
	bytes  int64 // what the exchanges take, about

	cleared int           // how often
	changed chan struct{} // closed at the next change, if somebody follows the journal
}

// Add adds an exchange and numbers it.
func (j *Journal) Add(r Record) {
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return
	}
	if !j.known {
		j.known = true
		j.shared.register(j)
	}
	j.number++
	r.Number = j.number
	grown := r.size()
	j.bytes += grown
	for j.count == Size || (j.count > 0 && j.bytes > maxProjectBytes) {
		grown -= j.dropOldest()
	}
	if j.count == len(j.ring) {
		j.ring, j.first = append(j.kept(), make([]Record, min(max(j.count, 1), Size-j.count))...), 0
	}
	j.ring[(j.first+j.count)%len(j.ring)] = r
	j.count++
	j.wake()
	j.mu.Unlock()
	j.shared.grow(grown)
}

// dropOldest forgets the oldest exchange, and returns how much that is.
func (j *Journal) dropOldest() int64 {
	oldest := &j.ring[j.first]
	size := oldest.size()
	*oldest = Record{}
	j.first = (j.first + 1) % len(j.ring)
	j.count--
	j.bytes -= size
	return size
}

// kept returns the records, the oldest first.
func (j *Journal) kept() []Record { return j.last(j.count) }

// last returns so many of the newest records, the oldest first.
func (j *Journal) last(n int) []Record {
	end := j.first + j.count
	begin := end - n
	return slices.Concat(j.ring[min(begin, len(j.ring)):min(end, len(j.ring))], j.ring[max(begin-len(j.ring), 0):max(end-len(j.ring), 0)])
}

// All returns the exchanges, the oldest first.
func (j *Journal) All() []Exchange { return j.Select(func(string) bool { return true }) }

// Select returns the exchanges whose operation is wanted, the oldest first.
func (j *Journal) Select(wanted func(operation string) bool) []Exchange {
	j.mu.Lock()
	kept := j.kept()
	j.mu.Unlock()
	exchanges := []Exchange{}
	for _, r := range kept {
		if wanted(r.Operation) {
			exchanges = append(exchanges, r.shown())
		}
	}
	return exchanges
}

// Count returns how many exchanges have an operation that is wanted.
func (j *Journal) Count(wanted func(operation string) bool) (count int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := range j.count {
		if wanted(j.ring[(j.first+i)%len(j.ring)].Operation) {
			count++
		}
	}
	return count
}

// shown returns the exchange of a record.
func (r Record) shown() Exchange {
	e := r.Exchange
	e.RequestBody, e.ResponseBody = r.Request.redacted(), r.Response.redacted()
	return e
}

// Last returns the number of the last exchange, or 0.
func (j *Journal) Last() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.number
}

// Clear forgets all exchanges, and numbers those that follow from 1.
func (j *Journal) Clear() { j.forget(false) }

// Close forgets all exchanges, and keeps none that follow.
func (j *Journal) Close() {
	j.forget(true)
	j.shared.remove(j)
}

func (j *Journal) forget(forGood bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.shared.used.Add(-j.bytes)
	j.number, j.ring, j.first, j.count, j.bytes = 0, nil, 0, 0, 0
	j.closed = j.closed || forGood
	j.cleared++
	j.wake()
}

func (j *Journal) size() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.bytes
}

// shrinkTo forgets the oldest exchanges until the others take at most so many bytes, and returns how much it forgot.
func (j *Journal) shrinkTo(bytes int64) (forgotten int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for j.bytes > bytes && j.count > 0 {
		forgotten += j.dropOldest()
	}
	return forgotten
}
