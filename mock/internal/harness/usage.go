package harness

import "time"

// Usage is what a process costs, without the processes that it started.
type Usage struct {
	// Resident is how much of the process is in memory, in bytes.
	Resident int64
	// CPU is how much processor time the process has taken since it began, of all processors together.
	CPU time.Duration
}

// Usage returns what the process costs. It returns an error on systems other than Linux, and when the process has ended.
func (p *Process) Usage() (Usage, error) { return usage(p.command.Process.Pid) }
