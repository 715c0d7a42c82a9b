package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed-a13ee279/picket/mock"
)

// clients is how many connections a load keeps.
const clients = 16

// wallets is how many wallets a load asks nonces for.
const wallets = 1000

// nonceRequests returns the same request for each wallet, as bytes to send: what asks costs little beside what answers.
func nonceRequests(path string) [][]byte {
	authorization := base64.StdEncoding.EncodeToString([]byte(mock.DefaultSecretKey + ":"))
	requests := make([][]byte, wallets)
	for i := range requests {
		body := fmt.Sprintf(`{"walletAddress":"0x%040x"}`, i+1)
		requests[i] = fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			path, authorization, len(body), body)
	}
	return requests
}

// load sends requests, each client its next when it has the answer to the last, until so many are answered or the time is over.
// It returns how many were answered, and in what time.
func load(ctx context.Context, address string, requests [][]byte, most int, limit time.Duration) (answered int, took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var taken, done atomic.Int64
	group := errgroup.Group{}
	start := time.Now()
	for range clients {
		group.Go(func() error {
			c, err := dial(address, limit+patience)
			if err != nil {
				return err
			}
			defer func() { _ = c.Close() }()
			for ctx.Err() == nil {
				next := int(taken.Add(1))
				if next > most {
					return nil
				}
				if err := c.ask(requests[next%len(requests)]); err != nil {
					return err
				}
				done.Add(1)
			}
			return nil
		})
	}
	err = group.Wait()
	return int(done.Load()), time.Since(start), err
}

// patience is how long an answer is waited for.
const patience = 30 * time.Second

// A connection is kept between requests.
type connection struct {
	net.Conn
	reader *bufio.Reader
}

// dial returns a connection that fails after a time.
func dial(address string, after time.Duration) (connection, error) {
	c, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return connection{}, err
	}
	return connection{c, bufio.NewReader(c)}, c.SetDeadline(time.Now().Add(after))
}

// ask sends a request and reads the answer, which must be 200 and say how long it is. It reads no more of it than it has to: what
// asks must not take the time of what answers.
func (c connection) ask(request []byte) error {
	if _, err := c.Write(request); err != nil {
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
