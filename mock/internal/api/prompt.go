package api

import (
	"net/url"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/picket"
)

// The codes with which OpenID Connect refuses an authorization (OpenID Connect Core 1.0 section 3.1.2.6).
const (
	codeLoginRequired            picket.ErrorCode = "login_required"
	codeRequestNotSupported      picket.ErrorCode = "request_not_supported"
	codeRequestURINotSupported   picket.ErrorCode = "request_uri_not_supported"
	codeRegistrationNotSupported picket.ErrorCode = "registration_not_supported"
)

var openIDCodes = []picket.ErrorCode{codeLoginRequired, codeRequestNotSupported, codeRequestURINotSupported, codeRegistrationNotSupported}

// checkUnsupported refuses parameters without which a request would mean something else, so that ignoring them will not do.
func checkUnsupported(parameters url.Values) *refusal.Error {
	var code picket.ErrorCode
	switch {
	case parameters.Has("request"):
		code = codeRequestNotSupported
	case parameters.Has("request_uri"):
		code = codeRequestURINotSupported
	case parameters.Has("registration"):
		code = codeRegistrationNotSupported
	default:
		return nil
	}
	return refusal.Grant(code, "request, request_uri and registration are not supported; send the parameters of the request themselves")
}

const promptNone = "none"

var promptValues = []string{promptNone, "login", "consent", "select_account"}

// isSilent reports whether a prompt forbids pages.
func isSilent(prompt string) (bool, error) {
	values := strings.Fields(prompt)
	isOther := func(value string) bool { return !slices.Contains(promptValues, value) }
	silent := slices.Contains(values, promptNone)
	switch {
	case slices.ContainsFunc(values, isOther):
		return false, refusal.InvalidParameter("prompt must be of %s", strings.Join(promptValues, ", "))
	case silent && len(values) > 1:
		return false, refusal.InvalidParameter("prompt has none and another value")
	}
	return silent, nil
}
