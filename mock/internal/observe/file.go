package observe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// MaxFile is the size in bytes up to which a file is read.
const MaxFile = 64 << 20

var errTooLarge = fmt.Errorf("it is larger than %d MiB, which no file of observations is", MaxFile>>20)

// JSON returns a Log as the text of a file.
func (l *Log) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(l, "", " ")
	return append(text, '\n'), err
}

// ReadFile reads a file.
func ReadFile(name string) (*Log, error) {
	if name == "" {
		return nil, errors.New("the name of the file is empty")
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a directory")
	case !info.Mode().IsRegular(): // a device may have no end, and a pipe no beginning
		return nil, errors.New("it is not a regular file")
	case info.Size() > MaxFile:
		return nil, errTooLarge
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return Read(text)
}

// Read reads the text of a file. It refuses what a Recorder does not write, so that nothing else can get into a contract.
func Read(text []byte) (*Log, error) {
	if len(text) > MaxFile {
		return nil, errTooLarge
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	l := &Log{}
	if err := decoder.Decode(l); err != nil {
		return nil, errors.New("it is no file of observations: " + names.Message(err.Error()))
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("it is no file of observations: something follows the value")
	}
	if l.Version != version {
		return nil, fmt.Errorf("it has the version %d, and this program reads version %d", l.Version, version)
	}
	merged := New()
	for _, from := range []struct {
		operations map[string]*Operation
		into       *map[string]*Operation
	}{{l.Operations, &merged.Operations}, {l.Others, &merged.Others}} {
		for name, op := range from.operations {
			if !operationForm.MatchString(name) || len(name) > 1024 {
				return nil, fmt.Errorf("%q is not a method and a path", names.Answered(name))
			}
			if err := op.check(); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			mergeMap(from.into, map[string]*Operation{name: op}, MaxPaths, mergeOperation) // the limits hold for files, too
		}
	}
	return merged, nil
}

var (
	operationForm = regexp.MustCompile(`^[A-Z]{1,17} (?:/[A-Za-z0-9_.~{}-]*)+$`)
	placeForm     = regexp.MustCompile(`^#/[A-Za-z0-9_./{}~$-]+$`)
)

func isPlace(text string) bool { return len(text) <= len("#/")+512 && placeForm.MatchString(text) }

func (op *Operation) check() error {
	if op == nil {
		return errNull
	}
	if err := op.Span.check(op.Count); err != nil {
		return err
	}
	if r := op.Accepted; r != nil {
		if err := errors.Join(r.Span.check(r.Count), r.Span.check(r.Odd)); err != nil {
			return err
		}
		if err := checkCounts(r.Security, func(name string) bool { return strings.Contains(" none basic bearer other ", " "+name+" ") }); err != nil {
			return err
		}
		if err := errors.Join(checkValues(r.Query, 1), checkBodies(r.Bodies)); err != nil {
			return err
		}
	}
	for status, r := range op.Responses {
		if n, err := strconv.Atoi(status); err != nil || n < 100 || n > 599 || r == nil {
			return fmt.Errorf("%q is no status", names.Answered(status))
		}
		if err := errors.Join(r.Span.check(r.Count), checkValues(r.Headers, 1), checkBodies(r.Bodies)); err != nil {
			return err
		}
	}
	for _, segment := range op.Segments {
		if err := segment.check(1); err != nil {
			return err
		}
	}
	return checkCounts(op.Broken, isPlace)
}

var errNull = errors.New("a value is null")

func (s Span) check(count int64) error {
	for _, day := range []string{s.From, s.To} {
		if _, err := time.Parse(time.DateOnly, day); err != nil || len(day) != len(time.DateOnly) {
			return fmt.Errorf("%q is not a day such as 2026-11-27", names.Answered(day))
		}
	}
	if s.From > s.To || count < 0 || count > maxCount {
		return errors.New("a count or a span of days is wrong")
	}
	return nil
}

// maxCount keeps sums of counts from overflowing.
const maxCount = 1 << 50

func checkBodies(bodies map[string]*Body) error {
	for media, b := range bodies {
		if !mediaForm.MatchString(media) || b == nil {
			return fmt.Errorf("%q is not a media type", names.Answered(media))
		}
		if err := b.Span.check(b.Count); err != nil {
			return err
		}
		if b.Value != nil {
			if err := b.Value.check(1); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkValues(values map[string]*Value, depth int) error {
	for name, v := range values {
		if name == "" || len(name) > 4*maxName || names.Printable(name) != name { // the contract may have other names than IsName takes
			return fmt.Errorf("%q is not a name", names.Answered(name))
		}
		if err := v.check(depth + 1); err != nil {
			return err
		}
	}
	return nil
}

// known are the types and the formats.
const known = " string integer number boolean null array object date-time date uuid email uri decimal address token empty  "

func (v *Value) check(depth int) error {
	if v == nil {
		return errNull
	}
	if depth > 2*maxDepth {
		return errors.New("its values are nested too deeply")
	}
	isKnown := func(name string) bool { return strings.Contains(known, " "+name+" ") }
	err := errors.Join(v.Span.check(v.Negative), checkCounts(v.Types, isKnown), checkCounts(v.Formats, isKnown), checkCounts(v.Keys, isKnown),
		checkCounts(v.Words, IsWord), v.Length.check(), v.Digits.check(), v.Size.check(), checkValues(v.Properties, depth))
	for _, below := range []*Value{v.Items, v.Data} {
		if err == nil && below != nil {
			err = below.check(depth + 1)
		}
	}
	return err
}

func (r *Range) check() error {
	if r != nil && (r.Min < 0 || r.Min > r.Max) {
		return errors.New("a range is wrong")
	}
	return nil
}

func checkCounts(counts map[string]int64, isName func(string) bool) error {
	for name, n := range counts {
		if !isName(name) || n < 1 || n > maxCount {
			return fmt.Errorf("%q has no place there, or its count is wrong", names.Answered(name))
		}
	}
	return nil
}
