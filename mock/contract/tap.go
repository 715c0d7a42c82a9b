package contract

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"
)

// ending says how the reading of a body ended; as text, it says why the body is not checked.
type ending string

const (
	complete ending = ""
	tooLarge ending = "the body is larger than the limit for checks"
	early    ending = "the body was not read to its end"
	broken   ending = "the body broke off"
)

// tap keeps a copy of a body while it is read, up to a limit. It calls done once: before it returns the last bytes, or when no more can
// come.
type tap struct {
	body   io.ReadCloser
	length int64 // as announced, or -1
	limit  int64
	done   func(how ending, kept []byte)

	mu       sync.Mutex
	seen     int64
	kept     []byte
	finished bool
}

// newTap returns a tap, on which done is still to be set. A length of 0 counts as unknown, because there is a body.
func newTap(body io.ReadCloser, length, limit int64) *tap {
	if length == 0 {
		length = -1
	}
	return &tap{body: body, length: length, limit: limit}
}

func (t *tap) Read(p []byte) (int, error) {
	n, err := t.body.Read(p)
	t.mu.Lock()
	if t.seen += int64(n); t.seen <= t.limit {
		t.kept = append(t.kept, p[:n]...)
	} else {
		t.kept = nil
	}
	ended := err != nil || t.seen == t.length
	t.mu.Unlock()
	if ended {
		t.finish(err)
	}
	return n, err
}

func (t *tap) Close() error {
	err := t.body.Close()
	t.finish(errClosed)
	return err
}

var errClosed = errors.New("closed")

func (t *tap) finish(err error) {
	t.mu.Lock()
	first := !t.finished
	t.finished = true
	how, kept := complete, t.kept
	switch {
	case t.seen > t.limit:
		how = tooLarge
	case err == errClosed:
		how = early
	case err != nil && err != io.EOF:
		how = broken
	}
	t.mu.Unlock()
	if first {
		t.done(how, kept)
	}
}

var errNotGzip = errors.New("the body is not gzip, as its Content-Encoding says")

// decode removes the content coding of a body (RFC 9110 section 8.4). If the body cannot be checked, how says why.
func decode(header http.Header, body []byte, limit int64) (decoded []byte, how ending, err error) {
	switch strings.ToLower(strings.TrimSpace(strings.Join(header.Values("Content-Encoding"), ","))) {
	case "", "identity":
		return body, complete, nil
	case "gzip", "x-gzip":
	default:
		return nil, "the body has a content coding other than gzip", nil
	}
	if len(body) == 0 {
		return body, complete, nil // a response to HEAD, or a 304
	}
	reader, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, complete, errNotGzip
	}
	decoded, err = io.ReadAll(io.LimitReader(reader, limit+1))
	switch {
	case int64(len(decoded)) > limit:
		return nil, tooLarge, nil
	case err != nil:
		return nil, complete, errNotGzip
	}
	return decoded, complete, nil
}

// isWholeJSON reports whether the part of a body that was read is a whole JSON value, without a content coding.
func isWholeJSON(header http.Header, body []byte) bool {
	return strings.HasPrefix(header.Get("Content-Type"), "application/json") && header.Get("Content-Encoding") == "" &&
		utf8.Valid(body) && json.Valid(body)
}
