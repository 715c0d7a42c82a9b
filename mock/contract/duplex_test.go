package contract_test

import (
	"io"
	"net/http"
	"testing"
)

func TestAnAnswerThatBeginsBeforeItsRequestEndsArrivesWhole(t *testing.T) {
	leavesNothing(t)
	target := origin(t, func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).EnableFullDuplex(); err != nil {
			t.Error(err)
		}
		first := make([]byte, 1)
		if _, err := io.ReadFull(r.Body, first); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		rest, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("the request broke off: %v", err)
		}
		_, _ = w.Write(append(first, rest...))
	})
	server, _ := startProxy(t, target.URL+"/api/v1")

	body, write := io.Pipe()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/v1/auth/nonce", body)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = write.Write([]byte("{")) }()
	response, err := plain(t).RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	go func() {
		_, _ = write.Write([]byte("}"))
		_ = write.Close()
	}()
	if answer, err := io.ReadAll(response.Body); err != nil || string(answer) != "{}" {
		t.Errorf("the answer is %q, %v", answer, err)
	}
}
