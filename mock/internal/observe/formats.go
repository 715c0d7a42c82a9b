package observe

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/mr-tron/base58"
)

// The formats of strings that are told apart. The first six are those of OpenAPI; the others are the API's.
const (
	DateTime = "date-time"
	Date     = "date"
	UUID     = "uuid"
	Email    = "email"
	URI      = "uri"
	Integer  = "integer" // digits
	Decimal  = "decimal" // digits with a fraction
	Address  = "address" // of a wallet on an EVM chain, Solana or Flow
	Token    = "token"   // a JWT
	Empty    = "empty"   // the empty string
)

var (
	integerForm = regexp.MustCompile(`^[0-9]+$`)
	decimalForm = regexp.MustCompile(`^[0-9]+\.[0-9]+$`)
	addressForm = regexp.MustCompile(`^0x(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{16})$`)
	tokenForm   = regexp.MustCompile(`^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$`)
)

// longestTold is the length in bytes from which on a string has no format.
const longestTold = 2048

// formatOf returns the format of a string, or "".
func formatOf(text string) string {
	if text == "" {
		return Empty
	}
	if len(text) > longestTold {
		return ""
	}
	switch first := text[0]; {
	case isDigit(first):
		switch {
		case integerForm.MatchString(text):
			return Integer
		case decimalForm.MatchString(text):
			return Decimal
		case len(text) == len(time.DateOnly) && parses(time.DateOnly, text):
			return Date
		case len(text) > len(time.DateOnly) && parses(time.RFC3339, text):
			return DateTime
		}
	case strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://"):
		if u, err := url.Parse(text); err == nil && u.Host != "" {
			return URI
		}
	case strings.HasPrefix(text, "eyJ") && tokenForm.MatchString(text):
		return Token
	}
	switch {
	case addressForm.MatchString(text) || isSolana(text):
		return Address
	case len(text) == 36 && uuid.Validate(text) == nil:
		return UUID
	case strings.Contains(text, "@") && isMailbox(text):
		return Email
	}
	return ""
}

func isDigit(char byte) bool { return '0' <= char && char <= '9' }

func parses(layout, text string) bool {
	_, err := time.Parse(layout, text)
	return err == nil
}

func isMailbox(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text
}

// isSolana reports whether a text is a public key of 32 bytes in base58.
func isSolana(text string) bool {
	if len(text) < 32 || len(text) > 44 {
		return false
	}
	key, err := base58.Decode(text)
	return err == nil && len(key) == 32
}
