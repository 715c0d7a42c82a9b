package diff_test

import (
	"bytes"
	"errors"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	renderer "github.com/yuin/goldmark/renderer/html"

	"github.com/seed-a13ee279/picket/mock/internal/diff"
	"github.com/seed-a13ee279/picket/mock/internal/markdown"
)

func TestMarkdownSaysWhatBreaksAndWhatDoesNot(t *testing.T) {
	t.Parallel()
	r := newRepository(t, "v1.4.2")
	r.replace("openapi.yaml", "                colour:", "                size: {type: integer}\n                colour:")
	r.replace("openapi.yaml", "required: [name]", "required: [name, colour]")
	r.replace("picket/picket.go", "func Ignored", "func New() {}\n\nfunc Ignored")
	const head = "## Breaking changes since `v1.4.2`\n\n" +
		"| | breaking | compatible |\n|---|--:|--:|\n| openapi.yaml, still version 1.0.0 | 1 | 1 |\n| the Go API | 0 | 1 |\n\n"
	const lists = "\n### Breaking in openapi.yaml, still version 1.0.0\n\n- `POST /toys`: the request property `colour` became required\n\n" +
		"### Compatible in openapi.yaml, still version 1.0.0\n\n- `POST /toys`: added the new optional request property `size`\n\n" +
		"### Compatible in the Go API\n\n- `picket.New`: added\n"

	out, err := r.compareAs("", true)
	var unannounced *diff.UnannouncedError
	if !errors.As(err, &unannounced) {
		t.Errorf("the error is %v", err)
	}
	const toDo = "**To do:** CHANGELOG.md does not announce what breaks: undo it, or name it in CHANGELOG.md under \"## \\[2.0.0\\] - Unreleased\", " +
		"in an entry of \"### Changed\" or \"### Removed\": `POST /toys`\n"
	if difference := cmp.Diff(head+toDo+lists, out); difference != "" {
		t.Errorf("unannounced, it says (-want +got):\n%s", difference)
	}

	r.write("CHANGELOG.md", "# Changelog\n\n## [2.0.0] - Unreleased\n\n### Changed\n\n- Something: `POST /toys`.\n")
	out, err = r.compareAs("", true)
	const announced = "Programs that work with it may fail. CHANGELOG.md announces that under 2.0.0, which must be the next release.\n"
	if difference := cmp.Diff(head+announced+lists, out); err != nil || difference != "" {
		t.Errorf("announced, it says %v and (-want +got):\n%s", err, difference)
	}

	r.write("picket/broken.go", "package picket\n\nvar Wrong int = \"a\"\n")
	var uncompiled *diff.CompileError
	if out, err = r.compareAs("", true); !errors.As(err, &uncompiled) || !strings.Contains(out, "\n**Not complete:** the Go API cannot be compared, because the code does not compile: ") {
		t.Errorf("without the Go API, it says %v and\n%s", err, out)
	}
}

func TestMarkdownOfNoChangeHasNoLists(t *testing.T) {
	t.Parallel()
	out, err := newRepository(t, "v1.4.2").compareAs("", true)
	const want = "## No changes for users since `v1.4.2`\n\n| | breaking | compatible |\n|---|--:|--:|\n| openapi.yaml | 0 | 0 |\n| the Go API | 0 | 0 |\n"
	if difference := cmp.Diff(want, out); err != nil || difference != "" {
		t.Errorf("it says %v and (-want +got):\n%s", err, difference)
	}
}

var github = goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(renderer.WithUnsafe()))

func rendered(t *testing.T, text string) string {
	t.Helper()
	var page bytes.Buffer
	if err := github.Convert([]byte(text), &page); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

var (
	tag     = regexp.MustCompile(`<(/?[a-z0-9]+)[^>]*>`)
	comment = regexp.MustCompile(`<!--.*?-->`)
)

// hostile are texts that a contract may have as a name, and that mean something in Markdown or HTML.
var hostile = []string{
	"a|b", "*a*_b_", "<script>alert(1)</script>", "<!-- a", "[a](http://b)", "![a](b)", "&lt;", "~~a~~", "\\|", "a\\", "|", "# a", "- a", "1. a",
	"a\n\n# b", "a`b", "``", "` a|b `", "http://a.example", "@somebody", "\\`", "a`b|c`d", "- [ ] a",
}

// TestTextOfAContractShowsAsItIs has another implementation of GitHub's Markdown read what is written, in an item of a list and in a cell.
func TestTextOfAContractShowsAsItIs(t *testing.T) {
	for _, text := range hostile {
		for name, written := range map[string]string{"text": markdown.Text("is " + text), "code": markdown.Code("is " + text)} {
			page := comment.ReplaceAllString(rendered(t, "| a | b |\n|---|---|\n| "+written+" | c |\n\n- "+written+"\n"), "")
			if cells := strings.Count(page, "<td"); cells != 2 {
				t.Errorf("%s: %q makes %d cells: %s", name, text, cells, page)
			}
			for _, found := range tag.FindAllStringSubmatch(page, -1) {
				if !strings.Contains(" table thead tbody tr th td ul li code a ", " "+strings.TrimPrefix(found[1], "/")+" ") || found[1] == "a" && !strings.HasPrefix(found[0], `<a href="http://a`) && !strings.HasPrefix(found[0], `<a href="http://b`) {
					t.Errorf("%s: %q makes %s: %s", name, text, found[0], page)
				}
			}
			if shown, want := plain(html.UnescapeString(tag.ReplaceAllString(page, ""))), plain("is "+text); strings.Count(shown, want) != 2 {
				t.Errorf("%s: %q shows as %q", name, want, shown)
			}
		}
	}
}

// plain takes out the backticks, which make code, and makes one space of all others.
func plain(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "`", "")), " ")
}

func TestNamesOfAContractStayInTheirListInMarkdown(t *testing.T) {
	t.Parallel()
	r := newRepository(t, "v1.4.2")
	r.replace("openapi.yaml", "                colour:", "                \"a|b<script>*c*\\n\\n# d @somebody\": {type: string}\n                colour:")
	out, err := r.compareAs("", true)
	if err != nil {
		t.Fatal(err)
	}
	page := rendered(t, out)
	if strings.Contains(page, "<script>") || strings.Contains(page, "<em>") || strings.Contains(page, "<h1") || strings.Count(page, "<li>") != 1 ||
		!strings.Contains(page, "a|b&lt;script&gt;*c* # d @") || strings.Contains(page, " @somebody") {
		t.Errorf("it shows\n%s\nof\n%s", page, out)
	}
}
