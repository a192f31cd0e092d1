package screen

import (
	"runtime/debug"
	"slices"
	"testing"
)

func TestLinked(t *testing.T) {
	all := []Component{{Name: "Go", Version: "go1"}, {Name: "parts.test/in", Version: "v1.0.0"}, {Name: "parts.test/out", Version: "v1.0.0"}}
	got := linked(all, []*debug.Module{{Path: "parts.test/in", Version: "v1.2.0"}, {Path: "parts.test/unlisted", Version: "v1.0.0"}})
	want := []Component{{Name: "Go", Version: "go1"}, {Name: "parts.test/in", Version: "v1.2.0"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
