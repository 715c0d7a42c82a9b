package wire

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ChainID is the number of a chain, such as 1 for Ethereum or 137 for Polygon (EIP-155). 0 stands for no chain.
//
// It is read from a JSON number or from a string of digits, which picket-go sends, and written as a number.
type ChainID int64

// UnmarshalJSON reads a JSON integer or a string of digits; the empty string is 0. It leaves id as it is for null.
func (id *ChainID) UnmarshalJSON(data []byte) error {
	s, null, err := textOf(data)
	if err != nil || null {
		return err
	}
	if s == "" {
		*id = 0
		return nil
	}
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return fmt.Errorf("a chain ID is a whole number from 0 to 2^63-1")
	}
	*id = ChainID(n)
	return nil
}

// NumericDate is a moment in seconds since 1970-01-01T00:00:00Z (RFC 7519 section 2).
//
// It is read from any JSON number that RFC 7519 allows; a fraction of a second is dropped, so that a token is never accepted longer
// than its claim says. It is written as an integer.
type NumericDate int64

// Time returns the moment as a time.Time, in UTC.
func (d NumericDate) Time() time.Time { return time.Unix(int64(d), 0).UTC() }

// UnmarshalJSON reads a JSON number. It leaves d as it is for null.
func (d *NumericDate) UnmarshalJSON(data []byte) error {
	s := string(data)
	if s == "null" {
		return nil
	}
	whole, fraction, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || strings.ContainsAny(fraction, "eE") {
		return fmt.Errorf("a date is a number of seconds")
	}
	if n <= 0 && strings.HasPrefix(whole, "-") && strings.Trim(fraction, "0") != "" {
		n--
	}
	*d = NumericDate(n)
	return nil
}
