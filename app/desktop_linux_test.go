package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestOpenOutside(t *testing.T) {
	t.Run("the desktop's own way gets the address as it is", func(t *testing.T) {
		tool := script(t, "xdg-open", `printf %s "$*" >"$SEEN.new"; mv "$SEEN.new" "$SEEN"`)
		seen := filepath.Join(t.TempDir(), "seen")
		t.Setenv("SEEN", seen)
		t.Setenv("PATH", filepath.Dir(tool)+":"+os.Getenv("PATH"))
		address := "mailto:it@school.test?subject=a%20b&body=$(id)%0D%0A'\"`;"
		if err := (&desktop{}).Open(address); err != nil {
			t.Fatal(err)
		}
		eventually(t, "xdg-open was called", func() bool { _, err := os.Stat(seen); return err == nil })
		if got, err := os.ReadFile(seen); err != nil || string(got) != address {
			t.Errorf("got %q, %v", got, err)
		}
	})
	t.Run("a notification shows what was written", func(t *testing.T) {
		if got := plain.Replace("<b>&\"x\"</b>"); strings.ContainsAny(got, "<>") || got != "&lt;b&gt;&amp;\"x\"&lt;/b&gt;" {
			t.Error(got)
		}
	})
}

// eventually looks again and again until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	late := time.After(time.Minute)
	for !so() {
		select {
		case <-look.C:
		case <-late:
			t.Fatalf("never: %s", what)
		}
	}
}
