package names_test

import (
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// BenchmarkLooksSecret looks at an address, which is in the path of some requests.
func BenchmarkLooksSecret(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if names.LooksSecret("0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8") {
			b.Fatal("an address looks like a secret")
		}
	}
}
