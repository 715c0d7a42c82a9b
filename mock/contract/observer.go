package contract

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	files "github.com/natefinch/atomic"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Observer notes what the messages of an API look like, in a file that "picket-mock learn" compares with openapi.yaml: names, types,
// formats, statuses, headers, error codes, and how often each was there. It keeps no values, and so no key, token, signature, address,
// name or balance; the documentation of package mock/internal/observe has the rules.
//
// An Observer works beside the messages: it delays none. When more arrive than it can note, it skips some, and Skipped counts them. It
// is safe for concurrent use.
type Observer struct {
	file string
	lock *flock.Flock

	queue   chan observe.Exchange
	waiting atomic.Int64 // bytes of the bodies in the queue
	skipped atomic.Int64
	flush   chan chan error
	stop    chan struct{}
	stopped chan struct{}
	closing sync.Once
	err     error // of Close

	before   *observe.Log // what the file had
	recorder *observe.Recorder
}

const (
	maxQueue   = 4096
	maxWaiting = 32 << 20
	// saveInterval is how much can be lost when the process is killed.
	saveInterval = time.Second
	// batchInterval is how long exchanges wait for others, to be noted together.
	batchInterval = 20 * time.Millisecond
)

// NewObserver returns an Observer that writes to a file, and goes on from what the file has, if it exists. The file is complete at any
// moment, also if the process is killed; then what was seen in the last second is lost. Close writes the rest.
//
// It fails if the file cannot be written, is not a file of observations, or is in use by another Observer. Programs that run at the same
// time have a file each; "picket-mock learn" takes several. Beside the file is an empty one with the suffix .lock.
func NewObserver(file string) (*Observer, error) {
	contract, err := spec.API()
	if err != nil {
		return nil, err
	}
	o := &Observer{
		file:     file,
		lock:     flock.New(file + ".lock"),
		queue:    make(chan observe.Exchange, maxQueue),
		flush:    make(chan chan error),
		stop:     make(chan struct{}),
		stopped:  make(chan struct{}),
		before:   observe.New(),
		recorder: observe.NewRecorder(contract),
	}
	if _, err := observe.ReadFile(file); err != nil && !errors.Is(err, fs.ErrNotExist) { // before the lock leaves a file beside it
		return nil, fmt.Errorf("contract: %s: %w", file, err)
	}
	locked, err := o.lock.TryLock()
	switch {
	case err != nil:
		return nil, fmt.Errorf("contract: %s cannot be locked: %w", file, err)
	case !locked:
		return nil, fmt.Errorf("contract: %s is in use by another program; give each its own file", file)
	}
	if err := o.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("contract: %s: %w", file, err), o.lock.Unlock())
	}
	go o.work()
	return o, nil
}

// open reads the file, and checks that it can be written.
func (o *Observer) open() error {
	switch before, err := observe.ReadFile(o.file); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		o.before = before
	}
	return o.save()
}

// save writes everything that was seen so far.
func (o *Observer) save() error {
	all := observe.New()
	all.Merge(o.before)
	all.Merge(o.recorder.Log())
	text, err := all.JSON()
	if err != nil {
		return err
	}
	return files.WriteFile(o.file, bytes.NewReader(text))
}

// work notes what is in the queue until the Observer is closed.
func (o *Observer) work() {
	defer close(o.stopped)
	timer, pause := time.NewTimer(saveInterval), time.NewTimer(batchInterval)
	timer.Stop()
	pause.Stop()
	queue, due := o.queue, false
	for {
		select {
		case x := <-queue:
			o.record(x)
			o.drain()
			queue = nil // what comes next waits, so that it need not wake this goroutine each time
			pause.Reset(batchInterval)
			if !due {
				due = true
				timer.Reset(saveInterval)
			}
		case <-pause.C:
			queue = o.queue
		case <-timer.C:
			due = false
			o.err = o.save()
		case done := <-o.flush:
			o.drain()
			done <- o.save()
		case <-o.stop:
			o.drain()
			o.err = o.save()
			return
		}
	}
}

func (o *Observer) drain() {
	for {
		select {
		case x := <-o.queue:
			o.record(x)
		default:
			return
		}
	}
}

func (o *Observer) record(x observe.Exchange) {
	o.waiting.Add(-size(x))
	o.recorder.Record(x)
}

func size(x observe.Exchange) int64 {
	var n int64
	for _, text := range []*[]byte{x.Request, x.Response} {
		if text != nil {
			n += int64(len(*text))
		}
	}
	return n
}

// Flush writes what was seen so far.
func (o *Observer) Flush() error {
	done := make(chan error)
	select {
	case o.flush <- done:
		return <-done
	case <-o.stopped:
		return errClosedObserver
	}
}

var errClosedObserver = errors.New("contract: the observer is closed")

// Close writes what was seen, and stops the Observer. What passes afterwards is not noted.
func (o *Observer) Close() error {
	o.closing.Do(func() {
		close(o.stop)
		<-o.stopped
		o.err = errors.Join(o.err, o.lock.Unlock())
	})
	<-o.stopped
	return o.err
}

// Skipped returns how many exchanges were not noted, because too many arrived at once.
func (o *Observer) Skipped() int64 { return o.skipped.Load() }

// add takes an exchange, if there is room and the Observer is not closed.
func (o *Observer) add(x observe.Exchange) {
	select {
	case <-o.stop:
		return // nothing will take it from the queue
	default:
	}
	n := size(x)
	if o.waiting.Add(n) <= maxWaiting {
		select {
		case o.queue <- x:
			return
		default:
		}
	}
	o.waiting.Add(-n)
	o.skipped.Add(1)
}

// WithObserver has an Observer note every exchange that is checked. It may be the same for several transports and proxies. By default
// nothing is noted.
func WithObserver(o *Observer) Option {
	return option(func(k *checker) error {
		if o == nil {
			return errors.New("contract: WithObserver: the observer is nil")
		}
		k.observer = o
		return nil
	})
}
