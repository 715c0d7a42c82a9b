package observe

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
)

// Security returns how a request with some headers shows who sent it: basic, bearer, other or none.
func Security(header http.Header) string {
	scheme, _, _ := strings.Cut(header.Get("Authorization"), " ")
	switch scheme = strings.ToLower(scheme); scheme {
	case "":
		return "none"
	case "basic", "bearer":
		return scheme
	}
	return "other"
}

// usual are headers that say nothing about an API: those of connections, content, caches, browsers and hosts. To compile it takes as long as
// to start a mock, which most tests do without observing anything.
var usual = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(?:Access-Control|Content|Cross-Origin|Sec|Cf|Fly|X-Amz|X-Amzn|X-Vercel|X-Cloud|X-Envoy|X-Forwarded|X-Cache|X-Served|X-Timer|X-Frame|X-Content|X-Xss|X-Dns|X-Permitted|X-Download)(?:-.*)?|` +
		`Accept-Ranges|Age|Allow|Alt-Svc|Cache-Control|Connection|Date|Etag|Expect-Ct|Expires|Keep-Alive|Last-Modified|Nel|Origin-Agent-Cluster|Permissions-Policy|Pragma|` +
		`Proxy-.*|Referrer-Policy|Report-To|Reporting-Endpoints|Server|Server-Timing|Set-Cookie|Strict-Transport-Security|Te|Trailer|Transfer-Encoding|Upgrade|` +
		`Vary|Via|X-Powered-By|X-Request-Id|X-Correlation-Id|X-Trace-Id|Traceparent|Tracestate|X-Robots-Tag|X-Runtime|Content-Security-Policy.*)$`)
})

func isUsual(header string) bool { return usual().MatchString(header) }
