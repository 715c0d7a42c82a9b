//go:build unix

package repository_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestTheContainerOfTheMocksREADMEWorks builds the program as the Dockerfile does, and starts it with the arguments of the
// Dockerfile and of the compose file: the mock must take control under the name of the service, and under no other.
func TestTheContainerOfTheMocksREADMEWorks(t *testing.T) {
	needPorts(t)
	var dockerfile string
	var compose struct {
		Services map[string]struct {
			Command     []string
			Environment map[string]string
		}
	}
	for _, b := range blocksOf(t, "mock/README.md") {
		switch {
		case b.language == "dockerfile":
			dockerfile = b.text
		case b.language == "yaml" && strings.HasPrefix(b.text, "services:"):
			if err := yaml.Unmarshal([]byte(b.text), &compose); err != nil {
				t.Fatal(err)
			}
		}
	}
	const service = "picket-mock"
	if url := compose.Services["tests"].Environment["PICKET_BASE_URL"]; url != "http://"+service+":4010/api/v1" {
		t.Errorf("the tests look for the mock at %q", url)
	}
	instruction := func(name string) string {
		match := regexp.MustCompile(`(?m)^` + name + ` (.*)$`).FindStringSubmatch(dockerfile)
		if match == nil {
			t.Fatalf("the Dockerfile has no %s", name)
		}
		return match[1]
	}
	var entry []string
	if err := json.Unmarshal([]byte(instruction("ENTRYPOINT")), &entry); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "picket-mock")
	command(t, "sh", "-ec", strings.Replace(instruction("RUN"), entry[0], program, 1))

	arguments := append(entry[1:], compose.Services[service].Command...)
	at := slices.Index(arguments, "0.0.0.0:4010")
	if at < 0 {
		t.Fatalf("the arguments are %q", arguments)
	}
	arguments[at] = "127.0.0.1:4010"
	url := "http://127.0.0.1:4010"
	startIn(t, root, "exec "+program+" "+strings.Join(arguments, " "), url+"/api/v1")
	for host, want := range map[string]int{service + ":4010": http.StatusOK, "elsewhere:4010": http.StatusForbidden} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/_mock/health", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("the mock answers %d to the host %s, and not %d", response.StatusCode, host, want)
		}
	}
}
