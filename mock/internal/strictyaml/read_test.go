package strictyaml_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/strictyaml"
)

type shop struct {
	Name   string            `yaml:"name"`
	Open   bool              `yaml:"open"`
	Labels map[string]string `yaml:"labels"`
	Shelf  []shelf           `yaml:"shelves"`
}

type shelf struct {
	Goods []string `yaml:"goods"`
	Price float64  `yaml:"price"`
}

func TestADocumentIsReadWithTheLineOfEachPath(t *testing.T) {
	for name, test := range map[string]struct {
		text  string
		want  shop
		lines map[string]int
	}{
		"empty":     {text: ""},
		"a comment": {text: "# nothing\n"},
		"null":      {text: "\nnull", lines: map[string]int{"": 2}},
		"nulls":     {text: "name:\nshelves: ~\n", lines: map[string]int{"": 1, "name": 1, "shelves": 2}},
		"everything": {
			text: "name: Corner\nopen: true\nlabels: {fr: Coin}\nshelves:\n  - goods: [tea,\n      milk]\n  - price: 1.5\n",
			want: shop{Name: "Corner", Open: true, Labels: map[string]string{"fr": "Coin"}, Shelf: []shelf{{Goods: []string{"tea", "milk"}}, {Price: 1.5}}},
			lines: map[string]int{
				"": 1, "name": 1, "open": 2, "labels": 3, "shelves": 5,
				"shelves.0": 5, "shelves.0.goods": 5, "shelves.0.goods.0": 5, "shelves.0.goods.1": 6, "shelves.1": 7, "shelves.1.price": 7,
			},
		},
		"an alias": {
			text: "shelves:\n  - &tea {goods: [tea]}\n  - *tea\n",
			want: shop{Shelf: []shelf{{Goods: []string{"tea"}}, {Goods: []string{"tea"}}}},
			lines: map[string]int{
				"": 1, "shelves": 2, "shelves.0": 2, "shelves.0.goods": 2, "shelves.0.goods.0": 2,
				"shelves.1": 2, "shelves.1.goods": 2, "shelves.1.goods.0": 2,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got shop
			lines, err := strictyaml.Read([]byte(test.text), &got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.lines, lines); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAMistakeIsRefusedWithItsLine(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"misspelt":                {"name: a\nShelfs: []", `2: "Shelfs" is not a property; did you mean "shelves"?`},
		"misspelt further down":   {"shelves:\n  - price: 1\n  - Price: 2", `3: "Price" is not a property of shelves.1; did you mean "price"?`},
		"unknown":                 {"zzz: 1", `1: "zzz" is not a property; the properties are labels, name, open and shelves`},
		"a merge":                 {"shelves:\n  - <<: {price: 1}", `2: "[redacted]" is not a property of shelves.0; the properties are goods and price`},
		"a name twice":            {"name: a\nopen: true\nname: b", `3: "name" is already in line 1`},
		"a name of a map twice":   {"labels:\n  fr: a\n  fr: b", `3: "fr" is already in line 2`},
		"no space":                {"name:hunter2: a", `1: "name:" must be followed by a space`},
		"a secret as a name":      {"sk_0123456789abcdef0123456789abcdef: a", `1: "[redacted]" is not a property; the properties are labels, name, open and shelves`},
		"not a mapping":           {"- a", "1: the file must be a mapping of names to values"},
		"not a mapping in a list": {"shelves:\n  - []", "2: shelves.0 must be a mapping of names to values"},
		"not a mapping in a map":  {"labels: Coin", "1: labels must be a mapping of names to values"},
		"not a list":              {"shelves: {}", "1: shelves must be a list"},
		"not a value":             {"name:\n  - a", "2: name must be a single value"},
		"not a value in a list":   {"shelves:\n  - goods: [{a: b}]", "2: shelves.0.goods.0 must be a single value"},
		"not a boolean":           {"open: maybe", "1: cannot unmarshal !!str `maybe` into bool"},
		"not a number":            {"shelves:\n  - {price: much}", "2: cannot unmarshal !!str `much` into float64"},
		"a secret as a boolean":   {"open: sk_0123456789abcdef0123456789abcdef", "1: cannot unmarshal !!str `sk_0123...` into bool"},
		"broken YAML":             {"shelves:\n\t- a", "2: found character that cannot start any token"},
		"two documents":           {"name: a\n---\nname: b", "1: the text has more than one YAML document, and must have one"},
		"a broken second one":     {"name: a\n---\n{", "1: the text has more than one YAML document, and must have one"},
		"a list that is in it":    {"shelves: &a [*a]", "1: shelves.0 must be a mapping of names to values"},
	} {
		t.Run(name, func(t *testing.T) {
			var got shop
			lines, err := strictyaml.Read([]byte(test.text), &got)
			if err == nil || err.Error() != test.want || lines != nil {
				t.Errorf("got %v, %v", lines, err)
			}
		})
	}
}

// FuzzRead reads any text. A mistake is an error of one line that begins with a line number.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"", "null", "name: a\nopen: true\nlabels: {a: b}\nshelves: [{goods: [a], price: 1}]", "--- a\n--- b", "shelves: &a [*a]", "labels: &a {b: *a}",
		"<<: {name: a}", "\t", "\xff", "? [a]\n: b", "!!null {a: b}", "open: !!binary x", "{a: b", "name: \u2028", "%YAML 9",
	} {
		f.Add([]byte(text))
	}
	place := regexp.MustCompile(`^[1-9][0-9]*: \S`)
	f.Fuzz(func(t *testing.T, text []byte) {
		var first, second shop
		lines, err := strictyaml.Read(text, &first)
		if err != nil {
			said := err.Error()
			if lines != nil || !place.MatchString(said) || strings.ContainsFunc(said, unicode.IsControl) || len(said) > 2048 {
				t.Errorf("%q: %.300q", text, said)
			}
			return
		}
		again, err := strictyaml.Read(text, &second)
		if err != nil || !cmp.Equal(again, lines) {
			t.Errorf("a second reading returns %v, %v", again, err)
		}
		for path, line := range lines {
			if line < 1 {
				t.Errorf("%q is in line %d", path, line)
			}
		}
	})
}
