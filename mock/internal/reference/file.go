package reference

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/swaggest/swgui/v5/static"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// file is what the page loads.
type file struct {
	mediaType string
	read      func() ([]byte, error)
	gzipped   bool // whether it is read compressed
}

var (
	//go:embed reference.css
	styleText []byte
	//go:embed reference.js
	scriptText []byte

	ownStyle      = file{"text/css", func() ([]byte, error) { return styleText, nil }, false}
	ownScript     = file{"text/javascript", func() ([]byte, error) { return scriptText, nil }, false}
	swaggerStyle  = file{"text/css", func() ([]byte, error) { return static.FS.ReadFile("swagger-ui.css.gz") }, true}
	swaggerScript = file{"text/javascript", func() ([]byte, error) { return static.FS.ReadFile("swagger-ui-bundle.js.gz") }, true}
)

// serve writes the file, compressed if it is and if the client reads that.
func (f file) serve(w http.ResponseWriter, r *http.Request) {
	text, err := f.read()
	if f.gzipped {
		w.Header().Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header) {
			w.Header().Set("Content-Encoding", "gzip")
		} else if err == nil {
			text, err = gunzip(text)
		}
	}
	if err != nil {
		w.Header().Del("Content-Encoding")
		refusal.Of(err).Write(w)
		return
	}
	w.Header().Set("Content-Type", f.mediaType+"; charset=utf-8")
	_, _ = w.Write(text) // fails only when the client is gone
}

// takesGzip reports whether a client reads what is compressed by gzip (RFC 9110 section 12.5.3).
func takesGzip(header http.Header) bool {
	for element := range strings.SplitSeq(strings.Join(header.Values("Accept-Encoding"), ","), ",") {
		coding, parameters, err := mime.ParseMediaType(element)
		if err == nil && coding == "gzip" {
			quality, err := strconv.ParseFloat(parameters["q"], 64)
			return err != nil || quality > 0
		}
	}
	return false
}

func gunzip(text []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}
