package mock_test

import (
	"slices"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

func TestTheOperationsOfTheAPIAreListed(t *testing.T) {
	type operation struct {
		OperationID, Method, Path, Summary string
		Statuses                           []int
		Body                               any
	}
	srv := mock.Start(t)
	var list []operation
	control(t, srv, "", "GET", "/operations", "", &list)
	i := slices.IndexFunc(list, func(o operation) bool { return o.OperationID == "nonce" })
	if i < 0 {
		t.Fatalf("got %+v", list)
	}
	nonce := list[i]
	body, _ := nonce.Body.(map[string]any)
	if nonce.Method != "POST" || nonce.Path != "/api/v1/auth/nonce" || nonce.Summary == "" || !slices.Contains(nonce.Statuses, 200) || !slices.Contains(nonce.Statuses, 401) || body["walletAddress"] == nil {
		t.Errorf("got %+v", nonce)
	}
	if !slices.IsSortedFunc(list, func(a, b operation) int { return slices.Compare([]byte(a.Path), []byte(b.Path)) }) {
		t.Errorf("the list is not in the order of the paths: %+v", list)
	}
}
