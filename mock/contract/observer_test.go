package contract_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// observer returns an Observer of a new file.
func observer(t testing.TB) (*contract.Observer, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "seen.json")
	o, err := contract.NewObserver(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o, file
}

// replying is a transport that answers without a server.
type replying func(*http.Request) *http.Response

func (reply replying) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	response := reply(r)
	response.Request = r
	return response, nil
}

// reply returns an answer with a body of JSON.
func reply(status int, body string) *http.Response {
	recorder := httptest.NewRecorder()
	recorder.Header().Set("Content-Type", "application/json")
	recorder.WriteHeader(status)
	_, _ = recorder.WriteString(body)
	return recorder.Result()
}

func callChain(t testing.TB, transport http.RoundTripper, path string) {
	t.Helper()
	response, err := transport.RoundTrip(mustRequest(t, "http://127.0.0.1"+spec.BasePath+path))
	if err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 64<<10)
	for err == nil {
		_, err = response.Body.Read(buffer)
	}
	_ = response.Body.Close()
}

func readFile(t testing.TB, file string) *observe.Log {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	log, err := observe.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

const aChain = `{"chainSlug":"polygon","chainId":137,"chainType":"ethereum","chainName":"Polygon","authorizationSupported":true}`

func TestAnObserverGoesOnFromWhatItsFileHas(t *testing.T) {
	leavesNothing(t)
	file := filepath.Join(t.TempDir(), "seen.json")
	for n := int64(1); n <= 3; n++ {
		o, err := contract.NewObserver(file)
		if err != nil {
			t.Fatal(err)
		}
		transport := contract.NewTransport(replying(func(*http.Request) *http.Response { return reply(200, aChain) }), contract.WithObserver(o))
		callChain(t, transport, "/chains/polygon")
		if err := o.Flush(); err != nil {
			t.Fatal(err)
		}
		if got := readFile(t, file).Operations["GET /chains/{chain}"].Count; got != n {
			t.Errorf("the file has %d requests after a flush, want %d", got, n)
		}
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		if err := o.Close(); err != nil {
			t.Errorf("closed twice: %v", err)
		}
		if err := o.Flush(); err == nil || err.Error() != "contract: the observer is closed" {
			t.Errorf("flushed after it was closed: %v", err)
		}
		callChain(t, transport, "/chains/polygon") // is not noted, and not waited for
	}
}

func TestAFileThatCannotBeUsedIsAnErrorAtTheStart(t *testing.T) {
	leavesNothing(t)
	folder := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	used, file := observer(t)
	if err := os.Mkdir(filepath.Join(folder, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ file, message string }{
		"in use":             {file, "is in use by another program; give each its own file"},
		"a folder":           {filepath.Join(folder, "folder"), "it is a directory"},
		"no such folder":     {filepath.Join(folder, "none", "seen.json"), "no such file or directory"},
		"below a file":       {filepath.Join(write("file", "x"), "seen.json"), "not a directory"},
		"not JSON":           {write("notes.txt", "plain words"), "it is no file of observations"},
		"other JSON":         {write("other.json", `{"name":"x"}`), "it is no file of observations"},
		"empty":              {write("empty.json", ""), "it is no file of observations"},
		"cut off":            {write("cut.json", `{"version":1,"operations":{`), "it is no file of observations"},
		"of another version": {write("new.json", `{"version":9}`), "it has the version 9, and this program reads version 1"},
		"no name":            {"", "the name of the file is empty"},
	}
	if runtime.GOOS == "linux" {
		tests["a device without end"] = struct{ file, message string }{"/dev/full", "it is not a regular file"}
		tests["a device"] = struct{ file, message string }{"/dev/null", "it is not a regular file"}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var before []byte
			isDevice := strings.HasPrefix(test.file, "/dev/")
			if !isDevice {
				before, _ = os.ReadFile(test.file)
			}
			o, err := contract.NewObserver(test.file)
			if err == nil {
				_ = o.Close()
				t.Fatal("it was taken")
			}
			if !strings.HasPrefix(err.Error(), "contract: ") || !strings.Contains(err.Error(), test.message) || !strings.Contains(err.Error(), test.file) {
				t.Errorf("the error is %q", err)
			}
			if isDevice {
				return
			}
			if after, _ := os.ReadFile(test.file); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
	if err := used.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := contract.NewObserver(file)
	if err != nil {
		t.Fatalf("it is still in use: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAFileThatBecomesUnwritableIsAnErrorOfFlushAndClose(t *testing.T) {
	leavesNothing(t)
	o, file := observer(t)
	if err := os.RemoveAll(filepath.Dir(file)); err != nil {
		t.Fatal(err)
	}
	if err := o.Flush(); err == nil {
		t.Error("flushed into a folder that is gone")
	}
	if err := o.Close(); err == nil {
		t.Error("closed without an error, and nothing was written")
	}
}

func TestTooManyExchangesAreSkippedAndCounted(t *testing.T) {
	leavesNothing(t)
	o, file := observer(t)
	transport := contract.NewTransport(replying(func(*http.Request) *http.Response { return reply(200, aChain) }), contract.WithObserver(o))
	const workers, each = 8, 2000
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range each {
				callChain(t, transport, "/chains/polygon")
			}
		})
	}
	group.Wait()
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if noted := readFile(t, file).Operations["GET /chains/{chain}"].Count; noted+o.Skipped() != workers*each {
		t.Errorf("%d were noted and %d skipped, of %d", noted, o.Skipped(), workers*each)
	}
}

// TestWhatIsKeptIsLimited has a server make up names, words, paths, statuses, headers and media types without end.
func TestWhatIsKeptIsLimited(t *testing.T) {
	leavesNothing(t)
	o, file := observer(t)
	n := 0
	transport := contract.NewTransport(replying(func(*http.Request) *http.Response {
		made := word(n / 4) // so that each is shared by enough messages
		n++
		response := reply(200+n%400, fmt.Sprintf(`{%q:{%q:[{%q:%d}]},"code":%q,"error":%q,"chainType":%q,"chainSlug":"of %d"}`, made, made, made, n, made, made, made, n))
		response.Header.Set("X-"+made, "some text")
		if n%3 == 0 {
			response.Header.Set("Content-Type", "application/vnd."+made+"+json")
		}
		return response
	}), contract.WithObserver(o))
	var sizes []int64
	for range 4 {
		for range 1500 {
			made := word(n / 4)
			callChain(t, transport, "/chains/polygon?"+made+"=1")
			callChain(t, transport, "/"+made+"/"+made)
		}
		if err := o.Flush(); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, info.Size())
	}
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	t.Logf("the sizes of the file: %d; in memory: %d", sizes, memory.HeapAlloc)
	if last := sizes[len(sizes)-1]; last > 4<<20 || last > sizes[1]*5/4 {
		t.Errorf("the file has %d bytes", last)
	}
	if memory.HeapAlloc > 256<<20 {
		t.Errorf("%d bytes are in use", memory.HeapAlloc)
	}
	readFile(t, file)
}

// word makes up a word for a number.
func word(n int) string {
	const syllables = "banadaratalamasa"
	made := ""
	for range 5 {
		made += syllables[n%8*2 : n%8*2+2]
		n /= 8
	}
	return made
}

// BenchmarkObserver measures a request for a nonce to the mock through a proxy, without and with an observer. The two take turns, so
// that they meet the same noise. The goal is to add less than 5 %.
func BenchmarkObserver(b *testing.B) {
	srv := mock.Start(b)
	o, _ := observer(b)
	without, _ := startProxy(b, srv.URL)
	with, _ := startProxy(b, srv.URL, contract.WithObserver(o))
	transport := plain(b)
	took := map[string][]time.Duration{}
	send := func(name, url string) {
		start := time.Now()
		request, err := http.NewRequest(http.MethodPost, url+spec.BasePath+"/auth/nonce", strings.NewReader(aWallet))
		if err != nil {
			b.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.SetBasicAuth(srv.SecretKey, "")
		response, err := transport.RoundTrip(request)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		took[name] = append(took[name], time.Since(start))
	}
	for b.Loop() {
		send("without", without.URL)
		send("with", with.URL)
	}
	medians := map[string]float64{}
	for name, all := range took {
		slices.Sort(all)
		medians[name] = float64(all[len(all)/2])
		b.ReportMetric(medians[name], name+"-median-ns/op")
	}
	b.ReportMetric(100*(medians["with"]/medians["without"]-1), "%-added")
	b.ReportMetric(float64(o.Skipped()), "skipped")
}
