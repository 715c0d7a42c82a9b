package observe

// maxMemo is how many answers are remembered.
const maxMemo = 4096

// memo remembers what a function said of texts, because messages have the same names again and again.
type memo struct {
	says  func(string) bool
	known map[string]bool
}

func remembering(says func(string) bool) memo { return memo{says, map[string]bool{}} }

func (m *memo) of(text string) bool {
	answer, ok := m.known[text]
	if !ok {
		if len(m.known) == maxMemo {
			clear(m.known)
		}
		answer = m.says(text)
		m.known[text] = answer
	}
	return answer
}
