package software

import (
	"runtime"
	"strings"
	"testing"
)

func TestWin32Clipboard(t *testing.T) {
	for promise, text := range map[string]string{
		"a word":                "überfällig",
		"letters of two halves": "😀 und 𝄞",
		"lines":                 "one\ntwo\n\nfour\n",
		"a long list":           strings.Repeat("Pippi Langstrumpf\n", 10000),
		"nothing":               "",
		"a lone end of a line":  "\n",
		"what is left of a NUL": "ab",
	} {
		t.Run(promise+" comes back as it went", func(t *testing.T) {
			n, _ := opened(t)
			given := text
			if promise == "what is left of a NUL" {
				given = "a\x00b"
			}
			n.setClipboard(given)
			if got := n.clipboard(); got != text {
				t.Errorf("%.60q, not %.60q", got, text)
			}
		})
	}
	t.Run("other programs get lines as Windows has them, once", func(t *testing.T) {
		for given, want := range map[string]string{"a\nb": "a\r\nb", "a\r\nb": "a\r\nb", "a\n\nb\n": "a\r\n\r\nb\r\n", "a\rb": "a\rb"} {
			if got := windowsLines(given); got != want {
				t.Errorf("%q of %q", got, given)
			}
		}
	})
	t.Run("a program that keeps the clipboard to itself is not waited for", func(t *testing.T) {
		n, _ := opened(t)
		n.setClipboard("before")
		kept, free, freed := make(chan struct{}), make(chan struct{}), make(chan struct{})
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			defer close(freed)
			for openClipboard.call(0) == 0 {
				runtime.Gosched()
			}
			close(kept)
			<-free
			closeClipboard.call()
		}()
		<-kept
		n.setClipboard("after")
		if got := n.clipboard(); got != "" {
			t.Errorf("%q", got)
		}
		close(free)
		<-freed
		if got := n.clipboard(); got != "before" {
			t.Errorf("%q", got)
		}
	})
}
