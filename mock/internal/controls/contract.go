package controls

import (
	_ "embed"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// controlJSON is control.yaml as JSON. The first directive of package mock makes it.
//
//go:embed control.json
var controlJSON string

// ReadContract returns control.yaml, the contract of the operations, at Path. A program reads it once.
func ReadContract() (*spec.Contract, error) { return readContract() }

var readContract = sync.OnceValues(func() (*spec.Contract, error) { return spec.ReadGenerated(controlJSON, Path) })
