package diff

import (
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// serversOf returns the servers of an operation, if it or its path has some of its own.
func serversOf(item *openapi3.PathItem, op *openapi3.Operation) openapi3.Servers {
	if op.Servers != nil && len(*op.Servers) > 0 {
		return *op.Servers
	}
	return item.Servers
}

// servers compares where the API is. Programs that use a server fail when it goes.
func (r *rest) servers(name string, before, after openapi3.Servers) {
	find := func(servers openapi3.Servers, url string) *openapi3.Server {
		if i := slices.IndexFunc(servers, func(s *openapi3.Server) bool { return s.URL == url }); i >= 0 {
			return servers[i]
		}
		return nil
	}
	for _, was := range before {
		is := find(after, was.URL)
		if is == nil {
			r.say(name, true, "removed the server `%s`", was.URL)
			continue
		}
		for _, variable := range keysOf(was.Variables, is.Variables) {
			r.variable(name, fmt.Sprintf("the variable `%s` of the server `%s`", variable, was.URL), was.Variables[variable], is.Variables[variable])
		}
	}
	for _, is := range after {
		if find(before, is.URL) == nil {
			r.say(name, false, "added the server `%s`", is.URL)
		}
	}
	if len(before) > 0 && len(after) > 0 && before[0].URL != after[0].URL && find(after, before[0].URL) != nil {
		r.say(name, true, "the first server, which generated clients use, is `%s`; it was `%s`", after[0].URL, before[0].URL)
	}
}

func (r *rest) variable(name, what string, was, is *openapi3.ServerVariable) {
	if was == nil || is == nil { // then the URL does not have it, in one of the versions
		return
	}
	if was.Default != is.Default {
		r.say(name, true, "the default of %s is `%s`; it was `%s`", what, is.Default, was.Default)
	}
	if len(was.Enum) == 0 && len(is.Enum) > 0 {
		r.say(name, true, "%s can only have certain values", what)
		return
	}
	if len(was.Enum) > 0 && len(is.Enum) == 0 {
		r.say(name, false, "%s can have every value", what)
		return
	}
	for _, value := range was.Enum {
		if !slices.Contains(is.Enum, value) {
			r.say(name, true, "%s cannot be `%s` any more", what, value)
		}
	}
	for _, value := range is.Enum {
		if !slices.Contains(was.Enum, value) {
			r.say(name, false, "%s can be `%s`", what, value)
		}
	}
}
