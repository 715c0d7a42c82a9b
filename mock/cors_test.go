package mock_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

func TestAPageMaySendEveryHeaderThatItAsksFor(t *testing.T) {
	srv := mock.Start(t)
	preflight := func(asked string) answer {
		return send(t, srv, "", http.MethodOptions, "/auth", "", "Origin", "https://example.com", "Access-Control-Request-Method", "POST",
			"Access-Control-Request-Headers", asked)
	}
	always := preflight("").header.Get("Access-Control-Allow-Headers") // with those that the contract has for operations
	if !strings.HasPrefix(always, "Authorization, Content-Type, Prefer") {
		t.Errorf("always allowed: %s", always)
	}
	many := strings.TrimSuffix(strings.Repeat("x-a,", 512), ",")
	for name, test := range map[string]struct{ asked, want string }{
		"nothing":               {"", always},
		"what is known":         {"authorization,content-type", always},
		"tracing":               {"authorization, traceparent,  tracestate,baggage,sentry-trace", always + ", traceparent, tracestate, baggage, sentry-trace"},
		"twice":                 {"X-B3,x-b3,PREFER", always + ", X-B3"},
		"what is no name":       {`x a,é,"x",x;y,,traceparent`, always + ", traceparent"},
		"up to the limit":       {many, always + ", x-a"},
		"more than can be real": {many + ",x-b", always},
	} {
		t.Run(name, func(t *testing.T) {
			got := preflight(test.asked)
			if allowed := got.header.Get("Access-Control-Allow-Headers"); got.status != http.StatusNoContent || allowed != test.want {
				t.Errorf("got %d, %.200q", got.status, allowed)
			}
		})
	}
}
