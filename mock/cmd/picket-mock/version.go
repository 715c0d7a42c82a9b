package main

import (
	"fmt"
	"runtime"

	"github.com/seed-a13ee279/picket/picket"
)

func version() string {
	return fmt.Sprintf("picket-mock %s (%s %s/%s)", picket.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
