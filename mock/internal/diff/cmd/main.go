// Command cmd prints what changed in the contracts and in the Go API since the last release, or since the revision of -base, and whether
// that breaks anything. It fails when something breaks and CHANGELOG.md does not announce it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/seed-a13ee279/picket/mock/internal/diff"
)

func main() {
	root := flag.String("root", ".", "the root of the repository")
	base := flag.String("base", "", "the revision to compare with (default the last release)")
	format := flag.String("format", "text", "what to print: text, or markdown for a pull request")
	flag.Parse()
	if *format != "text" && *format != "markdown" {
		fmt.Fprintf(os.Stderr, "diff: the format %q is neither text nor markdown\n", *format)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := diff.Compare(ctx, *root, *base, *format == "markdown", os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "diff:", err)
		os.Exit(1)
	}
}
