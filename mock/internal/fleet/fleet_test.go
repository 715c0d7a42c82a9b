package main

import (
	"os"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/figures"
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
	text, err := os.ReadFile("../../../" + figures.Document)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"requests", "keys", "server", "known"} {
		for _, comment := range []string{"<!-- make fleet writes the table " + name + " -->\n", "<!-- end of the table " + name + " -->\n"} {
			if n := strings.Count(string(text), comment); n != 1 {
				t.Errorf("%s has %q %d times", figures.Document, comment, n)
			}
		}
	}
}
