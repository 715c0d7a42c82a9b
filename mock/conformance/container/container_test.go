//go:build linux

package container_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// root is the clone, as seen from here.
const root = "../../.."

// The tests of this package need buildah and take minutes, so they run only where PICKET_CONTAINER is set, as make conformance does.

// service is what the compose file says of a service.
type service struct {
	Command     []string
	Environment map[string]string
}

// image is what the image says of its containers.
type image struct {
	User        string
	Entrypoint  []string
	Healthcheck struct{ Test []string }
}

// buildah builds images and runs containers without a daemon, as root or in "buildah unshare". It has a storage of its own, which is
// removed when the test ends.
type buildah struct{ storage string }

func (b buildah) command(args ...string) *exec.Cmd {
	all := append([]string{"--root", filepath.Join(b.storage, "root"), "--runroot", filepath.Join(b.storage, "run"), "--storage-driver", "vfs"}, args...)
	cmd := exec.Command("buildah", all...)
	cmd.Dir = root
	return cmd
}

// do runs a command, and returns what it prints.
func (b buildah) do(t *testing.T, args ...string) string {
	t.Helper()
	cmd := b.command(args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("buildah %s: %v\n%s%s", args[0], err, out, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

// importGo makes an image golang:1.26 that has only a shell. Go and its caches are mounted from this machine, so that no registry is
// needed.
func (b buildah) importGo(t *testing.T) (mounts []string) {
	t.Helper()
	c := b.do(t, "from", "scratch")
	for _, file := range filesOf(t, "/bin/sh") {
		b.do(t, "copy", "-q", c, file, file)
	}
	b.do(t, "copy", "-q", c, t.TempDir(), "/tmp")
	b.do(t, "config", "--env", "PATH=/usr/local/go/bin:/bin", "--env", "GOPATH=/go", "--env", "GOCACHE=/go/cache", "--env", "GOPROXY=off", "--env", "GOTOOLCHAIN=local", c)
	b.do(t, "commit", "-q", c, "docker.io/library/golang:1.26")
	for name, path := range map[string]string{"GOROOT": "/usr/local/go:ro", "GOMODCACHE": "/go/pkg/mod:ro", "GOCACHE": "/go/cache"} {
		here, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		mounts = append(mounts, "-v", strings.TrimSpace(string(here))+":"+path)
	}
	return mounts
}

// filesOf returns a program and the libraries that it needs.
func filesOf(t *testing.T, program string) []string {
	t.Helper()
	out, err := exec.Command("ldd", program).Output()
	if err != nil {
		t.Fatal(err)
	}
	files := []string{program}
	for word := range strings.FieldsSeq(string(out)) {
		if strings.HasPrefix(word, "/") {
			files = append(files, word)
		}
	}
	return files
}

// container makes a container of an image, in which the name of the service is this machine.
func (b buildah) container(t *testing.T, name string) string {
	t.Helper()
	return b.do(t, "from", "--pull-never", "--add-host", "picket-mock:127.0.0.1", name)
}

// run returns what runs a command in a container.
func (b buildah) run(container string, args ...string) *exec.Cmd {
	return b.command(append([]string{"run", "--isolation", "chroot", container, "--"}, args...)...)
}

// TestTheImageWorksAsTheComposeFileSays builds the image with the Dockerfile, starts the mock as the compose file does, and lets the
// worker of the compose file ask it.
func TestTheImageWorksAsTheComposeFileSays(t *testing.T) {
	if os.Getenv("PICKET_CONTAINER") == "" {
		t.Skip("make conformance runs it")
	}
	if listener, err := net.Listen("tcp", "127.0.0.1:4010"); err != nil {
		t.Fatalf("the compose file uses the port 4010, and something listens there: %v", err)
	} else {
		_ = listener.Close()
	}
	var compose struct{ Services map[string]service }
	text, err := os.ReadFile(filepath.Join(root, "mock/compose.yaml"))
	if err == nil {
		err = yaml.Unmarshal(text, &compose)
	}
	if err != nil {
		t.Fatal(err)
	}
	b := buildah{t.TempDir()}
	mounts := b.importGo(t)
	b.do(t, slices.Concat([]string{"bud", "--format", "docker", "--isolation", "chroot", "--pull-never"}, mounts, []string{"-f", "mock/Dockerfile", "-t", "picket-mock", "."})...)
	var inspected struct{ Docker struct{ Config image } }
	if err := json.Unmarshal([]byte(b.do(t, "inspect", "--type", "image", "picket-mock")), &inspected); err != nil {
		t.Fatal(err)
	}
	built := inspected.Docker.Config
	c := b.container(t, "picket-mock")

	t.Run("the image has nothing in it but the program, and does not run as root", func(t *testing.T) {
		files, err := os.ReadDir(b.do(t, "mount", b.container(t, "picket-mock")))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, file := range files {
			names = append(names, file.Name())
		}
		if diff := cmp.Diff([]string{"picket-mock"}, names); diff != "" || built.User != "65534:65534" {
			t.Errorf("%s, as the user %q", diff, built.User)
		}
	})
	health := func() error {
		if len(built.Healthcheck.Test) < 2 || built.Healthcheck.Test[0] != "CMD" {
			t.Fatalf("the health check is %q", built.Healthcheck.Test)
		}
		return b.run(c, built.Healthcheck.Test[1:]...).Run()
	}
	t.Run("the health check fails before the mock runs", func(t *testing.T) {
		if health() == nil {
			t.Error("it succeeds")
		}
	})
	stop := b.start(t, c, append(built.Entrypoint, compose.Services["picket-mock"].Command...))
	t.Run("the health check succeeds when the mock runs", func(t *testing.T) {
		if err := health(); err != nil {
			t.Error(err)
		}
	})
	t.Run("programs find it by the name of the service, and browsers by localhost", func(t *testing.T) {
		found := map[string]any{}
		read(t, "http://127.0.0.1:4010/api/v1/.well-known/openid-configuration", &found)
		for name, want := range map[string]string{
			"issuer": "http://picket-mock:4010/api/v1", "token_endpoint": "http://picket-mock:4010/api/v1/oauth2/token",
			"authorization_endpoint": "http://localhost:4010/api/v1/oauth2/authorize",
		} {
			if found[name] != want {
				t.Errorf("%s is %v", name, found[name])
			}
		}
	})
	t.Run("the worker of the compose file asks it", func(t *testing.T) {
		folder := t.TempDir()
		build := exec.Command("go", "build", "-o", filepath.Join(folder, "worker"), "./picket/examples/worker")
		build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		w := b.container(t, "picket-mock")
		b.do(t, "copy", "-q", w, filepath.Join(folder, "worker"), "/worker")
		for name, value := range compose.Services["worker"].Environment {
			b.do(t, "config", "--env", name+"="+value, w)
		}
		work := b.run(w, "/worker")
		work.Stdin = strings.NewReader(`{"id":"1","accessToken":"none"}` + "\n")
		var stderr bytes.Buffer
		work.Stderr = &stderr
		out, err := work.Output()
		if err != nil || !strings.Contains(string(out), `"outcome":"refused"`) {
			t.Errorf("%v: %s%s", err, out, stderr.String())
		}
	})
	t.Run("SIGTERM ends it with status 0", func(t *testing.T) {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// start runs the mock in a container until it is stopped or the test ends, and returns once it accepts connections.
func (b buildah) start(t *testing.T, container string, args []string) (stop func() error) {
	t.Helper()
	cmd := b.run(container, args...)
	var log bytes.Buffer
	cmd.Stderr = &log
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	if _, err := lines.ReadString('\n'); err != nil {
		t.Fatalf("the mock printed nothing: %v, %v: %s", err, cmd.Wait(), log.String())
	}
	stopped := false
	stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		// The program is the youngest of its processes: buildah passes no signals on to it.
		if err := syscall.Kill(youngest(cmd.Process.Pid), syscall.SIGTERM); err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, lines)
		return cmd.Wait()
	}
	t.Cleanup(func() { _ = stop() })
	return stop
}

// youngest returns the last of the descendants of a process, each of which has one child at most.
func youngest(pid int) int {
	for {
		tasks, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children")
		child := 0
		for _, task := range tasks {
			text, _ := os.ReadFile(task) // a thread that has ended has no children
			for field := range strings.FieldsSeq(string(text)) {
				child, _ = strconv.Atoi(field)
			}
		}
		if child == 0 {
			return pid
		}
		pid = child
	}
}

func read(t *testing.T, url string, into any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}
