package spec

import (
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// Scheme is a security scheme, as one operation demands it.
type Scheme struct {
	Name   string   // in the contract, which says nothing about what it is
	Scopes []string // of which the request needs all

	*openapi3.SecurityScheme
}

// IsBasic reports whether a request shows an API key in HTTP Basic authorization.
func (s Scheme) IsBasic() bool { return s.Type == "http" && strings.EqualFold(s.Scheme, "basic") }

// IsBearer reports whether a request shows an access token in Bearer authorization (RFC 6750), as with OAuth 2.0 and OpenID Connect.
func (s Scheme) IsBearer() bool {
	return s.Type == "http" && strings.EqualFold(s.Scheme, "bearer") || s.Type == "oauth2" || s.Type == "openIdConnect"
}

// IsKey reports whether a request shows an API key in a header, the query or a cookie of the scheme's choice.
func (s Scheme) IsKey() bool { return s.Type == "apiKey" }

// Given returns what a request shows for the scheme, and whether it shows anything. What it shows more than once is as good as nothing.
func (s Scheme) Given(r *http.Request) (string, bool) {
	if !s.IsKey() {
		return s.authorization(r)
	}
	var values []string
	switch name := s.SecurityScheme.Name; s.In {
	case openapi3.ParameterInQuery:
		values = r.URL.Query()[name]
	case openapi3.ParameterInCookie:
		for _, cookie := range r.CookiesNamed(name) {
			values = append(values, cookie.Value)
		}
	default:
		values = r.Header.Values(name)
	}
	return only(values)
}

// authorization returns what Given does for a scheme of the Authorization header.
func (s Scheme) authorization(r *http.Request) (string, bool) {
	wanted := s.Scheme
	if s.IsBearer() {
		wanted = "bearer"
	}
	isOther := func(value string) bool {
		given, _, _ := strings.Cut(value, " ")
		return !strings.EqualFold(given, wanted)
	}
	values := r.Header.Values("Authorization")
	if slices.ContainsFunc(values, isOther) {
		values = slices.DeleteFunc(slices.Clone(values), isOther)
	}
	return only(values)
}

// only returns the only one of some values, and whether there is any. Of several, nobody knows which one counts.
func only(values []string) (string, bool) {
	if len(values) == 1 {
		return values[0], true
	}
	return "", len(values) > 0
}

// place returns the header, the parameter or the cookie that a request shows the scheme in.
func (s Scheme) place() string {
	if s.IsKey() {
		return s.SecurityScheme.Name
	}
	return "Authorization"
}

// security returns what Operation.Security does.
func security(route *routers.Route) (alternatives [][]Scheme, optional bool) {
	requirements := route.Operation.Security
	if requirements == nil {
		requirements = &route.Spec.Security
	}
	for _, requirement := range *requirements {
		if len(requirement) == 0 {
			optional = true
			continue
		}
		var together []Scheme
		for _, name := range sorted(requirement) {
			scheme := &openapi3.SecurityScheme{Type: "not described"}
			if c := route.Spec.Components; c != nil && c.SecuritySchemes[name] != nil {
				scheme = c.SecuritySchemes[name].Value
			}
			together = append(together, Scheme{name, requirement[name], scheme})
		}
		alternatives = append(alternatives, together)
	}
	return alternatives, optional || len(alternatives) == 0
}

// missing says what a request does not show for any alternative, with its place in the request; both are empty when it shows something
// for each scheme of one. Whether that is good is for the server to say.
func missing(alternatives [][]Scheme, r *http.Request) (place, message string) {
	var places, schemes []string // the schemes are those of HTTP authentication
	for _, together := range alternatives {
		i := slices.IndexFunc(together, func(s Scheme) bool {
			_, given := s.Given(r)
			return !given && (s.IsKey() || s.IsBearer() || s.Type == "http") // others do not show in a request
		})
		if i < 0 {
			return "", ""
		}
		if at := together[i].place(); !slices.Contains(places, at) {
			places = append(places, at)
		}
		if together[i].Type == "http" {
			schemes = append(schemes, together[i].Scheme)
		}
	}
	message = strings.Join(places, " or ") + " is required"
	if len(places) == 1 && len(schemes) > 0 {
		message += ": " + strings.Join(schemes, " or ")
		if r.Header.Get(places[0]) != "" {
			message = places[0] + " must be of the scheme " + strings.Join(schemes, " or ")
		}
	}
	return places[0], message
}
