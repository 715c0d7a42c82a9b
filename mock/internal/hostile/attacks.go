package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

var attacks = []attack{
	{"idle connections", idle},
	{"slow headers", slowHeaders},
	{"many small headers without an end", smallHeaders},
	{"headers that are too large", hugeHeaders},
	{"slow bodies", slowBodies},
	{"bodies that are too large", hugeBodies},
	{"bodies that are hard to check", hardBodies},
	{"pipelined requests", pipelines},
	{"early and half closes", earlyClose},
	{"garbage and TLS", garbage},
	{"request smuggling", smuggling},
	{"nonces", nonces},
	{"projects", projects},
	{"large journals that are read slowly", journals},
}

const (
	noncePath = "/api/v1/auth/nonce"
	nonceBody = `{"walletAddress":"0x00000000000000000000000000000000000000a1"}`
)

// idle opens 10,000 connections; every other one makes a request first.
func idle(s *siege) (string, error) {
	n, note := connections(10_000)
	open := make(chan struct{}, 64) // how many connect at the same time
	for i := range n {
		open <- struct{}{}
		s.clients.Go(func() {
			defer func() { <-open }()
			if c, ok := s.dial(); ok && i%2 == 0 {
				_, _ = io.WriteString(c, harness.Request("POST", noncePath, key, "", nonceBody))
			}
			s.count("connections made")
		})
	}
	return note, nil
}

// slowHeaders sends headers one byte at a time.
func slowHeaders(s *siege) (string, error) {
	n, note := connections(3000)
	head := harness.Request("POST", noncePath, key, "", "")
	s.each(n, func(int) {
		c, ok := s.dial()
		if !ok {
			return
		}
		defer func() { _ = c.Close() }()
		for i := range head {
			if _, err := io.WriteString(c, head[i:i+1]); err != nil {
				s.count("cut off")
				s.wait(time.Second)
				return
			}
			if !s.wait(500 * time.Millisecond) {
				return
			}
		}
	})
	return note, nil
}

// smallHeaders sends the headers that take most memory for their size.
func smallHeaders(s *siege) (string, error) {
	n, note := connections(2000)
	head := "GET / HTTP/1.1\r\nHost: localhost\r\n" + strings.Repeat("a:\r\n", 15_000)
	s.each(n, func(int) {
		if !s.wait(rand.N(8 * time.Second)) { // if all came at once, the processor would be the limit
			return
		}
		if c, ok := s.dial(); ok {
			_, _ = io.WriteString(c, head)
			_, _ = c.Read(make([]byte, 1))
			_ = c.Close()
			s.count("cut off")
		}
	})
	return note, nil
}

func hugeHeaders(s *siege) (string, error) {
	text := "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("a", 1<<20) + "\r\n\r\n"
	s.each(16, func(int) { s.exchange(text) })
	<-s.ctx.Done()
	s.clients.Wait()
	for status := range s.counts {
		if strings.HasPrefix(status, "2") {
			return "", errors.New("a header of 1 MiB was answered with " + status)
		}
	}
	return "", nil
}

// slowBodies announces a body of 1 MiB, sends a quarter of it at once and the rest one byte at a time.
func slowBodies(s *siege) (string, error) {
	n, note := connections(2000)
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", noncePath, 1<<20)
	s.each(n, func(int) {
		c, ok := s.dial()
		if !ok {
			return
		}
		_, _ = io.WriteString(c, head+strings.Repeat(" ", 256<<10))
		s.clients.Go(func() { s.count("answers " + statusOf(bufio.NewReader(c))) })
		defer func() { _ = c.Close() }()
		for s.wait(time.Second) {
			if _, err := io.WriteString(c, " "); err != nil {
				s.wait(time.Second)
				return
			}
		}
	})
	return note, nil
}

