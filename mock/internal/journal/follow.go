package journal

// Mark is a place in a journal.
type Mark struct {
	Number  int // of the last exchange before it
	cleared int
}

// Since returns the exchanges after a mark, whether the journal was cleared meanwhile, so that the numbers began again, the mark after
// them, and a channel that is closed when there is more.
func (j *Journal) Since(mark Mark) (exchanges []Exchange, cleared bool, now Mark, changed <-chan struct{}) {
	j.mu.Lock()
	if j.changed == nil {
		j.changed = make(chan struct{})
	}
	changed, now = j.changed, Mark{j.number, j.cleared}
	if cleared = mark.cleared != now.cleared || mark.Number > now.Number; cleared {
		mark.Number = 0
	}
	records := j.last(min(now.Number-mark.Number, j.count))
	j.mu.Unlock()
	for _, r := range records {
		exchanges = append(exchanges, r.shown())
	}
	return exchanges, cleared, now, changed
}

// wake tells those who follow the journal that it changed. The caller holds mu.
func (j *Journal) wake() {
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
}
