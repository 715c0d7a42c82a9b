// Package markdown writes text that others chose, such as names of a contract, into GitHub Flavored Markdown. The text shows as it is:
// it makes no heading, table, link or HTML, and mentions nobody. It does not write whole documents.
package markdown

import (
	"regexp"
	"strings"
)

var special = regexp.MustCompile("[\\\\`*_\\[\\]<>|~&]")

// Text returns a text for a paragraph, an item of a list or a cell of a table, on one line. What is between two backticks stays code.
func Text(text string) string {
	parts := strings.Split(strings.Join(strings.Fields(text), " "), "`")
	if len(parts)%2 == 0 {
		return escape(strings.Join(parts, "`"))
	}
	for i, part := range parts {
		if i%2 == 0 {
			parts[i] = escape(part)
		} else {
			parts[i] = Code(part)
		}
	}
	return strings.Join(parts, "")
}

// Code returns a text as code, or as other text if it cannot be code everywhere: tables take a pipe in code for the end of a cell.
func Code(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" || strings.ContainsAny(text, "`|") {
		return escape(text)
	}
	return "`" + text + "`"
}

// escape keeps an @ from mentioning somebody with a comment after it, because GitHub looks for mentions after it has removed backslashes.
func escape(text string) string {
	return strings.ReplaceAll(special.ReplaceAllString(text, `\$0`), "@", "@<!-- -->")
}