func hugeBodies(s *siege) (string, error) {
	chunk := fmt.Sprintf("%x\r\n%s\r\n", 1<<20, strings.Repeat("a", 1<<20))
	s.each(16, func(int) {
		c, ok := s.dial()
		if !ok {
			return
		}
		defer func() { _ = c.Close() }()
		s.clients.Go(func() { s.count("answers " + statusOf(bufio.NewReader(c))) })
		_, _ = io.WriteString(c, "POST "+noncePath+" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
		for s.ctx.Err() == nil {
			if _, err := io.WriteString(c, chunk); err != nil {
				return
			}
		}
	})
	return "", nil
}

// hardBodies sends JSON that takes many times its size in memory.
func hardBodies(s *siege) (string, error) {
	bodies := []string{
		harness.Request("POST", noncePath, key, "", `{"a":[`+strings.Repeat("{},", 330_000)+`{}]}`),
		harness.Request("POST", "/api/v1/auth", key, "", strings.Repeat("[", 9_000)+strings.Repeat("]", 9_000)),
		harness.Request("POST", "/api/v1/auth", key, "", `{"allowedWallets":[`+strings.Repeat(`"",`, 330_000)+`""]}`),
	}
	s.each(24, func(i int) {
		s.exchange(bodies[i%len(bodies)])
		s.wait(50 * time.Millisecond)
	})
	return "", nil
}

// pipelines sends requests without a pause and reads few of the answers.
func pipelines(s *siege) (string, error) {
	many := strings.Repeat(harness.Request("POST", noncePath, key, "", nonceBody), 100)
	s.each(8, func(int) {
		c, ok := s.dial()
		if !ok {
			return
		}
		s.clients.Go(func() {
			answers := bufio.NewReader(c)
			for s.ctx.Err() == nil {
				status := statusOf(answers)
				if s.count("answers " + status); status == "closed" {
					return
				}
				s.wait(2 * time.Millisecond)
			}
		})
		for s.ctx.Err() == nil {
			if _, err := io.WriteString(c, many); err != nil {
				return
			}
		}
	})
	return "", nil
}

func earlyClose(s *siege) (string, error) {
	text := harness.Request("POST", noncePath, key, "", nonceBody)
	s.each(16, func(i int) {
		c, ok := s.dial()
		if !ok {
			return
		}
		_, _ = io.WriteString(c, text[:rand.IntN(len(text))+1])
		switch tcp := c.(*net.TCPConn); rand.IntN(3) {
		case 0:
			_ = tcp.SetLinger(0) // a reset
			_ = tcp.Close()
		case 1:
			_ = tcp.Close()
		default:
			_ = tcp.CloseWrite()
			s.count("half closed, answers " + statusOf(bufio.NewReader(c)))
			_ = tcp.Close()
		}
		s.count("closed")
		s.wait(2 * time.Millisecond)
	})
	return "", nil
}

func garbage(s *siege) (string, error) {
	hello := "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x42", 505)
	s.each(16, func(i int) {
		text := hello
		if i%2 == 0 {
			noise := make([]byte, 4096)
			for j := range noise {
				noise[j] = byte(rand.Uint32())
			}
			text = string(noise) + "\r\n\r\n"
		}
		s.exchange(text)
		s.wait(5 * time.Millisecond)
	})
	return "", nil
}

// hidden is the request behind each of those of ambiguous.
const hidden = "GET /_mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n"

