package figures

import (
	"fmt"
	"os"
)

// Write fills a document in place: see Fill.
func Write(file, command string, tables []Table, recorded string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if text, err = Fill(text, command, tables, recorded); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, text, 0o666)
}
