package harness

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of times in /proc. The kernel shows it to programs as a hundredth of a second on every architecture that Go has.
const tick = 10 * time.Millisecond

// usage reads /proc, as proc_pid_stat(5) describes it.
func usage(pid int) (Usage, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return Usage{}, err
	}
	// The second field is the name of the program, which may have spaces and parentheses in it.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	const first, utime, stime, rss = 3, 14, 15, 24 // numbers of fields
	if len(fields) <= rss-first {
		return Usage{}, fmt.Errorf("/proc/%d/stat has only %d fields", pid, len(fields))
	}
	var numbers [3]int64
	for i, field := range []int{utime, stime, rss} {
		if numbers[i], err = strconv.ParseInt(fields[field-first], 10, 64); err != nil {
			return Usage{}, fmt.Errorf("/proc/%d/stat: field %d: %w", pid, field, err)
		}
	}
	return Usage{Resident: numbers[2] * int64(os.Getpagesize()), CPU: time.Duration(numbers[0]+numbers[1]) * tick}, nil
}
