package mutate

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

func (w *walker) operation(item place, method string, operation *yaml.Node) {
	at := item.in(method)
	other := map[string]string{"get": "delete", "post": "put", "put": "post", "delete": "get", "patch": "put"}[method]
	if other == "" {
		return // not a method
	}
	w.add(item, method+": dropped", func(n *yaml.Node) { drop(n, method) })
	w.add(item, method+": method changed", func(n *yaml.Node) { rename(n, method, other) })
	w.add(at, "operationId: changed", func(n *yaml.Node) { set(n, "operationId", scalar(text(n, "operationId")+"X")) })
	w.security(at, operation)
	if parameters := value(operation, "parameters"); parameters != nil {
		for i, parameter := range parameters.Content {
			name := text(w.resolve(parameter), "name")
			w.add(at.in("parameters"), name+": dropped", func(n *yaml.Node) { n.Content = slices.Delete(n.Content, i, i+1) })
			w.parameter(at.in("parameters").as(fmt.Sprint(i), name), parameter)
		}
	}
	if body := value(operation, "requestBody"); body != nil {
		w.add(at, "requestBody: dropped", func(n *yaml.Node) { drop(n, "requestBody") })
		w.flipRequired(at.in("requestBody"), body)
		w.content(at.in("requestBody"), body)
	}
	responses := value(operation, "responses")
	pairs(responses, func(status string, response *yaml.Node) {
		w.add(at.in("responses"), status+": dropped", func(n *yaml.Node) { drop(n, status) })
		if status < "400" {
			w.add(at.in("responses"), status+": status changed", func(n *yaml.Node) { rename(n, status, status[:2]+"7") })
		}
		w.response(at.in("responses").in(status), response)
	})
	w.add(at.in("responses"), "418: added", func(n *yaml.Node) { set(n, "418", mapping("description", scalar("A teapot."))) })
}

// security changes who may call an operation: everyone, the holder of another credential, or nobody without one.
func (w *walker) security(at place, operation *yaml.Node) {
	own := value(operation, "security")
	if own == nil || len(own.Content) > 0 {
		w.add(at, "security: none needed", func(n *yaml.Node) { set(n, "security", sequence()) })
	}
	if own != nil {
		w.add(at, "security: that of the whole API", func(n *yaml.Node) { drop(n, "security") })
	}
	if own != nil && len(own.Content) > 1 {
		for i, alternative := range own.Content {
			name := "no credential"
			pairs(alternative, func(scheme string, _ *yaml.Node) { name = scheme })
			w.add(at, "security: without the alternative "+name, func(n *yaml.Node) {
				list := value(n, "security")
				list.Content = slices.Delete(list.Content, i, i+1)
			})
		}
	}
	if own == nil || len(own.Content) != 1 {
		w.add(at, "security: an access token", func(n *yaml.Node) {
			set(n, "security", sequence(mapping("bearerToken", sequence())))
		})
	}
}

func (w *walker) securityScheme(at place, scheme *yaml.Node) {
	w.add(at, "scheme: changed", func(n *yaml.Node) {
		if text(n, "scheme") == "basic" {
			set(n, "scheme", scalar("bearer"))
		} else {
			set(n, "scheme", scalar("basic"))
		}
	})
}

func (w *walker) parameter(at place, parameter *yaml.Node) {
	if text(parameter, "$ref") != "" {
		return
	}
	w.add(at, "name: changed", func(n *yaml.Node) { set(n, "name", scalar(text(n, "name")+"X")) })
	w.add(at, "in: changed", func(n *yaml.Node) {
		if text(n, "in") == "query" {
			set(n, "in", scalar("header"))
		} else {
			set(n, "in", scalar("query"))
		}
	})
	w.flipRequired(at, parameter)
	w.schema(at.in("schema"), value(parameter, "schema"))
}

func (w *walker) flipRequired(at place, node *yaml.Node) {
	if text(node, "required") == "true" {
		w.add(at, "required: dropped", func(n *yaml.Node) { drop(n, "required") })
	} else {
		w.add(at, "required: added", func(n *yaml.Node) { set(n, "required", scalar(true)) })
	}
}

func (w *walker) header(at place, header *yaml.Node) {
	if text(header, "$ref") != "" {
		return
	}
	w.flipRequired(at, header)
	w.schema(at.in("schema"), value(header, "schema"))
}

func (w *walker) response(at place, response *yaml.Node) {
	if text(response, "$ref") != "" {
		return
	}
	pairs(value(response, "headers"), func(name string, header *yaml.Node) {
		w.add(at.in("headers"), name+": dropped", func(n *yaml.Node) { drop(n, name) })
		w.add(at.in("headers"), name+": renamed", func(n *yaml.Node) { rename(n, name, name+"-X") })
		w.header(at.in("headers").in(name), header)
	})
	w.content(at, response)
}

func (w *walker) content(at place, body *yaml.Node) {
	content := value(body, "content")
	pairs(content, func(contentType string, media *yaml.Node) {
		if len(content.Content) > 2 {
			w.add(at.in("content"), contentType+": dropped", func(n *yaml.Node) { drop(n, contentType) })
		}
		other := "text/plain"
		if strings.HasPrefix(contentType, "application/") {
			other = "application/xml"
		}
		w.add(at.in("content"), contentType+": content type changed", func(n *yaml.Node) { rename(n, contentType, other) })
		w.schema(at.in("content").in(contentType).in("schema"), value(media, "schema"))
	})
}
