package software

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
)

const (
	dragFrom   = 2  // points the mouse must move with a button down before something is dragged, as elsewhere in Fyne
	wheelNotch = 25 // points a notch of the wheel scrolls, as elsewhere in Fyne
)

// mouse is the mouse: where it is, what lies under it and what it holds. What follows from what is Fyne's own rule
// (internal/driver/glfw), so that the window does here what it does elsewhere.
type mouse struct {
	window *window
	at     fyne.Position
	down   desktop.MouseButton
	cursor desktop.Cursor
	over   desktop.Hoverable

	press   fyne.CanvasObject // where the button went down
	dragged fyne.Draggable
	started bool          // it has moved far enough
	from    fyne.Position // where it was at the last step of the drag
	offset  fyne.Position // of the dragged object on the canvas, when it began
	origin  fyne.Position // of the dragged object in its parent, when it began

	first *once // waits for the second
}

func (w *window) point(x, y int) fyne.Position {
	return fyne.NewPos(float32(x)/w.canvas.scale, float32(y)/w.canvas.scale)
}

func (w *window) moved(x, y int, m fyne.KeyModifier) {
	w.held = m
	w.pointer.move(w.point(x, y), m)
}

func (w *window) left() { w.pointer.out() }

func (w *window) pressed(b desktop.MouseButton, x, y int, m fyne.KeyModifier) {
	w.held = m
	w.pointer.button(b, w.point(x, y), m, true)
}

func (w *window) released(b desktop.MouseButton, x, y int, m fyne.KeyModifier) {
	w.held = m
	w.pointer.button(b, w.point(x, y), m, false)
}

func (w *window) wheel(dx, dy float32, m fyne.KeyModifier) {
	w.held = m
	if m == fyne.KeyModifierShift && dx == 0 {
		dx, dy = dy, 0
	}
	w.pointer.wheel(dx, dy)
}

func (p *mouse) move(to fyne.Position, m fyne.KeyModifier) {
	was := p.at
	p.at = to
	cursor := desktop.Cursor(desktop.DefaultCursor)
	o, within := p.window.canvas.objectAt(to, func(o fyne.CanvasObject) bool {
		if c, ok := o.(desktop.Cursorable); ok {
			cursor = c.Cursor()
		}
		_, hovers := o.(desktop.Hoverable)
		return hovers
	})
	if p.cursor != cursor {
		p.cursor = cursor
		p.window.driver.native.setCursor(cursor)
	}
	p.pick(was)
	p.hover(o, &desktop.MouseEvent{PointEvent: fyne.PointEvent{AbsolutePosition: to, Position: within}, Button: p.down, Modifier: m})
	p.drag()
}

// pick finds what is to be dragged, once the mouse has moved far enough with the button down.
func (p *mouse) pick(was fyne.Position) {
	if p.down == 0 || p.down == desktop.MouseButtonSecondary || p.started {
		return
	}
	o, within := p.window.canvas.objectAt(was, func(o fyne.CanvasObject) bool {
		_, ok := o.(fyne.Draggable)
		_, page := o.(*container.Scroll)
		return ok && !page // a page is dragged by fingers only: a click by a hand that shakes must not be taken for that
	})
	moved := p.at.Subtract(p.from)
	far := moved.X >= dragFrom || moved.X <= -dragFrom || moved.Y >= dragFrom || moved.Y <= -dragFrom
	if d, ok := o.(fyne.Draggable); ok && far {
		p.dragged, p.started = d, true
		p.offset, p.origin = was.Subtract(within), o.Position()
	}
}

func (p *mouse) holds(o any) bool {
	d, ok := o.(fyne.Draggable)
	return ok && p.dragged != nil && d == p.dragged
}

func (p *mouse) hover(o fyne.CanvasObject, e *desktop.MouseEvent) {
	h, ok := o.(desktop.Hoverable)
	switch {
	case !ok || p.holds(o):
		if p.over != nil && !p.holds(p.over) {
			p.out()
		}
	case h == p.over:
		h.MouseMoved(e)
	default:
		p.out()
		p.over = h
		h.MouseIn(e)
	}
}

func (p *mouse) out() {
	if over := p.over; over != nil {
		p.over = nil
		over.MouseOut()
	}
}

func (p *mouse) drag() {
	if p.dragged == nil || p.down == desktop.MouseButtonSecondary {
		return
	}
	if p.down != 0 {
		e := &fyne.DragEvent{Dragged: fyne.NewDelta(p.at.X-p.from.X, p.at.Y-p.from.Y)}
		e.AbsolutePosition = p.at
		if o, ok := p.dragged.(fyne.CanvasObject); ok {
			e.Position = p.at.Subtract(p.offset).Add(p.origin.Subtract(o.Position()))
		}
		p.dragged.Dragged(e)
	}
	p.from = p.at
}

