package harness

import (
	"encoding/base64"
	"fmt"
)

// Request returns the bytes of a request with a JSON body, as they are sent on a connection. Headers are whole lines, each with its
// line break, that the request has beside its own.
func Request(method, path, key, headers, body string) string {
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Basic %s\r\n%sContent-Length: %d\r\n\r\n%s",
		method, path, base64.StdEncoding.EncodeToString([]byte(key+":")), headers, len(body), body)
}
