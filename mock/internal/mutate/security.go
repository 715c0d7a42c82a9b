package mutate

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// security changes who may call an operation: everyone, the holder of another credential, or nobody without one.
func (w *walker) security(at place, operation *yaml.Node) {
	own := value(operation, "security")
	if own == nil || len(own.Content) > 0 {
		w.add(at, "security: none needed", func(n *yaml.Node) { set(n, "security", sequence()) })
	}
	if own != nil {
		w.add(at, "security: that of the whole API", func(n *yaml.Node) { drop(n, "security") })
		w.alternatives(at, own)
	}
	if own == nil || len(own.Content) != 1 {
		needed := own
		if own == nil {
			needed = value(w.document.Content[0], "security")
		}
		if other := w.otherScheme(needed); other != "" {
			w.add(at, "security: only "+other, func(n *yaml.Node) { set(n, "security", sequence(mapping(other, sequence()))) })
		}
	}
}

// alternatives takes away each of several alternatives, and each scope.
func (w *walker) alternatives(at place, security *yaml.Node) {
	for i, alternative := range security.Content {
		name := "no credential"
		pairs(alternative, func(scheme string, scopes *yaml.Node) {
			name = scheme
			for j, scope := range scopes.Content {
				w.add(at, fmt.Sprintf("security: %s without the scope %s", scheme, scope.Value), func(n *yaml.Node) {
					scopes := value(value(n, "security").Content[i], scheme)
					scopes.Content = slices.Delete(scopes.Content, j, j+1)
				})
			}
		})
		if len(security.Content) > 1 {
			w.add(at, "security: without the alternative "+name, func(n *yaml.Node) {
				list := value(n, "security")
				list.Content = slices.Delete(list.Content, i, i+1)
			})
		}
	}
}

// otherScheme returns a scheme of the contract that is not needed so far or, without one, the last scheme. It returns "" when there is only
// the one that is needed.
func (w *walker) otherScheme(needed *yaml.Node) string {
	var schemes, used []string
	pairs(value(value(w.document.Content[0], "components"), "securitySchemes"), func(name string, _ *yaml.Node) { schemes = append(schemes, name) })
	if needed != nil {
		for _, alternative := range needed.Content {
			pairs(alternative, func(name string, _ *yaml.Node) { used = append(used, name) })
		}
	}
	for _, name := range slices.Backward(schemes) {
		if !slices.Contains(used, name) {
			return name
		}
	}
	if len(schemes) > 1 {
		return schemes[len(schemes)-1]
	}
	return ""
}

func (w *walker) securityScheme(at place, scheme *yaml.Node) {
	if text(scheme, "$ref") != "" {
		return
	}
	// bearerFormat is a hint to readers.
	w.members(at, scheme, "type", "scheme", "bearerFormat", "name", "in", "flows", "openIdConnectUrl")
	changed := func(key, to string) {
		w.add(at, key+": changed", func(n *yaml.Node) { set(n, key, scalar(to)) })
	}
	switch text(scheme, "type") {
	case "http":
		if text(scheme, "scheme") == "basic" {
			changed("scheme", "bearer")
		} else {
			changed("scheme", "basic")
		}
	case "apiKey":
		changed("name", text(scheme, "name")+"X")
		if text(scheme, "in") == "query" {
			changed("in", "header")
		} else {
			changed("in", "query")
		}
	case "openIdConnect":
		changed("openIdConnectUrl", text(scheme, "openIdConnectUrl")+"X")
	}
	if text(scheme, "type") != "apiKey" {
		w.add(at, "type: changed to apiKey", func(n *yaml.Node) {
			for _, key := range []string{"scheme", "bearerFormat", "flows", "openIdConnectUrl"} {
				drop(n, key)
			}
			set(n, "type", scalar("apiKey"))
			set(n, "name", scalar("X-Key"))
			set(n, "in", scalar("header"))
		})
	}
	w.flows(at.in("flows"), value(scheme, "flows"))
}

func (w *walker) flows(at place, flows *yaml.Node) {
	w.members(at, flows, "implicit", "password", "clientCredentials", "authorizationCode")
	pairs(flows, func(name string, flow *yaml.Node) {
		in := at.in(name)
		w.members(in, flow, "authorizationUrl", "tokenUrl", "refreshUrl", "scopes")
		if len(flows.Content) > 2 {
			w.add(at, name+": dropped", func(n *yaml.Node) { drop(n, name) })
		}
		for _, key := range []string{"authorizationUrl", "tokenUrl", "refreshUrl"} {
			if value(flow, key) != nil {
				w.add(in, key+": changed", func(n *yaml.Node) { set(n, key, scalar(text(n, key)+"X")) })
			}
		}
		pairs(value(flow, "scopes"), func(scope string, _ *yaml.Node) {
			w.add(in.in("scopes"), scope+": dropped", func(n *yaml.Node) { drop(n, scope) })
		})
	})
}
