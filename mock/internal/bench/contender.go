package main

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// A program serves the API at a port of our choice.
type program struct {
	name     string
	command  func(ctx context.Context, port string) *exec.Cmd
	requests []string
}

// A server is a program that runs and answers.
type server struct {
	*harness.Process
	address string
}

// start starts a program and returns it once it has answered a request, with the time from its start to then.
func (p program) start(ctx context.Context) (*server, time.Duration, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, 0, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, 0, err
	}
	began := time.Now()
	process, err := harness.Start(p.command(ctx, port))
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", p.name, err)
	}
	if err := process.Answers(func() error { return askOnce(address, p.requests[0]) }); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", p.name, err)
	}
	return &server{process, address}, time.Since(began), nil
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// A contender is a program that is compared with others, and its figures, one for each round. It may be absent; then it has none.
type contender struct {
	program
	absent error // why there is no program
	server *server

	starts     []float64 // nanoseconds from exec to the first answer
	rates      []float64 // answers a second
	cpu        []float64 // nanoseconds of processor time for a request; empty where the system does not say
	idle       []float64 // bytes of memory before any request but the first; likewise
	loaded     []float64 // bytes of memory after requests; likewise
	loadedWith int       // how many requests these were
}

// timeStart starts the program, and stops it again.
func (c *contender) timeStart(ctx context.Context) error {
	if c.absent != nil {
		return nil
	}
	server, took, err := c.start(ctx)
	if err != nil {
		return err
	}
	server.Kill()
	c.starts = append(c.starts, float64(took))
	return nil
}

// begin starts the program for all further figures. The caller calls end.
func (c *contender) begin(ctx context.Context) (err error) {
	if c.absent == nil {
		c.server, _, err = c.start(ctx)
	}
	return err
}

func (c *contender) end() {
	if c.server != nil {
		c.server.Kill()
	}
}

// timeLoad sends requests for a second.
func (c *contender) timeLoad(ctx context.Context) error {
	if c.absent != nil {
		return nil
	}
	before, unknown := c.server.Usage()
	answered, took, err := load(ctx, c.server.address, c.requests, harness.Unlimited, time.Second)
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	c.rates = append(c.rates, float64(answered)/took.Seconds())
	if after, err := c.server.Usage(); err == nil && unknown == nil {
		c.cpu = append(c.cpu, float64(after.CPU-before.CPU)/float64(answered))
	}
	return nil
}

// settle is how long a process is left alone before its memory counts as that of an idle one.
const settle = time.Second

func (c *contender) measureIdle() {
	if c.absent == nil {
		time.Sleep(settle)
		c.idle = memory(c.server)
	}
}

// measureLoaded sends so many requests, or as many as are answered in the time, and measures the memory.
func (c *contender) measureLoaded(ctx context.Context, p plan, requests int, limit time.Duration) (err error) {
	if c.absent != nil {
		return nil
	}
	p.line.Show("the memory of "+c.name, 0, 0)
	if c.loadedWith, _, err = load(ctx, c.server.address, c.requests, requests, limit); err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	c.loaded = memory(c.server)
	return nil
}

// memory returns nothing where the system does not say.
func memory(server *server) []float64 {
	usage, err := server.Usage()
	if err != nil {
		return nil
	}
	return []float64{float64(usage.Resident)}
}
