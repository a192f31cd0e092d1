package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

func TestSBOM(t *testing.T) {
	self, err := os.Executable() // a Go program with the parts of this package
	if err != nil {
		t.Fatal(err)
	}
	var one, two bytes.Buffer
	for _, to := range []*bytes.Buffer{&one, &two} {
		if err := write(to, "1.2.3", "2026-11-22T00:00:00Z", []string{self}); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("the same programs give the same bytes", func(t *testing.T) {
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Error("they differ")
		}
	})
	var d document
	if err := json.Unmarshal(one.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	t.Run("it names the product and the version of Go", func(t *testing.T) {
		if d.Metadata.Component.Version != "1.2.3" || len(d.Components) == 0 || d.Components[0].Name != "Go" || d.Components[0].Version == "" {
			t.Errorf("%+v", d)
		}
	})
	t.Run("what is no program is refused", func(t *testing.T) {
		if err := write(&one, "1", "2026-11-22T00:00:00Z", []string{"main.go"}); err == nil {
			t.Error("main.go was taken for a program")
		}
	})
}
