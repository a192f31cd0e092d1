package software

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// room is a part of the canvas, in points.
type room struct{ left, top, right, bottom float32 }

// everywhere is no limit at all.
var everywhere = room{-math.MaxInt32, -math.MaxInt32, math.MaxInt32, math.MaxInt32}

func roomOf(at fyne.Position, s fyne.Size) room {
	return room{at.X, at.Y, at.X + s.Width, at.Y + s.Height}
}

func (r room) and(o room) room {
	return room{max(r.left, o.left), max(r.top, o.top), min(r.right, o.right), min(r.bottom, o.bottom)}
}

func (r room) has(p fyne.Position) bool {
	return p.X >= r.left && p.Y >= r.top && p.X < r.right && p.Y < r.bottom
}

// children are what an object is made of.
func children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects()
	}
	return nil
}

// clips tells whether an object hides what sticks out of it: Fyne's rule.
func clips(o fyne.CanvasObject) bool {
	if _, scrolls := o.(fyne.Scrollable); scrolls {
		return true
	}
	if w, ok := o.(fyne.Widget); ok {
		_, clip := test.WidgetRenderer(w).(interface{ IsClip() })
		return clip
	}
	return false
}

// walk goes through everything visible, from back to front, with its place and the room in which it can be seen, until
// the visitor answers true.
func walk(o fyne.CanvasObject, at fyne.Position, seen room, visit func(o fyne.CanvasObject, at fyne.Position, seen room) bool) bool {
	if o == nil || !o.Visible() {
		return false
	}
	at = at.Add(o.Position())
	if clips(o) {
		seen = seen.and(roomOf(at, o.Size()))
	}
	if visit(o, at, seen) {
		return true
	}
	for _, inside := range children(o) {
		if walk(inside, at, seen, visit) {
			return true
		}
	}
	return false
}

// placeOf is where an object begins on the canvas; the canvas's own beginning if it is not to be found.
func placeOf(wanted fyne.CanvasObject, trees []fyne.CanvasObject) (place fyne.Position) {
	for _, t := range trees {
		found := walk(t, fyne.Position{}, everywhere, func(o fyne.CanvasObject, at fyne.Position, _ room) bool {
			if o == wanted {
				place = at
			}
			return o == wanted
		})
		if found {
			break
		}
	}
	return place
}

// objectAt is the object furthest in front at a place that somebody wants, and the place within it. An overlay hides
// everything below.
func (c *screen) objectAt(p fyne.Position, wanted func(fyne.CanvasObject) bool) (found fyne.CanvasObject, within fyne.Position) {
	c.everyAt(p, func(o fyne.CanvasObject, at fyne.Position) {
		if wanted(o) {
			found, within = o, at
		}
	})
	return found, within
}

// everyAt goes through all that lies at a place, from back to front, with the place within each.
func (c *screen) everyAt(p fyne.Position, visit func(o fyne.CanvasObject, within fyne.Position)) {
	root := c.content
	if over := c.overlays.Top(); over != nil {
		root = over
	}
	walk(root, fyne.Position{}, everywhere, func(o fyne.CanvasObject, at fyne.Position, seen room) bool {
		if seen.has(p) && roomOf(at, o.Size()).has(p) {
			visit(o, p.Subtract(at))
		}
		return false
	})
}
