package faults

import (
	"maps"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// Response is what the client would get without a fault.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Write sends the response.
func (r Response) Write(w http.ResponseWriter) {
	maps.Copy(w.Header(), r.Header)
	w.WriteHeader(r.Status)
	_, _ = w.Write(r.Body) // fails only when the client is gone
}

// Answer sends what the client gets instead of a response.
func (f Fault) Answer(w http.ResponseWriter, r *http.Request, response Response) {
	switch f.Kind {
	case Status:
		if f.RetryAfter != "" {
			w.Header().Set("Retry-After", f.RetryAfter)
		}
		(&refusal.Error{Status: f.Status, Code: f.Code, Message: http.StatusText(f.Status) + " (an injected fault)"}).Write(w)
	case Reset, Empty:
		hangUp(w, f.Kind == Reset)
	case Truncate:
		response.Header.Set("Content-Length", strconv.Itoa(len(response.Body)))
		response.Body = response.Body[:len(response.Body)/2]
		response.Write(w)
		_ = http.NewResponseController(w).Flush()
		hangUp(w, false)
	case Malformed:
		response.Header.Del("Content-Length")
		response.Body = []byte(`{"this": "is not JSON", `)
		response.Write(w)
	case ContentType:
		response.Header.Set("Content-Type", "text/html; charset=utf-8")
		response.Body = []byte("<!doctype html><title>A page</title><p>This is not the API.</p>\n")
		response.Write(w)
	case Drip:
		f.drip(w, r, response)
	default:
		response.Write(w)
	}
}

func (f Fault) drip(w http.ResponseWriter, r *http.Request, response Response) {
	body := response.Body
	response.Body = nil
	response.Header.Set("Content-Length", strconv.Itoa(len(body)))
	response.Write(w)
	control := http.NewResponseController(w)
	for i := range body {
		_, _ = w.Write(body[i : i+1]) // fails only when the client is gone
		_ = control.Flush()
		if !wait(r, f.Interval) {
			return
		}
	}
}

// Wait waits for the fault's delay, in real time, and reports whether the client is still there.
func (f Fault) Wait(r *http.Request) bool { return wait(r, f.Delay) }

func wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// hangUp closes the connection. With a reset, the client gets a TCP RST. HTTP/2 resets the stream in either case.
func hangUp(w http.ResponseWriter, reset bool) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // resets the stream, because the others of an HTTP/2 connection are not concerned
	}
	if secured, ok := connection.(interface{ NetConn() net.Conn }); ok {
		connection = secured.NetConn() // TLS would say goodbye first
	}
	if tcp, ok := connection.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}
