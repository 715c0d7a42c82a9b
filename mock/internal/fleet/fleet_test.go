package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestEachWayAsksWhatItMustAndFailsClosed(t *testing.T) {
	const servers, users = 2, 10
	const all = servers * users
	for _, c := range []struct {
		way                           way
		atStart, inOutage, atRotation int64 // calls in a second
		letIn, letInInOutage          int64
	}{
		{local, 0, 0, 0, all - servers, all - servers},
		{remote, all, all, all - servers, all, 0},
		{incremental, servers, servers, 0, all, all - servers},
	} {
		t.Run(string(c.way), func(t *testing.T) {
			l := live(t, c.way, plan{servers: servers, users: users}, true)
			for what, counted := range map[string][2]int64{
				"calls at the start":            {l.start[0].calls, c.atStart},
				"let in":                        {l.running[0].passed, c.letIn},
				"calls in the outage":           {l.stillDown[0].calls, c.inOutage},
				"let in during the outage":      {l.stillDown[0].passed, c.letInInOutage},
				"bad in the outage":             {l.stillDown[0].bad, 0},
				"calls after it":                {l.back[0].calls, c.inOutage},
				"let in after it":               {l.back[0].passed, c.letIn},
				"calls for withdrawn keys":      {l.rotated[0].calls, c.atRotation},
				"let in after the rotation":     {l.rotated[0].passed, servers},
				"bad, of withdrawn keys":        {l.rotated[0].bad, all - servers},
				"requests in the second":        {l.rotated[0].requests(), all},
				"not checked before the outage": {l.running[phase-1].notChecked, 0},
			} {
				if counted[0] != counted[1] {
					t.Errorf("%s: %d, not %d", what, counted[0], counted[1])
				}
			}
		})
	}
}

func TestTheTablesGoBetweenTheirComments(t *testing.T) {
	file := filepath.Join(t.TempDir(), "figures.md")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	const around = "before\n\n<!-- make fleet writes the table a -->\nold\n<!-- end of the table a -->\n\nafter\n"
	write(around)
	tables := []table{{"a", []string{"x", "y"}, [][]string{{"1", "2"}}}}
	for range 2 { // also over what it wrote itself
		if err := fill(file, tables, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text); !strings.HasPrefix(got, "before\n\n<!-- make fleet writes the table a -->\n\nRecorded on 2026-01-02, with go") ||
		!strings.HasSuffix(got, "processors.\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n<!-- end of the table a -->\n\nafter\n") {
		t.Errorf("got:\n%s", got)
	}
	write(strings.Replace(around, "end of", "End of", 1))
	if err := fill(file, tables, time.Now()); err == nil {
		t.Error("a document without the comments is written")
	}
}

func TestNumbersAreRounded(t *testing.T) {
	for _, c := range []struct {
		x              float64
		number, little string
	}{{0, "0", "0"}, {0.137, "0", "0.14"}, {99.4, "99", "99"}, {1851, "1,900", "1,900"}, {999_999, "1,000,000", "1,000,000"}} {
		if got := number(c.x); got != c.number {
			t.Errorf("number(%v) is %s", c.x, got)
		}
		if got := fraction(c.x); got != c.little {
			t.Errorf("fraction(%v) is %s", c.x, got)
		}
	}
}

func TestTheDocumentHasAPlaceForEachTable(t *testing.T) {
	text, err := os.ReadFile("../../../" + document)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"requests", "keys", "server", "known"} {
		for _, comment := range []string{"<!-- make fleet writes the table " + name + " -->\n", "<!-- end of the table " + name + " -->\n"} {
			if n := strings.Count(string(text), comment); n != 1 {
				t.Errorf("%s has %q %d times", document, comment, n)
			}
		}
	}
}
