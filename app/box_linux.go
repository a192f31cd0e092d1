package main

import "os/exec"

// box shows a text on the desktop without the toolkit's help, where there is a program for that. The text stands on
// standard error as well, so nobody waits for the box to be closed.
func box(text string) {
	for _, tool := range [][]string{
		{"zenity", "--error", "--no-markup", "--width=480", "--title=" + title, "--text=" + text},
		{"kdialog", "--title", title, "--error", text},
		{"xmessage", "-center", "-title", title, text},
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

// letToFront has nothing to allow: on X11 any window may be brought to the front.
func letToFront() {}
