//go:build unix

package main

import (
	"fmt"
	"syscall"
)

// connections returns how many of the wanted connections this process may open, and says so when these are fewer.
func connections(wanted int) (int, string) {
	var limit syscall.Rlimit // the soft limit, which Go raised to the hard one
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || int64(limit.Cur) > int64(wanted)+200 {
		return wanted, ""
	}
	n := max(int(limit.Cur)-200, 100)
	return n, fmt.Sprintf("%d connections instead of %d because ulimit -n is %d", n, wanted, limit.Cur)
}
