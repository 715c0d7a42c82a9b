package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

// A program serves the API at an address of our choice.
type program struct {
	name     string
	command  func(ctx context.Context, port string) *exec.Cmd
	requests [][]byte
}

// A process is a program that runs and answers.
type process struct {
	program
	address string
	pid     int
	stop    func()
}

// start starts a program and returns it once it has answered a request, with the time from its start to then.
func (p program) start(ctx context.Context) (*process, time.Duration, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, 0, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, 0, err
	}
	ctx, cancel := context.WithCancel(ctx)
	command := p.command(ctx, port)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	began := time.Now()
	if err := command.Start(); err != nil {
		cancel()
		return nil, 0, err
	}
	ended := make(chan struct{})
	go func() {
		_ = command.Wait() // it is killed
		close(ended)
	}()
	stop := func() { cancel(); <-ended }
	for {
		err := askOnce(address, p.requests[0])
		if err == nil {
			return &process{p, address, command.Process.Pid, stop}, time.Since(began), nil
		}
		select {
		case <-ended:
			stop()
			return nil, 0, fmt.Errorf("%s ended: %s", p.name, bytes.TrimSpace(output.Bytes()))
		case <-time.After(200 * time.Microsecond):
		}
		if time.Since(began) > time.Minute || ctx.Err() != nil {
			stop()
			return nil, 0, fmt.Errorf("%s does not answer: %w", p.name, err)
		}
	}
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func askOnce(address string, request []byte) error {
	c, err := dial(address, patience)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	return c.ask(request)
}

var vmRSS = regexp.MustCompile(`(?m)^VmRSS:\s*(\d+) kB$`)

// resident returns how much of a process is in memory, in bytes. Only Linux says so.
func (p *process) resident() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid))
	if err != nil {
		return 0, err
	}
	match := vmRSS.FindSubmatch(status)
	if match == nil {
		return 0, errors.New("/proc does not say how much of the process is in memory")
	}
	kilobytes, err := strconv.ParseFloat(string(match[1]), 64)
	return kilobytes * 1024, err
}
