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
	kept, number := j.kept(), j.number
	if j.changed == nil {
		j.changed = make(chan struct{})
	}
	changed, now = j.changed, Mark{number, j.cleared}
	j.mu.Unlock()
	if cleared = mark.cleared != now.cleared || mark.Number > number; cleared {
		mark.Number = 0
	}
	for _, r := range kept {
		if r.Number > mark.Number {
			exchanges = append(exchanges, r.shown())
		}
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
