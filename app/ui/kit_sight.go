package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// intoSight scrolls what o stands in until all of o can be seen. The toolkit moves the keyboard to a control below the edge
// and leaves it there.
func intoSight(o fyne.CanvasObject) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	root := c.Overlays().Top()
	if root == nil {
		root = c.Content()
	}
	if root != nil {
		sightIn(root, o)
	}
}

// sightIn looks for o below in and gives where it is in there.
func sightIn(in, o fyne.CanvasObject) (at fyne.Position, found bool) {
	if in == o {
		return fyne.NewPos(0, 0), true
	}
	switch x := in.(type) {
	case *fyne.Container:
		for _, child := range x.Objects {
			if !child.Visible() {
				continue
			}
			if at, found = sightIn(child, o); found {
				return at.Add(child.Position()), true
			}
		}
	case *container.Scroll:
		if at, found = sightIn(x.Content, o); found {
			scrollTo(x, at.Y, o.Size().Height)
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
