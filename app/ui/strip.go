package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
)

// strip stands across the top while practice mode is on: somebody who wonders why no patron answers must not have to look
// for it.
type strip struct {
	w      *Window
	object *fyne.Container
	words  *text
}

func newStrip(w *Window) *strip {
	s := &strip{w: w, words: newText("").bold().tone(toneWarn)}
	change := newLink(lang.L("Change this"), func() { w.showSetting(practiceSetting) })
	inside := spread(line(newIcon("warn", colorWarn), s.words), change)
	s.object = container.NewStack(newPlate(colorWarnBack, colorNone, 0), padded(inside, 8, 8, pagePad, pagePad))
	s.object.Hide()
	return s
}

func (s *strip) refresh() {
	words := s.w.desk.Practice()
	s.words.set(words)
	s.object.Hidden = words == ""
}
