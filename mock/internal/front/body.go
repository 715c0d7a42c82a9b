package front

import (
	"bytes"
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
	body, err := readSmall(r, min(h.MaxBodyBytes, limits.SmallBody))
	release = func() {}
	if err == nil && len(body) > limits.SmallBody {
		room := h.MaxBodyBytes
		if r.ContentLength > 0 {
			room = min(room, r.ContentLength)
		}
		var ok bool
		if release, ok = h.Limits.Hold(room); !ok {
			return nil, busy(), func() {}
		}
		var rest []byte
		rest, err = io.ReadAll(io.LimitReader(r.Body, h.MaxBodyBytes+1-int64(len(body))))
		body = append(body, rest...)
	}
	switch {
	case err != nil:
		return nil, refusal.InvalidParameter("the request body broke off"), release
	case int64(len(body)) > h.MaxBodyBytes:
		// A client that is still sending would lose the answer when the connection closes.
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxDrained))
		return nil, refusal.TooLarge("the request body is larger than %d bytes", h.MaxBodyBytes), release
	case bytes.Count(body, []byte(","))+bytes.Count(body, []byte("["))+bytes.Count(body, []byte("{")) > maxBodyValues:
		return nil, refusal.TooLarge("the request body has more than %d values", maxBodyValues), release
	}
	return body, nil, release
}

// readSmall reads a body of up to limit bytes, and one byte more of a larger one.
func readSmall(r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > 0 && r.ContentLength <= limit { // 0 may mean that it is not known, where no server read the request
		body := make([]byte, r.ContentLength)
		_, err := io.ReadFull(r.Body, body)
		return body, err
	}
	return io.ReadAll(io.LimitReader(r.Body, limit+1))
}

func busy() *refusal.Error {
	return refusal.New(http.StatusServiceUnavailable, "the mock has too many large requests and answers under way; try again")
}
