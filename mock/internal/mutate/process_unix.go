//go:build unix

package mutate

import (
	"os/exec"
	"syscall"
)

// ownGroup starts a command in a process group of its own. An interrupt at the terminal does not reach it, so that a test which
// it ends is not taken for one that fails; and when the command is stopped, so are the tests that it started.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
