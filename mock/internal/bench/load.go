package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
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
			c, err := dial(address)
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

// A connection is kept between requests.
type connection struct {
	net.Conn
	reader *bufio.Reader
}

func dial(address string) (connection, error) {
	c, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return connection{}, err
	}
	return connection{c, bufio.NewReader(c)}, nil
}

// ask sends a request and reads the answer, which must be 200.
func (c connection) ask(request []byte) error {
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return err
	}
	if _, err := c.Write(request); err != nil {
		return err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the answer is %s", response.Status)
	}
	return nil
}