func (p *mouse) button(b desktop.MouseButton, at fyne.Position, m fyne.KeyModifier, down bool) {
	if at != p.at {
		p.move(at, m)
	}
	p.from = at
	c, dragging := p.window.canvas, p.started
	o, within := c.objectAt(at, func(o fyne.CanvasObject) bool {
		switch o.(type) {
		case fyne.Tappable, fyne.SecondaryTappable, fyne.DoubleTappable, fyne.Focusable, desktop.Mouseable:
			return true
		case fyne.Draggable:
			return dragging
		}
		return false
	})
	where := fyne.PointEvent{Position: within, AbsolutePosition: at}
	if wid, ok := o.(desktop.Mouseable); ok {
		p.mouseable(wid, &desktop.MouseEvent{PointEvent: where, Button: b, Modifier: m}, down)
	}
	p.unfocus(o)
	if down {
		p.down |= b
	} else {
		p.down &^= b
		p.drop(o)
	}
	_, taps := o.(fyne.Tappable)
	second, seconds := o.(fyne.SecondaryTappable)
	switch {
	case (taps || seconds) && down:
		p.press = o
	case seconds && !down && o == p.press && b == desktop.MouseButtonSecondary:
		second.TappedSecondary(&where)
	}
	if !down && b == desktop.MouseButtonPrimary && !dragging {
		p.tap(o, &where)
	}
}

func (p *mouse) mouseable(o desktop.Mouseable, e *desktop.MouseEvent, down bool) {
	if down {
		o.MouseDown(e)
		return
	}
	if d, ok := p.dragged.(desktop.Mouseable); ok {
		e.Position = e.AbsolutePosition.Subtract(p.offset)
		o = d
	}
	o.MouseUp(e)
}

// unfocus takes the keyboard away from what had it, unless that lies under the mouse.
func (p *mouse) unfocus(o fyne.CanvasObject) {
	c := p.window.canvas
	if f, ok := o.(fyne.Focusable); ok && f == c.Focused() {
		return
	}
	under, _ := c.objectAt(p.at, func(o fyne.CanvasObject) bool {
		_, ok := o.(fyne.Focusable)
		return ok
	})
	if under == nil {
		c.Unfocus()
	}
}

// drop ends a drag.
func (p *mouse) drop(at fyne.CanvasObject) {
	if p.dragged == nil {
		return
	}
	away := p.over != nil && p.holds(p.over) && !p.holds(at)
	if p.started {
		p.dragged.DragEnd()
		p.started = false
	}
	if away {
		p.out()
	}
	p.dragged = nil
}

// once is a press on what takes two, while the second may still come.
type once struct {
	on      fyne.CanvasObject
	event   *fyne.PointEvent
	pressed bool // the button also went down there
	timer   *time.Timer
}

// tap presses what was pressed. What takes two presses waits a moment for the second.
func (p *mouse) tap(o fyne.CanvasObject, e *fyne.PointEvent) {
	now := &once{on: o, event: e, pressed: o == p.press}
	p.press = nil
	d, double := o.(fyne.DoubleTappable)
	if first := p.first; first != nil {
		p.first = nil
		first.timer.Stop()
		if double && first.on == o {
			d.DoubleTapped(e)
			return
		}
		first.tell()
	}
	if !double {
		now.tell()
		return
	}
	p.first = now
	driver := p.window.driver
	now.timer = time.AfterFunc(driver.DoubleTapDelay(), func() {
		driver.queue.give(func() {
			if p.first == now {
				p.first = nil
				now.tell()
			}
		}, false)
	})
}

func (o *once) tell() {
	if t, ok := o.on.(fyne.Tappable); ok && o.pressed {
		t.Tapped(o.event)
	}
}

// wheel scrolls what lies under the mouse, or, where that is at its end, the page it lies on.
func (p *mouse) wheel(dx, dy float32) {
	type place struct {
		of fyne.Scrollable
		at fyne.Position
	}
	var all []place
	p.window.canvas.everyAt(p.at, func(o fyne.CanvasObject, within fyne.Position) {
		if s, ok := o.(fyne.Scrollable); ok {
			all = append(all, place{s, within})
		}
	})
	for _, s := range slices.Backward(all) {
		page, is := s.of.(*container.Scroll)
		var was fyne.Position
		if is {
			was = page.Offset
		}
		e := &fyne.ScrollEvent{Scrolled: fyne.NewDelta(dx*wheelNotch, dy*wheelNotch)}
		e.Position, e.AbsolutePosition = s.at, p.at
		s.of.Scrolled(e)
		if !is || page.Offset != was {
			p.move(p.at, p.window.held) // another thing may lie under the mouse now
			return
		}
	}
}
