package picket

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ResponseInfo is what the response to a call says besides its body; see WithResponseInfo. It holds no API key, access token or
// signature, even if the server sent one back, and no cookies.
type ResponseInfo struct {
	// StatusCode is the HTTP status. It is 0 when no response arrived.
	StatusCode int
	// RequestID is the X-Request-Id, which helps Picket's support to find the request. It is empty when there was none.
	RequestID string
	// Tries says how many times the client tried to send the request. It is 0 when an argument was invalid.
	Tries int
	// RetryAfter is how long the server asked to wait, in Retry-After. It is 0 when it did not ask.
	RetryAfter time.Duration
	// RateLimit says how many more requests the server takes for now. It is nil when the response does not say.
	RateLimit *RateLimit
	// Header has those of the response's headers that describe the response or the server: Content-Type, Date, Deprecation,
	// Retry-After, Server, Sunset, Via, X-Request-Id, and all that begin with RateLimit- or X-RateLimit-.
	Header http.Header
}

// RateLimit is how many requests a server takes. The documentation of the Picket API names no headers for it, so the usual ones
// are read: RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset (draft-ietf-httpapi-ratelimit-headers-06), and otherwise
// those with X- in front. A response without the number of remaining requests has no RateLimit.
type RateLimit struct {
	// Limit is the number of requests that the server takes in a period. It is 0 when the response does not say.
	Limit int64
	// Remaining is the number of requests that are left of it.
	Remaining int64
	// Reset is when the next period begins. It is the zero Time when the response does not say. The header gives seconds from
	// now or, from 1,000,000,000 on, seconds since 1970.
	Reset time.Time
}

// WithResponseInfo fills info with what the response of a call says besides its body: its status, request ID, rate limit and
// so on. It does so for calls that fail, too; of a call that was repeated it is the last response. What info held before is
// removed.
//
// It is for one call: given to New, it is an error. The call writes to info, so calls that run at the same time need one each.
func WithResponseInfo(info *ResponseInfo) CallOption {
	return func(s *callSettings) error {
		if info == nil {
			return errors.New("WithResponseInfo: the info is nil")
		}
		*info = ResponseInfo{}
		s.info = info
		return nil
	}
}

func (c *Client) responseInfo(t tried, op operation, tries int, now time.Time) ResponseInfo {
	info := ResponseInfo{StatusCode: t.status, Tries: tries}
	if t.header == nil {
		return info
	}
	info.RequestID = c.requestID(t.header, op)
	info.RetryAfter, _ = retryAfter(t.header, now)
	info.RateLimit = rateLimit(t.header, now)
	info.Header = http.Header{}
	for name, values := range t.header {
		if !isShown(name) || c.scrub(name, op.secrets...) != name {
			continue
		}
		for _, value := range values {
			info.Header.Add(name, c.scrub(value, op.secrets...))
		}
	}
	return info
}

func (c *Client) requestID(header http.Header, op operation) string {
	return c.scrub(header.Get("X-Request-Id"), op.secrets...)
}

// isShown reports whether a header, in canonical form, is one of those that ResponseInfo has.
func isShown(name string) bool {
	switch name {
	case "Content-Type", "Date", "Deprecation", "Retry-After", "Server", "Sunset", "Via", "X-Request-Id":
		return true
	}
	return strings.HasPrefix(name, "Ratelimit-") || strings.HasPrefix(name, "X-Ratelimit-")
}

func rateLimit(header http.Header, now time.Time) *RateLimit {
	for _, prefix := range []string{"RateLimit-", "X-RateLimit-"} {
		remaining, ok := count(header.Get(prefix + "Remaining"))
		if !ok {
			continue
		}
		limit, _ := count(header.Get(prefix + "Limit"))
		return &RateLimit{Limit: limit, Remaining: remaining, Reset: reset(header.Get(prefix+"Reset"), now)}
	}
	return nil
}

// reset reads when a period begins.
func reset(text string, now time.Time) time.Time {
	const sinceEpoch, latest = 1_000_000_000, 253_402_300_799 // the last second of the year 9999
	switch seconds, ok := count(text); {
	case !ok || seconds > latest:
		return time.Time{}
	case seconds >= sinceEpoch:
		return time.Unix(seconds, 0).UTC()
	default:
		return now.Add(time.Duration(seconds) * time.Second).UTC()
	}
}

// count reads a number that is not negative.
func count(text string) (int64, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 63)
	return int64(n), err == nil
}
