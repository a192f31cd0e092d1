package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBox(t *testing.T) {
	t.Run("the first program that can is asked, and gets the text as text", func(t *testing.T) {
		seen := filepath.Join(t.TempDir(), "seen")
		t.Setenv("SEEN", seen)
		t.Setenv("PATH", filepath.Dir(script(t, "zenity", `for a; do echo "$a"; done >"$SEEN.new"; /bin/mv "$SEEN.new" "$SEEN"`)))
		box("<b>What</b> happened.\n\nWhat to do.")
		eventually(t, "a box", func() bool { _, err := os.Stat(seen); return err == nil })
		if got, err := os.ReadFile(seen); err != nil || !strings.Contains(string(got), "--no-markup\n") || !strings.Contains(string(got), "--text=<b>What</b> happened.\n\nWhat to do.\n") {
			t.Errorf("%s, %v", got, err)
		}
	})
	t.Run("where no program can, nothing happens", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		box("text")
	})
	t.Run("lines are broken between words, and paragraphs stay", func(t *testing.T) {
		if got := wrapped("one two three\n\nfour fivesix", 7); got != "one two\nthree\n\nfour\nfivesix" {
			t.Errorf("%q", got)
		}
	})
}
