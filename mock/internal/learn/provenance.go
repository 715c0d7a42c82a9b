package learn

import (
	"slices"
	"strconv"
	"strings"
)

// facts finds the facts below a pointer.
func (l *learner) facts(at string) {
	switch node := l.doc.at(at).(type) {
	case map[string]any:
		if node["x-provenance"] == "inferred" {
			fact := Fact{Place: at, Subject: subject(at)}
			l.judge(&fact)
			l.result.facts = append(l.result.facts, fact)
		}
		for name := range sortedMap(node) {
			l.facts(below(at, name))
		}
	case []any:
		for i := range node {
			l.facts(below(at, index(i)))
		}
	}
}

// judge says what was seen of a fact.
func (l *learner) judge(fact *Fact) {
	tokens := strings.Split(strings.TrimPrefix(fact.Place, "/"), "/")
	parent := tokens[max(0, len(tokens)-2)]
	switch {
	case tokens[0] == "paths" && len(tokens) == 3:
		l.judgeOperation(fact)
	case parent == "responses":
		l.judgeSeen(fact, l.folded.responses[fact.Place], "no answer was this one")
	case parent == "headers":
		var evidence *Evidence
		if seen := l.folded.headers[fact.Place]; seen != nil {
			evidence = &seen.evidence
		}
		l.judgeSeen(fact, evidence, "no answer had it")
		l.contradictBy(fact, func(place string) bool { return strings.HasPrefix(place, fact.Place+"/") })
	case tokens[1] == "parameters" || parent == "parameters":
		if name := l.doc.text(below(fact.Place, "name")); name != "" {
			fact.Subject = subject(fact.Place[:strings.LastIndex(fact.Place, "/parameters")]) + " parameter " + name
		}
		l.judgeUse(fact, below(fact.Place, "schema"))
	case parent == "properties" || parent == "x-superseded":
		l.judgeUse(fact, fact.Place)
	case len(tokens) == 3 && tokens[1] == "schemas":
		l.judgeSchema(fact)
	default:
		fact.State, fact.Reason = NotObservable, "no message shows it"
	}
}

func (l *learner) judgeOperation(fact *Fact) {
	op := l.seen[fact.Place]
	switch {
	case op.seen == nil:
		fact.State, fact.Reason = NotSeen, "no request was for it"
		return
	case op.seen.Accepted != nil:
		fact.State = Confirmed
		fact.Evidence = evidenceOf(source{operation: op.id}, op.seen.Accepted.Span, op.seen.Accepted.Count, op.seen.Count)
	default:
		fact.State, fact.Reason = NotSeen, "no request for it was successful"
		fact.Evidence = evidenceOf(source{operation: op.id}, op.seen.Span, op.seen.Count, 0)
		if allAre(op, "404") || allAre(op, "405") {
			fact.State, fact.Reason = Contradicted, "the API answers that it does not exist"
		}
	}
}

func allAre(op operation, status string) bool {
	answers := op.seen.Responses[status]
	return answers != nil && answers.Count == op.seen.Count
}

func (l *learner) judgeSeen(fact *Fact, evidence *Evidence, reason string) {
	if evidence == nil || evidence.Count == 0 {
		fact.State, fact.Reason = NotSeen, reason
		return
	}
	fact.State, fact.Evidence = Confirmed, *evidence
}

// judgeUse judges a property, a parameter or a superseded name, whose values are at a use.
func (l *learner) judgeUse(fact *Fact, at string) {
	var evidence *Evidence
	if use := l.folded.uses[at]; use != nil {
		evidence = &use.evidence
	}
	l.judgeSeen(fact, evidence, "no message had it")
	if fact.State == NotSeen {
		for _, keyword := range []string{"/properties/", "/x-superseded/"} {
			if !strings.Contains(at, keyword) {
				continue
			}
			owner, name := cut(at, keyword)
			if o := l.folded.objects[owner]; o != nil && o.evidence.Count > 0 {
				fact.Reason = "none of " + strconv.FormatInt(o.evidence.Count, 10) + " objects had it"
				if slices.Contains(l.doc.strings(below(owner, "required")), name) {
					fact.State, fact.Evidence = Contradicted, o.evidence
				}
			}
		}
		return
	}
	l.contradictBy(fact, func(place string) bool { return place == at || strings.HasPrefix(place, at+"/") })
}

// judgeSchema judges a schema that says of all its properties that they are inferred. Those with a provenance of their own do not count.
func (l *learner) judgeSchema(fact *Fact) {
	use, o := l.folded.whole[fact.Place], l.folded.objects[fact.Place]
	if use == nil || use.Count == 0 {
		fact.State, fact.Reason = NotSeen, "no message had it"
		return
	}
	fact.State, fact.Evidence = Confirmed, *use
	var unseen []string
	for _, name := range l.doc.keys(below(fact.Place, "properties")) {
		at := below(fact.Place, "properties", name)
		if l.doc.at(below(at, "x-provenance")) == nil && (o == nil || o.present[name] == 0) {
			unseen = append(unseen, name)
		}
	}
	if len(unseen) > 0 {
		fact.State, fact.Reason = NotSeen, "confirmed in part; no message had "+words(unseen)
	}
	l.contradictBy(fact, func(place string) bool { return place == fact.Place || strings.HasPrefix(place, fact.Place+"/") })
}

// contradictBy contradicts a fact by proposals that take something back, and by contradictions.
func (l *learner) contradictBy(fact *Fact, concerns func(place string) bool) {
	var reasons []string
	for _, p := range l.result.Proposals {
		if concerns(p.Place) && !p.adds {
			reasons = append(reasons, p.Says)
		}
	}
	for _, c := range l.result.Contradictions {
		if concerns(c.Place) {
			reasons = append(reasons, c.Says)
		}
	}
	if len(reasons) > 0 {
		fact.State, fact.Reason = Contradicted, strings.Join(reasons, "; ")
	}
}
