package wire

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Decimal is an exact, non-negative decimal number, such as "3" or "0.1337": a token balance, or how much of one is
// needed. The empty string stands for no number.
//
// A Decimal is read from a JSON string or a JSON number, with or without an exponent, and is never turned into floating point. When
// it was read, or returned by ParseDecimal, it is in canonical form: no exponent, no sign, no leading zeros, and no zeros at the
// end of a fraction, so that equal numbers are equal strings. A Decimal written by hand may be in any form; it is sent in
// canonical form.
type Decimal string

// decimalLimit bounds the length of a decimal, in digits, in any form and in canonical form. The largest balance that
// an EVM contract can report, 2^256-1, has 78.
const decimalLimit = 256

var (
	errDecimalSize = fmt.Errorf("a decimal has at most %d digits", decimalLimit)
)

// ParseDecimal returns s in canonical form. It fails when s is not a non-negative decimal number of at most 256 digits.
func ParseDecimal(s string) (Decimal, error) {
	if len(s) <= decimalLimit && isCanonical(s) {
		return Decimal(s), nil
	}
	r, err := parseRat(s)
	if err != nil {
		return "", err
	}
	return formatRat(r)
}

// Cmp returns -1, 0 or 1 as d is less than, equal to or greater than e. It fails when one of them is not a decimal.
func (d Decimal) Cmp(e Decimal) (int, error) {
	if m, n, ok := smallIntegers(d, e); ok {
		return cmp.Compare(m, n), nil
	}
	x, y, err := parseRats(d, e)
	if err != nil {
		return 0, err
	}
	return x.Cmp(y), nil
}

// Add returns the sum of d and e in canonical form. It fails when one of them, or the sum, is not a decimal.
func (d Decimal) Add(e Decimal) (Decimal, error) {
	if m, n, ok := smallIntegers(d, e); ok {
		return Decimal(strconv.FormatUint(m+n, 10)), nil
	}
	x, y, err := parseRats(d, e)
	if err != nil {
		return "", err
	}
	return formatRat(x.Add(x, y))
}

// MarshalJSON writes d as a JSON string in canonical form. It fails when d is not a decimal, also when it is empty.
func (d Decimal) MarshalJSON() ([]byte, error) {
	c, err := ParseDecimal(string(d))
	if err != nil {
		return nil, err
	}
	return []byte(strconv.Quote(string(c))), nil
}

// UnmarshalJSON reads a JSON string or number. It leaves d as it is for null.
func (d *Decimal) UnmarshalJSON(data []byte) error {
	s, null, err := textOf(data)
	if err != nil || null {
		return err
	}
	c, err := ParseDecimal(s)
	if err != nil {
		return err
	}
	*d = c
	return nil
}

// textOf returns the text of a JSON string or number, and whether the value is null.
func textOf(data []byte) (text string, null bool, err error) {
	if data[0] == '"' {
		err = json.Unmarshal(data, &text)
		return text, false, err
	}
	return string(data), string(data) == "null", nil
}

// isCanonical reports whether s is a decimal in canonical form, without allocating.
func isCanonical(s string) bool {
	point := -1
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
		case c == '.' && point < 0:
			point = i
		default:
			return false
		}
	}
	if point < 0 {
		return s == "0" || (s != "" && s[0] != '0')
	}
	leading := point == 1 || (point > 1 && s[0] != '0')
	return leading && point < len(s)-1 && s[len(s)-1] != '0'
}

// smallIntegers returns the values of two integers in canonical form that are small enough to be added, as most balances are.
func smallIntegers(d, e Decimal) (m, n uint64, ok bool) {
	m, first := smallInteger(string(d))
	n, second := smallInteger(string(e))
	return m, n, first && second
}

func smallInteger(s string) (n uint64, ok bool) {
	if len(s) > 18 || !isCanonical(s) {
		return 0, false
	}
	for i := range len(s) {
		if s[i] == '.' {
			return 0, false
		}
		n = n*10 + uint64(s[i]-'0')
	}
	return n, true
}

func parseRats(d, e Decimal) (x, y *big.Rat, err error) {
	if x, err = parseRat(string(d)); err != nil {
		return nil, nil, err
	}
	y, err = parseRat(string(e))
	return x, y, err
}

func parseRat(s string) (*big.Rat, error) {
	if len(s) > decimalLimit {
		return nil, errDecimalSize
	}
	if !isCanonical(s) && !isDecimal(s) {
		return nil, fmt.Errorf("%q is not a non-negative decimal number", s)
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil, fmt.Errorf("%q is not a decimal number", s)
	}
	return r, nil
}

// isDecimal reports whether a text is a number with or without a fraction and an exponent, such as 1, 0.5 and 1.5e-3.
func isDecimal(s string) bool {
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		exponent := s[i+1:]
		if exponent != "" && (exponent[0] == '+' || exponent[0] == '-') {
			exponent = exponent[1:]
		}
		if !isDigits(exponent) || len(exponent) > 3 {
			return false
		}
		s = s[:i]
	}
	whole, fraction, found := strings.Cut(s, ".")
	return isDigits(whole) && (!found || isDigits(fraction))
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func formatRat(r *big.Rat) (Decimal, error) {
	places, exact := r.FloatPrec()
	if !exact {
		return "", errors.New("the number has no finite decimal form")
	}
	s := r.FloatString(places)
	if len(s) > decimalLimit {
		return "", errDecimalSize
	}
	return Decimal(s), nil
}
