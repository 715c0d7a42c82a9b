package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestAClientThatHangsDoesNotKeepTheProgram stops the mock while a client has sent half of a request, and the proxy while its target
// does not answer.
func TestAClientThatHangsDoesNotKeepTheProgram(t *testing.T) {
	asked := make(chan struct{})
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	}))
	t.Cleanup(target.Close)
	for name, test := range map[string]struct {
		args    []string
		request string
		isUnder func(t *testing.T, connection net.Conn) // returns when the request is under way
	}{
		"mock": {nil, "POST /api/v1/auth/nonce HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n",
			func(t *testing.T, connection net.Conn) { // the server asks for the body once it reads it
				if answer, err := bufio.NewReader(connection).ReadString('\n'); err != nil || !strings.Contains(answer, "100 Continue") {
					t.Errorf("got %q, %v", answer, err)
				}
			}},
		"proxy": {[]string{"proxy", "-target", target.URL}, "GET /api/v1/chains HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic c2tfMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA6\r\n\r\n",
			func(*testing.T, net.Conn) { <-asked }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // it takes the five seconds that requests under way have
			ctx, stop := context.WithCancel(t.Context())
			reader, writer := io.Pipe()
			exited := make(chan int, 1)
			var stderr strings.Builder
			go func() {
				exited <- run(ctx, append(test.args, "-addr", "127.0.0.1:0"), writer, &stderr)
				_ = writer.Close()
			}()
			lines := bufio.NewReader(reader)
			first, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			go func() { _, _ = io.Copy(io.Discard, lines) }()
			connection, err := net.Dial("tcp", strings.Split(baseOf([]string{first}), "/")[2])
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = connection.Close() }()
			if _, err := io.WriteString(connection, test.request); err != nil {
				t.Fatal(err)
			}
			test.isUnder(t, connection)
			stop()
			if status := <-exited; status != exitStopped || !strings.Contains(stderr.String(), "requests were cut off") {
				t.Errorf("exited with %d: %s", status, stderr.String())
			}
		})
	}
}
