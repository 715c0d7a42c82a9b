package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/figures"
)

func TestTheDocumentHasAPlaceForEachTable(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("../../..", figures.Document))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range measurements() {
		if begin, end := figures.Place(command, m.name); bytes.Count(text, begin) != 1 || bytes.Count(text, end) != 1 {
			t.Errorf("%s has not one place for the table %s", figures.Document, m.name)
		}
	}
}
