package middleware

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// watchedWriter knows whether the answer has begun, and begins an answer without a status with a given one instead of 200.
type watchedWriter struct {
	http.ResponseWriter
	status  int
	written bool
}

func (w *watchedWriter) WriteHeader(status int) {
	w.written = w.written || status >= 200 // below 200 it is not the answer yet
	w.ResponseWriter.WriteHeader(status)
}

func (w *watchedWriter) begin() {
	if !w.written {
		w.WriteHeader(w.status)
	}
}

func (w *watchedWriter) Write(data []byte) (int, error) {
	w.begin()
	return w.ResponseWriter.Write(data)
}

// ReadFrom is for io.Copy.
func (w *watchedWriter) ReadFrom(source io.Reader) (int64, error) {
	w.begin()
	return io.Copy(w.ResponseWriter, source)
}

// Flush is for handlers that look for an http.Flusher.
func (w *watchedWriter) Flush() { _ = w.FlushError() }

// FlushError is for http.ResponseController.
func (w *watchedWriter) FlushError() error {
	w.begin()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack hands over the connection. The answer is then what is written to it.
func (w *watchedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, buffer, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.written = w.written || err == nil
	return connection, buffer, err
}

// Unwrap is for everything else that http.ResponseController can do.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
