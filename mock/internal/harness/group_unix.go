//go:build unix

package harness

import (
	"os"
	"os/exec"
	"syscall"
)

// OwnGroup makes a command that exec.CommandContext made start in a process group of its own. An interrupt at the terminal does not
// reach the group, and when the context ends, so does every process in it.
func OwnGroup(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}

// terminate asks a process and its group to end.
func terminate(process *os.Process) error { return syscall.Kill(-process.Pid, syscall.SIGTERM) }
