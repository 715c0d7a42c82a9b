package check

import "strings"

const (
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	letters  = "abcdefghijklmnopqrstuvwxyz" + capitals
	digits   = "0123456789"
)

// isAssignment reports whether a value is a whole line of a file that sets a variable: NAME=value, export NAME=value.
func isAssignment(value string) bool {
	name, _, found := strings.Cut(value, "=")
	name = strings.TrimRight(name, " ")
	if command, rest, ok := strings.Cut(name, " "); ok {
		if !strings.EqualFold(command, "export") && !strings.EqualFold(command, "set") && !strings.EqualFold(command, "env") {
			return false
		}
		name = strings.TrimLeft(rest, " ")
	}
	return found && isWord(name, capitals, capitals+digits+"_")
}

// isReference reports whether a value is the name of a variable: $NAME, ${NAME}, $(command), %NAME%, {{ .name }} and the like.
func isReference(value string) bool {
	if rest, ok := strings.CutPrefix(value, "$"); ok {
		rest = strings.TrimLeft(strings.TrimLeft(rest, "{"), " ")
		return rest != "" && strings.IndexByte(letters+"_(", rest[0]) >= 0
	}
	if rest, ok := strings.CutPrefix(value, "%"); ok {
		name, ok := strings.CutSuffix(rest, "%")
		return ok && isWord(name, letters+"_", letters+digits+"_")
	}
	for _, suffix := range []string{"_API_KEY", "_BASE_URL"} {
		if name, ok := strings.CutSuffix(value, suffix); ok && isWord(name, capitals, capitals) {
			return true
		}
	}
	return isIn("{{", value, "}}")
}

// isPlaceholder reports whether a value stands for one that somebody should have put in its place: <your key>, [key] and "…".
func isPlaceholder(value string) bool {
	return isIn("<", value, ">") || isIn("[", value, "]") || isIn("{", value, "}") ||
		(len(value) >= 2 && strings.Trim(value, "*") == "") || value == "..." || strings.HasSuffix(value, "…")
}

// isIn reports whether a value has these brackets around it.
func isIn(left, value, right string) bool {
	rest, ok := strings.CutPrefix(value, left)
	return ok && strings.HasSuffix(rest, right)
}

// isWord reports whether a text begins with one of some letters and has only some others after that.
func isWord(text, first, others string) bool {
	return text != "" && strings.IndexByte(first, text[0]) >= 0 && strings.Trim(text[1:], others) == ""
}
