package learn

import (
	"regexp"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
)

// operation is an operation of the contract, and what was seen of it.
type operation struct {
	id   string
	at   string // its pointer
	name string // method and path, such as "POST /auth/nonce"
	seen *observe.Operation
}

var braces = regexp.MustCompile(`\{[^}]*\}`)

// methods are those that an item under paths may have an operation for.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// operations returns all operations of the contract, by method and path.
func (d document) operations() map[string]operation {
	all := map[string]operation{}
	for _, path := range d.keys("/paths") {
		for _, method := range methods {
			at := below("/paths", path, method)
			if d.object(at) == nil {
				continue
			}
			name := strings.ToUpper(method) + " " + path
			all[name] = operation{id: d.text(below(at, "operationId")), at: at, name: name}
		}
	}
	return all
}
