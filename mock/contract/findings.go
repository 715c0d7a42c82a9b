package contract

// Findings are what a Transport or a Proxy has found so far.
type Findings struct {
	// Exchanges is the number of requests for the API.
	Exchanges int `json:"exchanges"`
	// Violations are the first MaxFindings violations, in the order in which they were found. ViolationCount counts all of them. One
	// message has at most 20 that are Unknown, and at most 20 others.
	Violations     []Violation `json:"violations"`
	ViolationCount int         `json:"violationCount"`
	// Unchecked are the first MaxFindings messages whose body was not checked. UncheckedCount counts all of them.
	Unchecked      []Unchecked `json:"unchecked"`
	UncheckedCount int         `json:"uncheckedCount"`
}

// Unchecked is a message whose body was passed on without a check. The rest of the message was checked.
type Unchecked struct {
	Operation string    `json:"operation"`
	Direction Direction `json:"direction"`
	Reason    string    `json:"reason"`
}

// MaxFindings is how many violations, and how many unchecked messages, Findings keeps. All of them are counted and passed to
// WithOnViolation and WithOnUnchecked.
const MaxFindings = 1000
