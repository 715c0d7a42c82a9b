// Package stubs gives operations fixed answers: it keeps the stubs of a project, and chooses the one that answers a request. It checks
// an answer against the contract, and knows nothing of requests.
package stubs

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Stub is a fixed answer. Its fields are documented for users in package mock.
type Stub struct {
	Operation      string
	Status         int
	Headers        map[string]string
	Body           string
	Count          int
	BreaksContract bool
}

// Header returns the headers of the answer.
func (s Stub) Header() http.Header {
	header := http.Header{}
	if s.Body != "" {
		header.Set("Content-Type", "application/json")
	}
	for name, value := range s.Headers {
		header.Set(name, value)
	}
	return header
}

// framing are the headers by which net/http says where a message ends. What a stub said in their place would not be true.
var framing = []string{"Connection", "Content-Length", "Keep-Alive", "Trailer", "Transfer-Encoding", "Upgrade"}

// check refuses a stub that makes no sense, or breaks the contract without saying so.
func (s Stub) check(c *spec.Contract) error {
	op := c.Operation(s.Operation)
	switch {
	case s.Operation == "":
		return errors.New("a stub needs the operation that it answers")
	case op == nil:
		return fmt.Errorf(`there is no operation "%s"`, names.Shown(s.Operation))
	case s.Status < 200 || s.Status > 599:
		return fmt.Errorf("the status %d is not from 200 to 599", s.Status)
	case s.Count < 0:
		return fmt.Errorf("the count %d is negative", s.Count)
	case !utf8.ValidString(s.Body):
		return errors.New("the body is not text in UTF-8")
	case s.Body != "" && (s.Status == http.StatusNoContent || s.Status == http.StatusNotModified):
		return fmt.Errorf("there is a body, and an answer with the status %d has none", s.Status)
	}
	if err := s.checkHeaders(); err != nil {
		return err
	}
	if s.BreaksContract {
		return nil
	}
	if broken := op.CheckResponse(op.Method, s.Status, s.Header(), []byte(s.Body)); len(broken) > 0 {
		return fmt.Errorf("the answer breaks the contract: %s; correct it, or say that it breaks the contract on purpose (breaksContract)", broken[0].Message)
	}
	return nil
}

func (s Stub) checkHeaders() error {
	seen := map[string]bool{}
	for name, value := range s.Headers {
		canonical := http.CanonicalHeaderKey(name)
		switch {
		case !names.IsToken(name):
			return fmt.Errorf(`"%s" is not the name of a header`, names.Shown(name))
		case seen[canonical]:
			return fmt.Errorf("the header %s is there twice, in upper and in lower case", canonical)
		case slices.Contains(framing, canonical):
			return fmt.Errorf("the mock sets %s itself, and a stub cannot", name)
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
			return fmt.Errorf("the header %s has a control character", name)
		}
		seen[canonical] = true
	}
	return nil
}
