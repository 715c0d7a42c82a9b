// Command aliases writes the names under which package picket has the models of package types, so that go doc shows their
// fields there:
//
//	aliases picket/types/types.gen.go picket picket/types.gen.go generated/client generated/server
//
// The arguments are the types, the folder of package picket, the file to write, and the folders of the packages that have the types
// under the same names. It fails when the types cannot be used, and says what to change in openapi.yaml.
//
// Every type that the first file declares for a schema of the contract gets a name, and so does every constant of such a type. The
// comment of a name holds the type as Go code, with the comments of its fields and without the deprecated ones. These get no name: second names for one type, such as
// WalletAddress for string; the parameters of operations; the API's errors, whose names end in Error, because picket.Error takes
// their place; and a type whose name package picket declares by hand.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: aliases types.gen.go folder output [folder…]")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2], os.Args[3], os.Args[4:]); err != nil {
		fmt.Fprintln(os.Stderr, "aliases:", err)
		os.Exit(1)
	}
}
