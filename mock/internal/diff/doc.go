// Package diff compares a new version of this module with the last one, for those who use it: what changed in openapi.yaml, in
// mock/control.yaml and in the exported Go API, whether that breaks anything, and whether CHANGELOG.md announces what breaks.
//
// It is a module of its own because its dependencies need a newer Go than the users of this module need. The
// program is in the folder cmd, and `make diff` runs it.
package diff
