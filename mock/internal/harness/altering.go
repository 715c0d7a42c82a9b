package harness

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// Altered is an answer on its way through a handler of Altering.
type Altered struct {
	Path   string // of the request
	Status int
	Header http.Header
	Body   map[string]any // with numbers as json.Number; nil for an answer without a body
}

// Altering returns a handler that forwards requests to a server and has alter change each answer that is an object of JSON. It passes
// on other answers as they are. Requests that come at the same time alter at the same time.
func Altering(server string, alter func(*Altered)) (http.Handler, error) {
	target, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = target.Scheme, target.Host, target.Host
		},
		ModifyResponse: func(response *http.Response) error {
			text, err := io.ReadAll(response.Body)
			if err != nil {
				return err
			}
			a := Altered{Path: response.Request.URL.Path, Status: response.StatusCode, Header: response.Header}
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.UseNumber()
			if decoder.Decode(&a.Body) == nil && a.Body != nil {
				alter(&a)
				if a.Body == nil {
					text = nil
					a.Header.Del("Content-Type")
				} else if text, err = json.Marshal(a.Body); err != nil {
					return err
				}
			}
			response.StatusCode = a.Status
			response.Header.Del("Content-Length")
			response.ContentLength = -1
			response.Body = io.NopCloser(bytes.NewReader(text))
			return nil
		},
	}, nil
}
