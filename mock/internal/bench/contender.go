package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// A program serves the API at a port of our choice.
type program struct {
	name    string
	command func(ctx context.Context, port string) *exec.Cmd
	first   call // by which it shows that it answers
}

// A server is a program that runs and answers.
type server struct {
	*harness.Process
	address string
}

// start starts a program and returns it once it has answered a request, with the time from its start to then. A port that is free may be
// taken by some connection before the program listens, so it is tried with others.
func (p program) start(ctx context.Context) (s *server, took time.Duration, err error) {
	for range 3 {
		if s, took, err = p.startOnce(ctx); err == nil || !strings.Contains(err.Error(), "address already in use") {
			break
		}
	}
	return s, took, err
}

func (p program) startOnce(ctx context.Context) (*server, time.Duration, error) {
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
	answers := func() error {
		c, err := dial(address)
		if err != nil {
			return err
		}
		defer func() { _ = c.Close() }()
		return p.first(c, 0)
	}
	if err := process.Answers(answers); err != nil {
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

	server      *server
	clients     int // how many connections to call on, if not the usual number
	connections []*connection
	call        call
	each        *request // before every few calls, or nil

	starts     []float64 // nanoseconds from exec to the first answer
	rates      []float64 // calls a second
	cpu        []float64 // nanoseconds of processor time for a call; empty where the system does not say
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
	c.disconnect()
	if c.server != nil && c.server.Process != nil {
		c.server.Kill()
	}
}

// prepare makes ready what is called.
func (c *contender) prepare(prepare func(*connection) (call, error)) error {
	if c.absent != nil {
		return nil
	}
	err := c.connect(1)
	if err == nil {
		err = c.connections[0].SetDeadline(time.Now().Add(preparation))
	}
	if err == nil {
		c.call, err = prepare(c.connections[0])
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	c.disconnect()
	return nil
}

// connect opens connections in the place of those that there are. Servers close connections that are not used, so they are only
// opened when they are needed.
func (c *contender) connect(connections int) error {
	c.disconnect()
	if c.absent != nil {
		return nil
	}
	for range connections {
		connection, err := dial(c.server.address)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		c.connections = append(c.connections, connection)
	}
	return nil
}

func (c *contender) disconnect() {
	for _, connection := range c.connections {
		_ = connection.Close()
	}
	c.connections = nil
}

// preparation is how long it may take to bring a server where it has to be.
const preparation = 5 * time.Minute

// takeTurns has contenders that are prepared warm up, and then measures them in rounds.
func takeTurns(ctx context.Context, p plan, what string, contenders ...*contender) error {
	for _, c := range contenders {
		if err := c.connect(cmp.Or(c.clients, clients)); err != nil {
			return err
		}
	}
	for round := range p.rounds + 1 {
		p.line.Show(what, round, p.rounds+1)
		for _, c := range contenders {
			if err := c.timeLoad(ctx, p.benchTime); err != nil {
				return err
			}
			if round == 0 {
				c.rates, c.cpu = nil, nil
			}
		}
	}
	return nil
}

// between is how many calls are made before the request that keeps a server's size is made again.
const between = 100

// timeLoad makes calls for a time.
func (c *contender) timeLoad(ctx context.Context, limit time.Duration) error {
	if c.absent != nil {
		return nil
	}
	var spent, took time.Duration // by the server and by the clock
	made, most, known := 0, harness.Unlimited, true
	if c.each != nil {
		most = between
	}
	for took < limit {
		if c.each != nil {
			if _, err := c.connections[0].ask(*c.each); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
		before, unknown := c.server.Usage()
		n, time, err := load(ctx, c.connections, c.call, most, limit-took)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		after, err := c.server.Usage()
		known = known && unknown == nil && err == nil
		spent, took, made = spent+after.CPU-before.CPU, took+time, made+n
	}
	c.rates = append(c.rates, float64(made)/took.Seconds())
	if known {
		c.cpu = append(c.cpu, float64(spent)/float64(made))
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

// measureLoaded makes so many calls, or as many as fit into the time, and measures the memory.
func (c *contender) measureLoaded(ctx context.Context, p plan, calls int, limit time.Duration) (err error) {
	if c.absent != nil {
		return nil
	}
	p.line.Show("the memory of "+c.name, 0, 0)
	if c.loadedWith, _, err = load(ctx, c.connections, c.call, calls, limit); err != nil {
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
