package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// fold hides things behind a word to press, which the keyboard reaches like any other.
type fold struct {
	object *fyne.Container

	head        *button
	body        *fyne.Container
	closed, say string
}

func newFold(closed, opened string, body ...fyne.CanvasObject) *fold {
	f := &fold{closed: closed, say: opened, body: rowsBy(wideGap+gap, body...)}
	f.head = newLink(closed, func() { f.open(f.body.Hidden) })
	f.body.Hide()
	f.object = rowsBy(wideGap, f.head, f.body)
	return f
}

// open shows what is hidden, or hides it.
func (f *fold) open(on bool) {
	if f.body.Hidden != on {
		return
	}
	f.body.Hidden = !on
	if on {
		f.head.SetText(f.say)
	} else {
		f.head.SetText(f.closed)
	}
	f.object.Refresh()
	if s := scrollAround(f.object); s != nil {
		s.Refresh()
	}
}

// scrollAround finds what scrolls o; nil: nothing does. It must be told when what it holds became higher.
func scrollAround(o fyne.CanvasObject) *container.Scroll {
	c := canvasOf(o)
	if c == nil {
		return nil
	}
	for _, s := range scrolls(c.Content()) {
		if holds(s.Content, o) {
			return s
		}
	}
	return nil
}

func holds(in, o fyne.CanvasObject) bool {
	if in == o {
		return true
	}
	c, ok := in.(*fyne.Container)
	return ok && slices.ContainsFunc(c.Objects, func(one fyne.CanvasObject) bool { return holds(one, o) })
}

// pageRoom is the room that what is on a page took when it was last laid out.
type pageRoom struct{ took fyne.Size }

// fit lays the page round an object out again where what is on it takes another room. To do so at each letter somebody
// writes would take most of the time until it is seen.
func (r *pageRoom) fit(o fyne.CanvasObject) {
	page := scrollAround(o)
	if page == nil {
		return
	}
	if takes := page.Content.MinSize(); takes != r.took {
		r.took = takes
		page.Refresh()
	}
}
