package mutate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// A State is a file of results: a line that identifies the content of the repository, and then a line of JSON for each result. With
// it, a run that was interrupted can go on.
type State struct {
	file    *os.File
	results map[string]Result
}

type stateHeader struct {
	Content string `json:"content"`
}

// OpenState reads the results for a content. It begins an empty file if the file has none, or has those of another content.
func OpenState(name, content string) (*State, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	s := &State{results: map[string]Result{}}
	var kept bytes.Buffer
	keep := func(value any) {
		line, _ := json.Marshal(value) // of strings, booleans and numbers
		kept.Write(append(line, '\n'))
	}
	keep(stateHeader{content})
	lines := bytes.Split(text, []byte("\n"))
	var header stateHeader
	if json.Unmarshal(lines[0], &header) == nil && header.Content == content {
		for _, line := range lines[1:] {
			var result Result
			if json.Unmarshal(line, &result) == nil && result.Mutant != "" { // the last line may have been cut off
				s.results[result.Mutant] = result
				keep(result)
			}
		}
	}
	if err := os.WriteFile(name, kept.Bytes(), 0o600); err != nil {
		return nil, err
	}
	s.file, err = os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0o600)
	return s, err
}

// Results returns what is known, by the mutant's ID.
func (s *State) Results() map[string]Result { return s.results }

// Record adds a result, at once to the file.
func (s *State) Record(result Result) error {
	line, err := json.Marshal(result)
	if err != nil {
		return err
	}
	if _, err := s.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("recording a result: %w", err)
	}
	s.results[result.Mutant] = result
	return nil
}

// Close closes the file.
func (s *State) Close() error { return s.file.Close() }
