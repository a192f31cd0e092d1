package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
)

// noticeBar says what was just done, and lets it be undone where that is honest. It stays until the next one or until it
// is dismissed: nobody has to be quick.
type noticeBar struct {
	object *fyne.Container
	words  *text
	undo   *button
	taken  func()
}

func newNoticeBar() *noticeBar {
	n := &noticeBar{words: newText("")}
	n.words.color = colorOnNotice
	n.undo = newButtonOf(buttonNoticeLink, lang.L("Undo"), func() {
		taken := n.taken
		n.hide()
		if taken != nil {
			taken()
		}
	})
	dismiss := newButtonOf(buttonNoticeLink, lang.L("Dismiss"), n.hide)
	bar := container.NewStack(newPlate(colorNotice, colorNone, 8), padded(spread(n.words, rowLine(n.undo, dismiss)), 10, 10, cardPad, cardPad))
	n.object = padded(bar, 0, wideGap, pagePad, pagePad)
	n.object.Hide()
	return n
}

func rowLine(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&lineLayout{gap: cardPad}, objects...)
}

func (n *noticeBar) show(words string, undo func()) {
	n.taken = undo
	n.words.set(words)
	n.undo.Hidden = undo == nil
	n.object.Show()
	n.object.Refresh()
}

func (n *noticeBar) hide() {
	n.taken = nil
	n.object.Hide()
}

// notice says what was just done in a bar at the bottom, with Undo if undo is not nil.
func (w *Window) notice(words string, undo func()) {
	w.bar.show(words, undo)
	w.root.Refresh()
}
