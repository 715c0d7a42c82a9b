package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// clients is how many connections a load keeps.
const clients = 16

// wallets is how many wallets a load asks nonces for.
const wallets = 1000

// nonceRequests returns the same request for each wallet, ready to be sent: the load must cost little beside the server.
func nonceRequests(path string) []string {
	requests := make([]string, wallets)
	for i := range requests {
		requests[i] = harness.Request("POST", path, mock.DefaultSecretKey, "", fmt.Sprintf(`{"walletAddress":"0x%040x"}`, i+1))
	}
	return requests
}

// load sends requests, each client its next when it has the answer to the last, until so many are answered or the time is over.
// It returns how many were answered, and in what time.
func load(ctx context.Context, address string, requests []string, most int, limit time.Duration) (answered int, took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var connections [clients]connection
	for i := range connections {
		if connections[i], err = dial(address, limit+patience); err != nil {
			return 0, 0, err
		}
		defer func() { _ = connections[i].Close() }()
	}
	start := time.Now()
	answered, err = harness.Drive(ctx, clients, most, func(client, number int) error {
		return connections[client].ask(requests[number%len(requests)])
	})
	return answered, time.Since(start), err
}

// patience is how long to wait for an answer.
const patience = 30 * time.Second

// A connection is kept from one request to the next.
type connection struct {
	net.Conn
	reader *bufio.Reader
}

// dial returns a connection on which every read and write fails after the given time.
func dial(address string, after time.Duration) (connection, error) {
	c, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return connection{}, err
	}
	return connection{c, bufio.NewReader(c)}, c.SetDeadline(time.Now().Add(after))
}

// ask sends a request and reads the answer, which must have the status 200 and a Content-Length. It looks at no more of it than it
// has to, because the client must not take processor time from the server.
func (c connection) ask(request string) error {
	if _, err := io.WriteString(c, request); err != nil {
		return err
	}
	status, err := c.reader.ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(status, "HTTP/1.1 200 ") {
		return fmt.Errorf("the answer is %s", strings.TrimSpace(status))
	}
	length := -1
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= len("\r\n") {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return errors.New("the answer does not say how long it is")
	}
	_, err = c.reader.Discard(length)
	return err
}

func askOnce(address, request string) error {
	c, err := dial(address, patience)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	return c.ask(request)
}
