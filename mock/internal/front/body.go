package front

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

const (
	// maxDrained bounds what is read of a body that is too large, in bytes.
	maxDrained = 32 << 20
	// maxBodyValues is how many values a JSON body has at most: decoded, a small value takes many times its size.
	maxBodyValues = 20_000
)

// readBody reads the body of a request. A large one is read only if there is room for it, which is given back by release.
func (h *Handler) readBody(r *http.Request) (body []byte, refused *refusal.Error, release func()) {
	from, length := decoded(r)
	body, err := readSmall(from, length, min(h.MaxBodyBytes, limits.SmallBody))
	release = func() {}
	if err == nil && len(body) > limits.SmallBody {
		room := h.MaxBodyBytes
		if length > 0 {
			room = min(room, length)
		}
		var ok bool
		if release, ok = h.Limits.Hold(room); !ok {
			return nil, busy(), func() {}
		}
		var rest []byte
		rest, err = io.ReadAll(io.LimitReader(from, h.MaxBodyBytes+1-int64(len(body))))
		body = append(body, rest...)
	}
	switch {
	case errors.Is(err, errNotGzip):
		return nil, errNotGzip, release
	case err != nil:
		return nil, refusal.InvalidParameter("the request body broke off"), release
	case int64(len(body)) > h.MaxBodyBytes:
		// A client that is still sending would lose the answer when the connection closes.
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxDrained))
	}
	if refused = h.CheckSize("the request body", body); refused != nil {
		return nil, refused, release
	}
	return body, nil, release
}

// CheckSize refuses a body that is larger than the mock reads one. What is what the body is called.
func (h House) CheckSize(what string, body []byte) *refusal.Error {
	switch {
	case int64(len(body)) > h.MaxBodyBytes:
		return refusal.TooLarge("%s is larger than %d bytes", what, h.MaxBodyBytes)
	case bytes.Count(body, []byte(","))+bytes.Count(body, []byte("["))+bytes.Count(body, []byte("{")) > maxBodyValues:
		return refusal.TooLarge("%s has more than %d values", what, maxBodyValues)
	}
	return nil
}

// readSmall reads a body of up to limit bytes, and one byte more of a larger one. The length is 0 when it is not known.
func readSmall(from io.Reader, length, limit int64) ([]byte, error) {
	if length > 0 && length <= limit {
		body := make([]byte, length)
		_, err := io.ReadFull(from, body)
		return body, err
	}
	return io.ReadAll(io.LimitReader(from, limit+1))
}

func busy() *refusal.Error {
	return refusal.New(http.StatusServiceUnavailable, "the mock has too many large requests and answers under way; try again")
}
