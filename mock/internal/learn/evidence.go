package learn

import (
	"fmt"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
)

// Evidence is what a fact was seen from.
type Evidence struct {
	Operations []string `json:"operations"` // the operationIds, in alphabetical order
	Count      int64    `json:"count"`      // how often it was seen
	Of         int64    `json:"of"`         // how often it could have been seen
	From       string   `json:"from"`       // the first day, as in 2026-11-27
	To         string   `json:"to"`         // the last day
	Requests   bool     `json:"requests"`   // it was in requests that were successful
	Responses  bool     `json:"responses"`  // it was in responses
}

// source is where values were seen.
type source struct {
	operation string
	request   bool // in accepted requests, otherwise in responses
	text      bool // in a form or the query, where everything is text
}

func (e *Evidence) add(from source, span observe.Span, count, of int64) {
	if !slices.Contains(e.Operations, from.operation) {
		e.Operations = append(e.Operations, from.operation)
		slices.Sort(e.Operations)
	}
	e.Count += count
	e.Of += of
	if e.From == "" || span.From < e.From {
		e.From = span.From
	}
	e.To = max(e.To, span.To)
	e.Requests = e.Requests || from.request
	e.Responses = e.Responses || !from.request
}

// merge adds what else a fact was seen from.
func (e *Evidence) merge(other Evidence) {
	for _, operation := range other.Operations {
		e.add(source{operation, !other.Responses, false}, observe.Span{From: other.From, To: other.To}, 0, 0)
	}
	e.Count += other.Count
	e.Of += other.Of
	e.Requests = e.Requests || other.Requests
}

// String returns the evidence in words.
func (e Evidence) String() string {
	all := max(e.Count, e.Of)
	text := ""
	if e.Of > 0 {
		text = fmt.Sprintf("%d of ", e.Count)
	}
	switch {
	case e.Requests && !e.Responses:
		text += amount(all, "successful request", "successful requests")
	case e.Requests:
		text += amount(all, "answer or successful request", "answers and successful requests")
	default:
		text += amount(all, "answer", "answers")
	}
	if len(e.Operations) > 0 {
		text += " of " + words(e.Operations)
	}
	return text + ", " + e.span()
}

func (e Evidence) span() string {
	if e.From == e.To {
		return e.From
	}
	return e.From + " to " + e.To
}

// source returns the x-source of an addition.
func (e Evidence) source() string {
	seen := amount(e.Count, "answer", "answers")
	if e.Requests && !e.Responses {
		seen = amount(e.Count, "request", "requests")
	}
	return fmt.Sprintf("observed: %s, %s to %s", seen, e.From, e.To)
}
