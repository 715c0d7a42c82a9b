//go:build !unix

package main

// connections returns the wanted number where the system sets no limit on the connections of a process.
func connections(wanted int) (int, string) { return wanted, "" }
