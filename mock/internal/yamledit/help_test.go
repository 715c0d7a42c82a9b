package yamledit_test

import (
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp/cmpopts"
)

var emptyIsNil = cmpopts.EquateEmpty()

func index(i int) string { return strconv.Itoa(i) }

func pointerTo(path []string) string {
	var pointer strings.Builder
	for _, name := range path {
		pointer.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
	}
	return pointer.String()
}
