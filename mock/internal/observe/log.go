package observe

// Log is everything that was seen. It can be written to a file.
type Log struct {
	Version int `json:"version"`
	// Operations are what was seen of the operations of the contract, by method and path, such as "POST /auth/nonce".
	Operations map[string]*Operation `json:"operations,omitempty"`
	// Others are successful requests for paths that the contract does not have, by method and path. Segments that are data are {}.
	Others map[string]*Operation `json:"others,omitempty"`
}

// Operation is what was seen of the requests with a method and a path.
type Operation struct {
	Span
	Count int64 `json:"count"`
	// Accepted is what successful requests had. What others had says nothing about the API.
	Accepted *Request `json:"accepted,omitempty"`
	// Responses are by status.
	Responses map[string]*Response `json:"responses,omitempty"`
	// Broken counts how often a keyword of the contract was broken by responses and by accepted requests, by its place.
	Broken map[string]int64 `json:"broken,omitempty"`
	// Segments are what was seen of each segment of the path that is data, in their order.
	Segments []*Value `json:"segments,omitempty"`
}

// Request is what was seen of requests.
type Request struct {
	Span
	Count int64 `json:"count"`
	// Security counts the ways in which requests showed who sent them: basic, bearer, other or none.
	Security map[string]int64 `json:"security,omitempty"`
	// Query has the parameters in the query.
	Query map[string]*Value `json:"query,omitempty"`
	// Odd counts names in the query that do not look like names of parameters.
	Odd int64 `json:"odd,omitempty"`
	// Bodies are by media type.
	Bodies map[string]*Body `json:"bodies,omitempty"`
}

// Response is what was seen of the responses of a status.
type Response struct {
	Span
	Count   int64             `json:"count"`
	Headers map[string]*Value `json:"headers,omitempty"`
	Bodies  map[string]*Body  `json:"bodies,omitempty"`
}

// Body is what was seen of bodies of a media type. Only JSON and forms have a value.
type Body struct {
	Span
	Count int64  `json:"count"`
	Value *Value `json:"value,omitempty"`
}

// version is that of the files.
const version = 1

// New returns an empty Log.
func New() *Log { return &Log{Version: version} }

// Merge adds what another Log has seen.
func (l *Log) Merge(other *Log) {
	mergeMap(&l.Operations, other.Operations, MaxPaths, mergeOperation)
	mergeMap(&l.Others, other.Others, MaxPaths, mergeOperation)
}

func mergeOperation(a, b *Operation) *Operation {
	if a == nil {
		a = &Operation{}
	}
	a.Span.merge(b.Span)
	a.Count += b.Count
	if b.Accepted != nil {
		if a.Accepted == nil {
			a.Accepted = &Request{}
		}
		a.Accepted.merge(b.Accepted)
	}
	mergeMap(&a.Responses, b.Responses, MaxStatuses, mergeResponse)
	mergeCounts(&a.Broken, b.Broken, MaxPlaces)
	for i, segment := range b.Segments {
		if i == len(a.Segments) {
			a.Segments = append(a.Segments, nil)
		}
		a.Segments[i] = mergeValue(a.Segments[i], segment)
	}
	return a
}

func (r *Request) merge(other *Request) {
	r.Span.merge(other.Span)
	r.Count += other.Count
	mergeCounts(&r.Security, other.Security, 0)
	mergeMap(&r.Query, other.Query, MaxNames, mergeValue)
	r.Odd += other.Odd
	mergeMap(&r.Bodies, other.Bodies, MaxMedia, mergeBody)
}

func mergeResponse(a, b *Response) *Response {
	if a == nil {
		a = &Response{}
	}
	a.Span.merge(b.Span)
	a.Count += b.Count
	mergeMap(&a.Headers, b.Headers, MaxNames, mergeValue)
	mergeMap(&a.Bodies, b.Bodies, MaxMedia, mergeBody)
	return a
}

func mergeBody(a, b *Body) *Body {
	if a == nil {
		a = &Body{}
	}
	a.Span.merge(b.Span)
	a.Count += b.Count
	a.Value = mergeValue(a.Value, b.Value)
	return a
}
