package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// serverPackage is the program that README.md shows.
const serverPackage = "github.com/seed-a13ee279/picket/picket/examples/server"

// A server is the program of README.md, which runs.
type server struct {
	url  *url.URL
	stop func()
}

// startServer builds the server for an origin, and starts it. The program is as README.md has it, except that it does not listen where
// its origin is: there is the shop, which passes requests on to it.
func startServer(ctx context.Context, stderr io.Writer, origin, apiURL, secretKey string) (*server, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "picket-shop-")
	if err != nil {
		return nil, err
	}
	program := filepath.Join(dir, "server.exe") // Windows runs only files with this ending
	if err := build(ctx, dir, program, origin, address); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	command := exec.CommandContext(ctx, program)
	command.Stderr = stderr
	command.Env = append(withoutSettings(os.Environ()), "PICKET_API_KEY="+secretKey, "PICKET_BASE_URL="+apiURL, "LOGIN_KEY="+newKey())
	process, err := harness.Start(command)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	stop := func() {
		process.Kill()
		_ = os.RemoveAll(dir)
	}
	err = process.Answers(func() error {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		return connection.Close()
	})
	if err != nil {
		stop()
		return nil, err
	}
	return &server{&url.URL{Scheme: "http", Host: address}, stop}, nil
}

// build compiles the server with another origin and address in its text.
func build(ctx context.Context, dir, program, origin, address string) error {
	out, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", serverPackage).Output()
	if err != nil {
		return fmt.Errorf("cannot find the source of the server; run make shop in a clone of this repository, where the go command is: %w", err)
	}
	source := filepath.Join(strings.TrimSpace(string(out)), "main.go")
	text, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	changed, err := moved(string(text), origin, address)
	if err != nil {
		return fmt.Errorf("%s: %w", source, err)
	}
	changedFile, overlayFile := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{source: changedFile}})
	if err != nil {
		return err
	}
	if err := errors.Join(os.WriteFile(changedFile, []byte(changed), 0o600), os.WriteFile(overlayFile, overlay, 0o600)); err != nil {
		return err
	}
	if out, err := exec.CommandContext(ctx, "go", "build", "-overlay", overlayFile, "-o", program, serverPackage).CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w: %s", serverPackage, err, out)
	}
	return nil
}

// moved returns the text of the server for another origin, and for another address to listen at.
func moved(text, origin, address string) (string, error) {
	const namesOrigin, listens = `"http://localhost:3000"`, `ListenAndServe("localhost:3000"`
	if strings.Count(text, namesOrigin) != 1 || strings.Count(text, listens) != 1 {
		return "", fmt.Errorf("the program no longer has %s and %s once each; change how picket-shop moves it", namesOrigin, listens)
	}
	return strings.NewReplacer("http://localhost:3000", origin, listens, fmt.Sprintf("ListenAndServe(%q", address)).Replace(text), nil
}

// withoutSettings leaves out what would send the client of the server elsewhere than to the mock.
func withoutSettings(environment []string) []string {
	return slices.DeleteFunc(environment, func(variable string) bool { return strings.HasPrefix(variable, "PICKET_") })
}

// newKey returns a key as openssl rand -base64 32 makes it.
func newKey() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return base64.StdEncoding.EncodeToString(key)
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
