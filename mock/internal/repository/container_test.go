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

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock"
)

func TestTheMocksREADMEShowsTheFilesForContainers(t *testing.T) {
	for _, file := range []struct{ name, language, begins string }{{"Dockerfile", "dockerfile", ""}, {"compose.yaml", "yaml", "services:"}} {
		text := string(read(t, filepath.Join(root, "mock", file.name)))
		_, text, _ = strings.Cut(text, "\n") // without the comment that says what it is for
		if !slices.ContainsFunc(blocksOf(t, "mock/README.md"), func(b block) bool {
			return b.language == file.language && strings.HasPrefix(b.text, file.begins) && b.text == text
		}) {
			t.Errorf("mock/README.md does not show mock/%s as it is", file.name)
		}
	}
}

// TestTheContainerOfTheMockWorks builds the program as the Dockerfile does, and starts it with the arguments of the Dockerfile and of
// the compose file: the mock must take control under the name of the service, and under no other. make conformance builds the image.
func TestTheContainerOfTheMockWorks(t *testing.T) {
	needPorts(t)
	dockerfile := string(read(t, filepath.Join(root, "mock/Dockerfile")))
	var compose struct {
		Services map[string]struct {
			Command     []string
			Environment map[string]string
		}
	}
	if err := yaml.Unmarshal(read(t, filepath.Join(root, "mock/compose.yaml")), &compose); err != nil {
		t.Fatal(err)
	}
	const service = "picket-mock"
	want := map[string]string{
		"PICKET_API_KEY": mock.DefaultSecretKey, "PICKET_PROJECT_ID": mock.DefaultProjectID,
		"PICKET_BASE_URL": "http://" + service + ":4010/api/v1", "PICKET_INSECURE_HTTP_HOSTS": service,
	}
	if diff := cmp.Diff(want, compose.Services["worker"].Environment); diff != "" {
		t.Error(diff)
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
