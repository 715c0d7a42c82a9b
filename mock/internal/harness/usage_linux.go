package harness

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// usage asks the clock of the process for its processor time, as clock_getcpuclockid(3) does, and /proc for its memory (proc_pid_statm(5)).
// The times in /proc are only exact to 10 ms.
func usage(pid int) (Usage, error) {
	const ofAllThreads = 2 // CPUCLOCK_SCHED of the kernel
	var cpu unix.Timespec
	if err := unix.ClockGettime(int32(^pid)<<3|ofAllThreads, &cpu); err != nil {
		return Usage{}, fmt.Errorf("the processor time of process %d: %w", pid, err)
	}
	name := fmt.Sprintf("/proc/%d/statm", pid)
	text, err := os.ReadFile(name)
	if err != nil {
		return Usage{}, err
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return Usage{}, fmt.Errorf("%s has only %d fields", name, len(fields))
	}
	resident, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return Usage{}, fmt.Errorf("%s: %w", name, err)
	}
	return Usage{Resident: resident * int64(os.Getpagesize()), CPU: time.Duration(cpu.Nano())}, nil
}
