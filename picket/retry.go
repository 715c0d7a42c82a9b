package picket

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// watchConnection returns a context for a request, and a function that reports whether the request got a connection, after which
// the API may have seen it.
func watchConnection(ctx context.Context) (context.Context, func() bool) {
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	return ctx, connected.Load
}

// neverConnected reports whether a transport's error says that no connection could be made.
func neverConnected(err error) bool {
	var failure *net.OpError
	return errors.As(err, &failure) && (failure.Op == "dial" || failure.Op == "proxyconnect")
}

// isTransient reports whether a transport may succeed the next time after an error. With a certificate that does not verify it
// will not.
func isTransient(err error) bool {
	var (
		transport   *url.Error
		certificate *tls.CertificateVerificationError
	)
	return errors.As(err, &transport) && !errors.As(err, &certificate)
}

// isTransientStatus reports whether a status says that the same request may succeed later. An operation that works only once is
// repeated only when the server says that it did nothing, with 429 or 503, and when to come back.
func isTransientStatus(status int, once, asked bool) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return asked || !once
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return !once
	}
	return false
}

// wait returns how long to wait after the given number of tries: as long as the server asked for, or else twice as long as the
// last time, less up to a half at random, so that clients that failed together do not come back together.
func (s callSettings) wait(tries int, asked time.Duration) time.Duration {
	if asked > 0 {
		return min(asked, s.maxWait)
	}
	backoff := s.minWait
	for i := 1; i < tries && backoff < s.maxWait; i++ {
		backoff = min(backoff, s.maxWait/2) * 2 // which cannot overflow
	}
	backoff = min(backoff, s.maxWait)
	return backoff - rand.N(backoff/2+1)
}

// sleep waits, and reports whether it waited to the end. It does not begin a wait that would last beyond the deadline of ctx.
func sleep(ctx context.Context, wait time.Duration) bool {
	if deadline, ok := ctx.Deadline(); ctx.Err() != nil || (ok && time.Until(deadline) <= wait) {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// retryAfter reads Retry-After (RFC 9110 section 10.2.3), a number of seconds or a date, and reports whether there is one.
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	text := strings.TrimSpace(header.Get("Retry-After"))
	const most = 1<<63 - 1
	seconds, err := strconv.ParseUint(text, 10, 64)
	// Digits that overflow are noticed before what follows them is, such as a letter.
	if err == nil || (errors.Is(err, strconv.ErrRange) && strings.Trim(text, "0123456789") == "") {
		return time.Duration(min(seconds, most/uint64(time.Second))) * time.Second, true
	}
	date, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return max(date.Sub(now), 0), true
}
