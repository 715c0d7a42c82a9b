package mock

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"github.com/seed-a13ee279/picket/picket"
)

// maxDrained bounds what is read of a body that is too large, in bytes.
const maxDrained = 32 << 20

// readBody returns the body of a request, or why it is refused, and a function to be called when the request is answered:
// large bodies are let in as far as there is room, and few at a time.
func (s *Server) readBody(r *http.Request) (body []byte, refused *apiError, done func()) {
	limit, limits := s.settings.maxBodyBytes, s.settings.limits
	done = func() {}
	var err error
	if small := min(limit, smallBody); r.ContentLength > 0 && r.ContentLength <= small { // 0 may be unknown, where no server read the request
		body = make([]byte, r.ContentLength)
		_, err = io.ReadFull(r.Body, body)
	} else {
		body, err = io.ReadAll(io.LimitReader(r.Body, small+1))
	}
	if err == nil && len(body) > smallBody {
		room := min(limit, maxInFlightBytes)
		if r.ContentLength > 0 {
			room = min(room, r.ContentLength)
		}
		if !limits.inFlight.TryAcquire(room) {
			return nil, busy(), done
		}
		done = func() { limits.inFlight.Release(room) }
		var rest []byte
		rest, err = io.ReadAll(io.LimitReader(r.Body, limit+1-int64(len(body))))
		body = append(body, rest...)
		if err == nil && limits.heavy.Acquire(r.Context(), 1) == nil {
			done = func() { limits.inFlight.Release(room); limits.heavy.Release(1) }
		}
	}
	switch {
	case err == nil && bytes.Count(body, []byte(","))+bytes.Count(body, []byte("["))+bytes.Count(body, []byte("{")) > maxBodyValues:
		return nil, &apiError{http.StatusRequestEntityTooLarge, picket.CodeParameterInvalid,
			fmt.Sprintf("the request body has more than %d values", maxBodyValues)}, done
	case err != nil:
		return nil, invalidParameter("the request body broke off"), done
	case int64(len(body)) > limit:
		// A client that is still sending would lose the answer when the connection closes.
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxDrained))
		return nil, &apiError{http.StatusRequestEntityTooLarge, picket.CodeParameterInvalid,
			fmt.Sprintf("the request body is larger than %d bytes", limit)}, done
	}
	return body, nil, done
}

func busy() *apiError {
	return &apiError{status: http.StatusServiceUnavailable, message: "the mock has too many large requests and answers under way; try again"}
}

// send sends an answer; a large one only as far as there is room for those that clients are slow to take.
func (s *Server) send(w http.ResponseWriter, answer *recorder) {
	if size := min(int64(answer.body.Len()), maxInFlightBytes); size > smallBody {
		if !s.settings.limits.inFlight.TryAcquire(size) {
			busy().write(w)
			return
		}
		defer s.settings.limits.inFlight.Release(size)
	}
	answer.copyTo(w)
}
