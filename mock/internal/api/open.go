package api

import (
	"net/http"

	"github.com/seed-a13ee279/picket/picket/wire"
)

// open is a response with the secrets that it is there to hand out. The generated responses redact them, as every JSON of a
// wire.Secret does.
type open struct{ value any }

func (o open) VisitAuthResponse(w http.ResponseWriter) error  { return o.write(w) }
func (o open) VisitAuthzResponse(w http.ResponseWriter) error { return o.write(w) }
func (o open) VisitTokenResponse(w http.ResponseWriter) error { return o.write(w) }

func (o open) write(w http.ResponseWriter) error {
	text, err := wire.Marshal(o.value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(append(text, '\n'))
	return err
}
