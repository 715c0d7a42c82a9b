package mutate

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

func (w *walker) item(at place, item *yaml.Node) {
	w.members(at, item, append([]string{"servers", "parameters"}, methods...)...)
	w.servers(at, item)
	w.parameters(at, item)
	pairs(item, func(method string, operation *yaml.Node) {
		if slices.Contains(methods, method) {
			w.operation(at, item, method, operation)
		}
	})
}

func (w *walker) operation(item place, methodsOf *yaml.Node, method string, operation *yaml.Node) {
	at := item.in(method)
	w.members(at, operation, "operationId", "security", "servers", "parameters", "requestBody", "responses", "callbacks")
	w.add(item, method+": dropped", func(n *yaml.Node) { drop(n, method) })
	for _, other := range []string{"delete", "put", "post", "get", "patch"} {
		if value(methodsOf, other) == nil && (method == "get") == (other == "delete") {
			w.add(item, method+": method changed", func(n *yaml.Node) { rename(n, method, other) })
			break
		}
	}
	w.add(at, "operationId: changed", func(n *yaml.Node) { set(n, "operationId", scalar(text(n, "operationId")+"X")) })
	w.servers(at, operation)
	w.security(at, operation)
	w.parameters(at, operation)
	if body := value(operation, "requestBody"); body != nil {
		w.add(at, "requestBody: dropped", func(n *yaml.Node) { drop(n, "requestBody") })
		w.requestBody(at.in("requestBody"), body)
	}
	pairs(value(operation, "responses"), func(status string, response *yaml.Node) {
		w.add(at.in("responses"), status+": dropped", func(n *yaml.Node) { drop(n, status) })
		if status < "400" {
			w.add(at.in("responses"), status+": status changed", func(n *yaml.Node) { rename(n, status, status[:2]+"7") })
		}
		w.response(at.in("responses").in(status), response)
	})
	w.add(at.in("responses"), "418: added", func(n *yaml.Node) { set(n, "418", mapping("description", scalar("A teapot."))) })
	w.callbacks(at, operation)
}

func (w *walker) callbacks(at place, operation *yaml.Node) {
	pairs(value(operation, "callbacks"), func(name string, callback *yaml.Node) {
		w.add(at.in("callbacks"), name+": dropped", func(n *yaml.Node) { drop(n, name) })
		w.callback(at.in("callbacks").in(name), callback)
	})
}

func (w *walker) callback(at place, callback *yaml.Node) {
	if text(callback, "$ref") != "" {
		return
	}
	pairs(callback, func(expression string, item *yaml.Node) {
		w.add(at, expression+": changed", func(n *yaml.Node) { rename(n, expression, expression+"X") })
		w.item(at.in(expression), item)
	})
}

func (w *walker) requestBody(at place, body *yaml.Node) {
	if text(body, "$ref") != "" {
		return
	}
	w.members(at, body, "required", "content")
	w.flipRequired(at, body)
	w.content(at, body)
}

func (w *walker) response(at place, response *yaml.Node) {
	if text(response, "$ref") != "" {
		return
	}
	w.members(at, response, "headers", "content", "links")
	w.headers(at, response)
	w.content(at, response)
	pairs(value(response, "links"), func(name string, link *yaml.Node) {
		w.add(at.in("links"), name+": dropped", func(n *yaml.Node) { drop(n, name) })
		w.link(at.in("links").in(name), link)
	})
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
		in := at.in("content").in(contentType)
		w.members(in, media, "schema", "encoding")
		w.schema(in.in("schema"), value(media, "schema"))
		pairs(value(media, "encoding"), func(property string, encoding *yaml.Node) { w.encoding(in.in("encoding").in(property), encoding) })
	})
}

// encoding changes how a property of a form is sent.
func (w *walker) encoding(at place, encoding *yaml.Node) {
	w.members(at, encoding, "contentType", "headers", "style", "explode", "allowReserved")
	if value(encoding, "contentType") != nil {
		w.add(at, "contentType: changed", func(n *yaml.Node) { set(n, "contentType", scalar("text/x-other")) })
	}
	w.headers(at, encoding)
	w.flip(at, encoding, "explode", text(encoding, "style") == "" || text(encoding, "style") == "form")
	w.flip(at, encoding, "allowReserved", false)
}

// link changes where a link leads.
func (w *walker) link(at place, link *yaml.Node) {
	if text(link, "$ref") != "" {
		return
	}
	w.members(at, link, "operationId", "operationRef", "parameters", "requestBody", "server")
	for _, key := range []string{"operationId", "operationRef"} {
		if value(link, key) != nil {
			w.add(at, key+": changed", func(n *yaml.Node) { set(n, key, scalar(text(n, key)+"X")) })
		}
	}
	pairs(value(link, "parameters"), func(name string, _ *yaml.Node) {
		w.add(at.in("parameters"), name+": dropped", func(n *yaml.Node) { drop(n, name) })
		w.add(at.in("parameters"), name+": changed", func(n *yaml.Node) { set(n, name, scalar(text(n, name)+"X")) })
	})
	if value(link, "requestBody") != nil {
		w.add(at, "requestBody: dropped", func(n *yaml.Node) { drop(n, "requestBody") })
	}
	if server := value(link, "server"); server != nil {
		w.server(at.in("server"), server)
	}
}

func (w *walker) servers(at place, object *yaml.Node) {
	servers := value(object, "servers")
	if servers == nil {
		return
	}
	for i, server := range servers.Content {
		if len(servers.Content) > 1 {
			w.add(at.in("servers"), fmt.Sprint(i)+": dropped", func(n *yaml.Node) { n.Content = slices.Delete(n.Content, i, i+1) })
		}
		w.server(at.in("servers").in(fmt.Sprint(i)), server)
	}
}

func (w *walker) server(at place, server *yaml.Node) {
	w.members(at, server, "url", "variables")
	w.add(at, "URL changed", func(n *yaml.Node) { set(n, "url", scalar(text(n, "url")+"X")) })
	pairs(value(server, "variables"), func(name string, variable *yaml.Node) {
		in := at.in("variables").in(name)
		w.members(in, variable, "default", "enum")
		w.add(in, "default: changed", func(n *yaml.Node) { set(n, "default", scalar(text(n, "default")+"X")) })
		if members := value(variable, "enum"); members != nil {
			w.enum(in, members)
		}
	})
}
