package mock_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

// What does not depend on the server is made once in a process: suites have a server for each of their tests.
func TestASecondServerAllocatesLittle(t *testing.T) {
	newServer := func() {
		if _, err := mock.New(); err != nil {
			t.Fatal(err)
		}
	}
	newServer()
	if allocations := testing.AllocsPerRun(10, newServer); allocations > 400 {
		t.Errorf("a server takes %v allocations, more than 400", allocations)
	}
}

func TestTheMockMayBeMountedBelowAPatternWithItsOwnParameters(t *testing.T) {
	srv, err := mock.New()
	if err != nil {
		t.Fatal(err)
	}
	var after string
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{chain}/", func(w http.ResponseWriter, r *http.Request) {
		srv.Handler().ServeHTTP(w, r)
		after = r.PathValue("chain")
	})
	request := httptest.NewRequest(http.MethodGet, "/api/v1/chains/ethereum", http.NoBody)
	request.SetBasicAuth(srv.SecretKey, "")
	response := httptest.NewRecorder()
	mux.ServeHTTP(response, request)
	if response.Code != http.StatusOK || after != "v1" {
		t.Errorf("got %d %s, and the parameter %q", response.Code, response.Body, after)
	}
}
