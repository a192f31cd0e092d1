package main

import (
	"os/exec"
	"strings"
	"unicode/utf8"
)

// box shows a text on the desktop without the toolkit's help, where there is a program for that. The text stands on
// standard error as well, so nobody waits for the box to be closed.
func box(text string) {
	for _, tool := range [][]string{
		{"zenity", "--error", "--no-markup", "--width=480", "--title=" + title, "--text=" + text},
		{"kdialog", "--title", title, "--error", text},
		{"xmessage", "-center", "-title", title, wrapped(text, 70)}, // shows lines as they come
	} {
		program, err := exec.LookPath(tool[0])
		if err != nil {
			continue
		}
		if exec.Command(program, tool[1:]...).Start() == nil { //nolint:noctx,gosec // it outlives this program; the tools are those above
			return
		}
	}
}

// wrapped breaks a text into lines of at most so many letters.
func wrapped(text string, most int) string {
	var out strings.Builder
	for n, paragraph := range strings.Split(text, "\n") {
		if n > 0 {
			out.WriteByte('\n')
		}
		length := 0
		for word := range strings.FieldsSeq(paragraph) {
			letters := utf8.RuneCountInString(word)
			switch {
			case length == 0:
			case length+1+letters > most:
				out.WriteByte('\n')
				length = 0
			default:
				out.WriteByte(' ')
				length++
			}
			out.WriteString(word)
			length += letters
		}
	}
	return out.String()
}

// letToFront has nothing to allow: on X11 any window may be brought to the front.
func letToFront() {}
