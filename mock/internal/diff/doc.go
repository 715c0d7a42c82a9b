// Package diff says what a new version of this module means to those who use the last one: what changed in openapi.yaml and in
// the exported Go API, whether that breaks anything, and whether CHANGELOG.md announces what does.
//
// It is a module of its own because what it depends on needs a newer Go than the clients of this module have to have. The
// program is in the folder cmd, and `make diff` runs it.
package diff
