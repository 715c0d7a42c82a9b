package refusal

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// Grant is a 400 of the token endpoint, with one of the codes of RFC 6749 section 5.2, or of the authorization endpoint, with one of
// OpenID Connect Core 1.0 section 3.1.2.6.
func Grant(code picket.ErrorCode, message string) *Error {
	return &Error{Status: http.StatusBadRequest, Code: code, Message: message}
}

// WriteOAuth writes the refusal in the shape of RFC 6749 section 5.2 and, beside it, in that of the API.
func (e *Error) WriteOAuth(w http.ResponseWriter, r *http.Request) {
	if e.Status == http.StatusUnauthorized && r.Header.Get("Authorization") != "" {
		w.Header().Set("WWW-Authenticate", `Basic realm="Picket API"`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.Status)
	code := string(e.oauthCode())
	_ = json.NewEncoder(w).Encode(types.OAuthError{ // fails only when the client is gone
		Code:             code,
		Msg:              e.Message,
		Error:            code,
		ErrorDescription: Description(e.Message),
	})
}

// oauthCode returns the code of RFC 6749 section 5.2 that fits the refusal best.
func (e *Error) oauthCode() picket.ErrorCode {
	switch e.Code {
	case picket.CodeOAuthInvalidRequest, picket.CodeOAuthInvalidClient, picket.CodeOAuthInvalidGrant, picket.CodeOAuthUnauthorizedClient, picket.CodeOAuthUnsupportedGrantType:
		return e.Code
	}
	if e.Status == http.StatusUnauthorized {
		return picket.CodeOAuthInvalidClient
	}
	return picket.CodeOAuthInvalidRequest
}

// escaped is a character that a pattern has a backslash before.
var escaped = regexp.MustCompile(`\\([.+*?(){}|$/-])`)

// Description returns a message in the characters that error_description may have (RFC 6749 sections 4.1.2.1 and 5.2). A backslash is none
// of them, so that a pattern in the message is written in another way, which means the same.
func Description(message string) string {
	message = escaped.ReplaceAllString(message, "[$1]")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r < ' ' || r > '~' || r == '\\':
			return '?'
		}
		return r
	}, message)
}
