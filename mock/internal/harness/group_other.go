//go:build !unix

package harness

import (
	"os"
	"os/exec"
)

// OwnGroup does nothing on systems without process groups: only the process itself ends with its context.
func OwnGroup(*exec.Cmd) {}

// terminate ends a process, which cannot be asked to end.
func terminate(process *os.Process) error { return process.Kill() }
