package main

import (
	"slices"
	"strings"
	"testing"
)

func TestTheServerIsMovedAndOtherwiseUnchanged(t *testing.T) {
	text := readServer(t)["main.go"]
	got, err := moved(text, "http://localhost:3001", "127.0.0.1:54321")
	if err != nil {
		t.Fatal(err)
	}
	back := strings.NewReplacer("http://localhost:3001", "http://localhost:3000", `"127.0.0.1:54321"`, `"localhost:3000"`).Replace(got)
	if back != text || strings.Count(got, `"http://localhost:3001"`) != 1 || strings.Count(got, `ListenAndServe("127.0.0.1:54321"`) != 1 || strings.Contains(got, "localhost:3000") {
		t.Errorf("the server became\n%s", got)
	}
}

func TestAServerThatCannotBeMovedIsAnError(t *testing.T) {
	text := readServer(t)["main.go"]
	for _, other := range []string{
		"package main",
		strings.Replace(text, `"http://localhost:3000"`, "origin", 1),
		strings.Replace(text, `ListenAndServe("localhost:3000"`, "ListenAndServe(address", 1),
		text + "\nvar other = \"http://localhost:3000\"\n",
	} {
		if _, err := moved(other, "http://localhost:3001", "127.0.0.1:54321"); err == nil {
			t.Errorf("no error for\n%s", other)
		}
	}
}

func TestSettingsOfTheUserDoNotReachTheServer(t *testing.T) {
	got := withoutSettings([]string{"HOME=/home", "PICKET_API_KEY=sk_live", "PICKET_BASE_URL=https://picketapi.com/api/v1", "PICKET_INSECURE_HTTP_HOSTS=example.com", "PATH=/bin"})
	if !slices.Equal(got, []string{"HOME=/home", "PATH=/bin"}) {
		t.Errorf("got %v", got)
	}
}
