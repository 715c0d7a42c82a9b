package front

import (
	"cmp"
	"mime"
	"slices"
	"strconv"
	"strings"
)

// mediaRange is an element of an Accept header (RFC 9110 section 12.5.1).
type mediaRange struct {
	kind, subtype string
	parameters    map[string]string
	quality       float64
}

// Acceptable returns those of some media types that an Accept header allows, the preferred one first; equally good ones stay in their
// order. No header allows everything. What cannot be read in it is skipped, because Java sends "*; q=.2".
func Acceptable(accept []string, mediaTypes []string) []string {
	var ranges []mediaRange
	for element := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		if r, ok := parseRange(element); ok {
			ranges = append(ranges, r)
		}
	}
	if len(ranges) == 0 {
		return mediaTypes
	}
	qualities := map[string]float64{}
	var allowed []string
	for _, mediaType := range mediaTypes {
		if qualities[mediaType] = quality(ranges, mediaType); qualities[mediaType] > 0 {
			allowed = append(allowed, mediaType)
		}
	}
	slices.SortStableFunc(allowed, func(a, b string) int { return cmp.Compare(qualities[b], qualities[a]) })
	return allowed
}

func parseRange(element string) (r mediaRange, ok bool) {
	text, parameters, err := mime.ParseMediaType(element)
	if err != nil {
		return r, false
	}
	r = mediaRange{quality: 1, parameters: parameters}
	if r.kind, r.subtype, ok = strings.Cut(text, "/"); !ok {
		return r, false
	}
	if q, given := parameters["q"]; given {
		if r.quality, err = strconv.ParseFloat(q, 64); err != nil || !(r.quality >= 0 && r.quality <= 1) {
			return r, false
		}
	}
	delete(parameters, "q")
	delete(parameters, "charset") // there is only UTF-8
	return r, true
}

// quality returns how good a media type is: what the most specific range says that it is in, and 0 when it is in none.
func quality(ranges []mediaRange, mediaType string) float64 {
	text, parameters, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return 0
	}
	kind, subtype, _ := strings.Cut(text, "/")
	best, specificity := 0.0, -1
	for _, r := range ranges {
		specific := 2 + len(r.parameters)
		switch {
		case r.kind == "*" && r.subtype == "*":
			specific = 0
		case r.kind == kind && r.subtype == "*":
			specific = 1
		case r.kind != kind || r.subtype != subtype:
			continue
		}
		missing := false
		for name, value := range r.parameters {
			missing = missing || parameters[name] != value
		}
		if !missing && specific > specificity {
			best, specificity = r.quality, specific
		}
	}
	return best
}
