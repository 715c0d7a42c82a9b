package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
)

// clients is how many connections a load keeps, unless it says otherwise.
const clients = 16

// patience is how long to wait for an answer.
const patience = 30 * time.Second

// A call makes a request, or several that belong together, on a connection. Calls are numbered from 0.
type call func(c *connection, number int) error

// load makes calls, each connection its next when it has the answer to the last, until so many are made or the time is over. It
// returns how many were made, and in what time.
func load(ctx context.Context, connections []*connection, make call, most int, limit time.Duration) (made int, took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	start := time.Now()
	for _, c := range connections {
		if err := c.SetDeadline(start.Add(limit + patience)); err != nil {
			return 0, 0, err
		}
	}
	made, err = harness.Drive(ctx, len(connections), most, func(client, number int) error { return make(connections[client], number) })
	return made, time.Since(start), err
}

// A connection is kept from one request to the next.
type connection struct {
	net.Conn
	reader *bufio.Reader
	body   []byte
	wallet wallets.Key // that logs in on the connection, if one does
}

func dial(address string) (*connection, error) {
	c, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return nil, err
	}
	return &connection{Conn: c, reader: bufio.NewReader(c)}, c.SetDeadline(time.Now().Add(patience))
}

// A request is what is sent, and the status that the answer must have, and a part of its body.
type request struct {
	text   string
	status string
	says   string
}

// ask sends a request and returns the body of the answer, which is only good until the next request. It looks at no more of the answer
// than it has to, because the client must not take processor time from the server.
func (c *connection) ask(r request) ([]byte, error) {
	if _, err := io.WriteString(c, r.text); err != nil {
		return nil, err
	}
	line, err := c.reader.ReadString('\n')
	if err != nil {
		return nil, err
	}
	length, chunked := -1, false
	if strings.HasPrefix(line, "HTTP/1.1 204 ") {
		length = 0
	}
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		if len(line) <= len("\r\n") {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return nil, err
			}
		}
	}
	switch {
	case chunked:
		if c.body, err = io.ReadAll(httputil.NewChunkedReader(c.reader)); err == nil {
			_, err = c.reader.Discard(len("\r\n"))
		}
	case length < 0:
		err = errors.New("the answer does not say how long it is")
	default:
		c.body = slices.Grow(c.body[:0], length)[:length]
		_, err = io.ReadFull(c.reader, c.body)
	}
	if err != nil {
		return nil, err
	}
	if status, ok := strings.CutPrefix(line, "HTTP/1.1 "); !ok || !strings.HasPrefix(status, r.status) || !bytes.Contains(c.body, []byte(r.says)) {
		return nil, fmt.Errorf("the answer is %s, and not %s with %q: %s", strings.TrimSpace(line), r.status, r.says, c.body)
	}
	return c.body, nil
}

// saying adds a part that the body of the answer must have.
func (r request) saying(part string) request {
	r.says = part
	return r
}

// repeat is the call that asks the same each time.
func repeat(r request) call {
	return func(c *connection, _ int) error {
		_, err := c.ask(r)
		return err
	}
}
