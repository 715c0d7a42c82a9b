package mock_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
)

// seenChain is a file of observations in which every answer of GET /chains/{chain} has a header that the contract does not have.
const seenChain = `{"version": 1, "operations": {"GET /chains/{chain}": {"from": "2026-01-02", "to": "2026-01-03", "count": 3, "responses": {"200":
	{"from": "2026-01-02", "to": "2026-01-03", "count": 3, "headers": {"X-Label": {"from": "2026-01-02", "to": "2026-01-03", "types": {"string": 3}}}}}}}}`

func TestEachDifferenceIsTold(t *testing.T) {
	srv := mock.Start(t, mock.WithDrift("seen.json", []byte(seenChain)))
	want := []mock.Difference{{Says: "GET /chains/{chain}.responses.200: a further header, X-Label", SeenIn: "3 of 3 answers of chain, 2026-01-02 to 2026-01-03", Place: "/paths/~1chains~1{chain}/get/responses/200/headers"}}
	if diff := cmp.Diff(want, srv.Drift()); diff != "" {
		t.Error(diff)
	}
	var listed any
	control(t, srv, "", "GET", "/drift", "", &listed)
	shown := []any{map[string]any{"says": want[0].Says, "seenIn": want[0].SeenIn, "place": want[0].Place}}
	if diff := cmp.Diff(any(shown), listed); diff != "" {
		t.Error(diff)
	}
	control(t, mock.Start(t), "", "GET", "/drift", "", &listed)
	if diff := cmp.Diff(any([]any{}), listed); diff != "" {
		t.Errorf("without drift: %s", diff)
	}
}

func TestFilesOfObservationsAreReadAsOne(t *testing.T) {
	once := mock.Start(t, mock.WithDrift("a.json", []byte(seenChain)))
	twice := mock.Start(t, mock.WithDrift("a.json", []byte(seenChain)), mock.WithDrift("b.json", []byte(seenChain)))
	if got := twice.Drift()[0].SeenIn; got != "6 of 6 answers of chain, 2026-01-02 to 2026-01-03" {
		t.Errorf("it was seen in %s", got)
	}
	if got := once.Drift()[0].SeenIn; got != "3 of 3 answers of chain, 2026-01-02 to 2026-01-03" {
		t.Errorf("of one file it was seen in %s", got)
	}
}

func TestAFileThatIsNoFileOfObservationsIsAnErrorThatNamesIt(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"no JSON":         {"hello", "mock: WithDrift: seen.json: it is no file of observations"},
		"another version": {`{"version": 99}`, "mock: WithDrift: seen.json: it has the version 99"},
		"a wrong day":     {strings.Replace(seenChain, "2026-01-02", "yesterday", 1), "mock: WithDrift: seen.json: GET /chains/{chain}: "},
	} {
		if _, err := mock.New(mock.WithDrift("seen.json", []byte(test.text))); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
