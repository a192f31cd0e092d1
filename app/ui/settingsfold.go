package ui

import (
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

// scrollAround finds what scrolls o; nil: nothing does.
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
	if !ok {
		return false
	}
	for _, one := range c.Objects {
		if holds(one, o) {
			return true
		}
	}
	return false
}

// reveal scrolls so that a control can be seen, with the words below it.
func reveal(of fyne.Focusable) {
	o, ok := of.(fyne.CanvasObject)
	if !ok {
		return
	}
	s := scrollAround(o)
	if s == nil {
		return
	}
	const below = 80
	d := fyne.CurrentApp().Driver()
	y := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s.Content).Y
	top, bottom := y-pagePad, y+o.Size().Height+below
	at := s.Offset.Y
	switch {
	case top < at:
		at = max(top, 0)
	case bottom > at+s.Size().Height:
		at = bottom - s.Size().Height
	default:
		return
	}
	s.ScrollToOffset(fyne.NewPos(0, at))
}
