package observe

import (
	"bytes"
	"encoding/json"
	"strings"

	"golang.org/x/net/html"
)

// isSuccessPage reports whether a page brings a client the code of an authorization, in the fields of a form or in a message, and no
// error.
func isSuccessPage(text []byte) bool {
	var ended outcome
	scripts := ""
	inScript := false
	for tokens := html.NewTokenizer(bytes.NewReader(text)); tokens.Next() != html.ErrorToken; {
		token := tokens.Token()
		if token.Type == html.TextToken && inScript {
			scripts += token.Data
		}
		inScript = token.Type == html.StartTagToken && token.Data == "script"
		if token.Data == "input" {
			ended.add(attribute(token, "name"), attribute(token, "value"))
		}
	}
	ended.addMessage(scripts)
	return ended.isSuccess()
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// addMessage takes the fields of the message that scripts post to another window. Several messages, or one that is not written out as
// JSON, may have an error.
func (o *outcome) addMessage(scripts string) {
	_, argument, posts := strings.Cut(scripts, "postMessage(")
	if !posts {
		return
	}
	var message struct {
		Type     string         `json:"type"`
		Response map[string]any `json:"response"`
	}
	err := json.NewDecoder(strings.NewReader(argument)).Decode(&message)
	if err != nil || message.Type != "authorization_response" || strings.Contains(argument, "postMessage(") {
		o.hasError = true
	}
	for name, value := range message.Response {
		if text, isText := value.(string); isText || value != nil {
			o.add(name, text)
		}
	}
}
