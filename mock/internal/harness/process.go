// Package harness is what the tools that test programs from outside have in common: it builds and starts a program, waits until it
// serves, drives it with many clients at the same time, measures what it costs, and prints tables. It does not know what a program
// serves and judges nothing: what is sent, and which figures are good, is up to each tool.
package harness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	// startLimit is how long a program may take until it serves.
	startLimit = time.Minute
	// stopLimit is how long a program may take to end once it was asked to.
	stopLimit = 10 * time.Second
)

// Build compiles the program of a package into a file. The root is the folder of the module.
func Build(ctx context.Context, root, pkg, file string) error {
	_, err := BuildIn(ctx, nil, root, pkg, file)
	return err
}

// BuildIn does as Build does, with more variables in the environment, and returns the processor time of the compiler and the linker.
func BuildIn(ctx context.Context, environment []string, root, pkg, file string) (time.Duration, error) {
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", file, pkg)
	build.Dir, build.Env = root, append(os.Environ(), environment...)
	if out, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("building %s: %w: %s", pkg, err, bytes.TrimSpace(out))
	}
	return build.ProcessState.UserTime() + build.ProcessState.SystemTime(), nil
}

// A Process is a program that runs.
type Process struct {
	command *exec.Cmd
	output  *output
	ended   chan struct{}
	err     error // how it ended, once it has
}

// Start starts a command that exec.CommandContext made, in a process group of its own, and collects what it prints. Stderr goes
// where the command says, if it says so.
func Start(command *exec.Cmd) (*Process, error) {
	OwnGroup(command)
	command.WaitDelay = stopLimit
	p := &Process{command: command, output: &output{first: make(chan string, 1)}, ended: make(chan struct{})}
	command.Stdout = p.output
	if command.Stderr == nil {
		command.Stderr = p.output.rest()
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.err = command.Wait()
		close(p.ended)
	}()
	return p, nil
}

// Line waits for the first line that the program prints and returns it. A program that ends first, or that takes longer than a
// minute, is an error, and does not run afterwards.
func (p *Process) Line() (string, error) {
	select {
	case line := <-p.output.first:
		return line, nil
	case <-p.ended:
	case <-time.After(startLimit):
	}
	return "", p.failed(errors.New("it printed no line"))
}

// BaseURL waits until picket-mock serves and returns the URL at which it says that it does.
func (p *Process) BaseURL() (string, error) {
	line, err := p.Line()
	if err != nil {
		return "", err
	}
	return line[strings.LastIndex(line, " ")+1:], nil
}

// Answers waits until ask succeeds. A program that ends first, or that takes longer than a minute, is an error, and does not run
// afterwards.
func (p *Process) Answers(ask func() error) error {
	for began := time.Now(); ; {
		err := ask()
		if err == nil {
			return nil
		}
		select {
		case <-p.ended:
			return p.failed(err)
		case <-time.After(200 * time.Microsecond):
		}
		if time.Since(began) > startLimit {
			return p.failed(err)
		}
	}
}

// failed kills the process and returns why it does not serve, with what it printed.
func (p *Process) failed(why error) error {
	p.Kill()
	return fmt.Errorf("%s does not serve: %w; it ended (%v): %s", p.command.Path, why, p.command.ProcessState, p.output.text())
}

// Stop asks the program to end and returns an error unless it ends well. It is killed if it takes longer than ten seconds, and on
// systems where a process cannot be asked.
func (p *Process) Stop() error {
	if err := terminate(p.command.Process); err != nil {
		p.Kill()
		return fmt.Errorf("%s had ended before it was stopped: %w", p.command.Path, errors.Join(err, p.err))
	}
	select {
	case <-p.ended:
	case <-time.After(stopLimit):
		p.Kill()
	}
	if p.err != nil {
		return fmt.Errorf("%s did not end well: %w: %s", p.command.Path, p.err, p.output.text())
	}
	return nil
}

// Kill ends the program and what it started at once.
func (p *Process) Kill() {
	select {
	case <-p.ended: // its number may be another process's by now
	default:
		_ = p.command.Cancel()
		<-p.ended
	}
}
