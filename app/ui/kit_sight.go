package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// intoSight scrolls what o stands in until all of o can be seen. The toolkit moves the keyboard to a control below the edge
// and leaves it there.
func intoSight(o fyne.CanvasObject) {
	sightIn(rootOf(o), o, func(s *container.Scroll, top float32) { scrollTo(s, top, o.Size().Height) })
}

// wheelAround turns the mouse's wheel over what o stands in: over the innermost that can go further that way.
func wheelAround(o fyne.CanvasObject, ev *fyne.ScrollEvent) {
	done := false
	sightIn(rootOf(o), o, func(s *container.Scroll, _ float32) {
		if done {
			return
		}
		before := s.Offset
		s.Scrolled(ev)
		done = s.Offset != before
	})
}

// rootOf is the uppermost layer where o is shown; nil: it is shown nowhere.
func rootOf(o fyne.CanvasObject) fyne.CanvasObject {
	c := canvasOf(o)
	if c == nil {
		return nil
	}
	if top := c.Overlays().Top(); top != nil {
		return top
	}
	return c.Content()
}

// sightIn looks for o below in and gives where it is in there. It calls around for what scrolls round o, from within, with
// where o begins in it.
func sightIn(in, o fyne.CanvasObject, around func(s *container.Scroll, top float32)) (at fyne.Position, found bool) {
	if in == o {
		return fyne.NewPos(0, 0), true
	}
	switch x := in.(type) {
	case *fyne.Container:
		for _, child := range x.Objects {
			if !child.Visible() {
				continue
			}
			if at, found = sightIn(child, o, around); found {
				return at.Add(child.Position()), true
			}
		}
	case *container.Scroll:
		if at, found = sightIn(x.Content, o, around); found {
			around(x, at.Y)
			return at.Add(x.Content.Position()), true
		}
	default:
	}
	return at, false
}

// scrollTo shows what begins at top and is so high, with room for its ring.
func scrollTo(s *container.Scroll, top, high float32) {
	at, view := s.Offset.Y, s.Size().Height
	switch {
	case high > view: // cannot be seen whole anyway
	case top-gap < at:
		s.ScrollToOffset(fyne.NewPos(s.Offset.X, max(top-gap, 0)))
	case top+high+gap > at+view:
		s.ScrollToOffset(fyne.NewPos(s.Offset.X, top+high+gap-view))
	}
}