// ambiguous returns requests that two servers could take to end in different places, by what is wrong with them.
func ambiguous() map[string]string {
	head := func(lines ...string) string {
		return "POST " + noncePath + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n"
	}
	return map[string]string{
		"two lengths":             head("Content-Length: 5", fmt.Sprintf("Content-Length: %d", 5+len(hidden))) + "{   }" + hidden,
		"a list of lengths":       head("Content-Length: 5, 50") + "{   }" + hidden,
		"a length with a sign":    head("Content-Length: +5") + "{   }" + hidden,
		"a negative length":       head("Content-Length: -5") + "{   }" + hidden,
		"a length in hexadecimal": head("Content-Length: 0x5") + "{   }" + hidden,
		"a space before a colon":  head("Content-Length : 5") + "{   }" + hidden,
		"a folded line":           head("Content-Length: 5", " Transfer-Encoding: chunked") + "{   }" + hidden,
		"two encodings":           head("Transfer-Encoding: chunked", "Transfer-Encoding: identity") + "0\r\n\r\n" + hidden,
		"an encoding of two":      head("Transfer-Encoding: identity, chunked") + "0\r\n\r\n" + hidden,
		"an unknown encoding":     head("Transfer-Encoding: xchunked") + "0\r\n\r\n" + hidden,
		"a chunk with a sign":     head("Transfer-Encoding: chunked") + "+0\r\n\r\n" + hidden,
		"two hosts":               "GET / HTTP/1.1\r\nHost: localhost\r\nHost: hidden\r\n\r\n" + hidden,
		"no host":                 "GET / HTTP/1.1\r\n\r\n" + hidden,
		"a null in a header":      head("X: a\x00b", "Content-Length: 0") + hidden,
		"length and encoding":     head("Content-Length: 6", "Transfer-Encoding: chunked") + "0\r\n\r\nG" + hidden,
	}
}

// smuggling sends ambiguous requests. Each must be refused, and the request that is hidden behind it must not be answered.
func smuggling(s *siege) (string, error) {
	var wrong error
	for name, text := range ambiguous() {
		c, err := net.Dial("tcp", s.target.address())
		if err != nil {
			return "", err
		}
		_ = c.SetDeadline(time.Now().Add(5 * time.Second))
		_, _ = io.WriteString(c, text)
		answers := bufio.NewReader(c)
		first := statusOf(answers)
		second := statusOf(answers)
		_ = c.Close()
		s.count("answers " + first)
		if (first[0] != '4' && first != "501") || second == "200" {
			wrong = errors.Join(wrong, fmt.Errorf("%s: answered with %s and then %s", name, first, second))
		}
	}
	return "", wrong
}

// nonces asks for nonces for wallets that never log in.
func nonces(s *siege) (string, error) {
	s.each(8, func(int) {
		c, ok := s.dial()
		if !ok {
			return
		}
		defer func() { _ = c.Close() }()
		answers := bufio.NewReader(c)
		for s.ctx.Err() == nil {
			body := fmt.Sprintf(`{"walletAddress":"0x%040x"}`, rand.Uint64())
			if _, err := io.WriteString(c, harness.Request("POST", noncePath, key, "", body)); err != nil {
				return
			}
			s.count("answers " + statusOf(answers))
		}
	})
	return "", nil
}

// projects adds projects, and goes on when the limit is reached.
func projects(s *siege) (string, error) {
	text := harness.Request("POST", "/_mock/projects", key, "Connection: close\r\n", `{"statements":{"":"`+strings.Repeat("a", 4_000)+`"}}`)
	s.each(8, func(int) { s.exchange(text) })
	<-s.ctx.Done()
	s.clients.Wait()
	if s.counts["429"] == 0 && s.counts["201"] > 20_000 {
		return "", errors.New("the number of projects has no limit")
	}
	return "", nil
}

// journals fills the journals of many projects with the largest exchanges, and then asks for journals without reading the
// answers.
func journals(s *siege) (string, error) {
	text := "/api/v1/chains?" + strings.Repeat("x", 4_000) + "="
	s.each(8, func(int) {
		project, err := s.target.addProject(`{}`)
		if err != nil {
			project = key
		}
		for range 100 {
			if s.ctx.Err() != nil {
				return
			}
			s.exchange(harness.Request("GET", text, project, "Connection: close\r\n", `{"walletAddress":"`+strings.Repeat("z", 3_500)+`"}`))
		}
		if c, ok := s.dial(); ok {
			_, _ = io.WriteString(c, harness.Request("GET", "/_mock/journal", project, "", ""))
			s.count("journals asked for")
		}
	})
	s.each(64, func(int) {
		if c, ok := s.dial(); ok {
			_, _ = io.WriteString(c, harness.Request("GET", "/_mock/journal", key, "", ""))
			s.count("journals asked for")
		}
		s.wait(500 * time.Millisecond)
	})
	return "", nil
}
