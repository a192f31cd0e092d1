package software

import (
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// screen is the canvas: what the window shows, and who has the keyboard.
type screen struct {
	fyne.ShortcutHandler

	window   *window
	size     fyne.Size
	scale    float32 // pixels in a point
	padded   bool
	content  fyne.CanvasObject
	focus    *focus
	overlays *overlays
	sizes    sizes

	typedRune      func(rune)
	typedKey       func(*fyne.KeyEvent)
	keyDown, keyUp func(*fyne.KeyEvent)
}

func newScreen(w *window) *screen {
	c := &screen{window: w, scale: 1, padded: true, focus: &focus{}}
	c.overlays = &overlays{screen: c}
	return c
}

func (c *screen) Content() fyne.CanvasObject { return c.content }

// SetContent shows something else. What had the keyboard keeps it, if it is still there.
func (c *screen) SetContent(o fyne.CanvasObject) {
	had := c.focus.has
	c.content, c.focus = o, &focus{root: o}
	if o == nil {
		c.SetDirty()
		return
	}
	o.Resize(o.MinSize()) // some need their width before they know their height
	c.resize(c.size.Max(c.least()))
	if had != nil {
		c.focus.set(had)
	}
}

// least is how small the canvas can be made.
func (c *screen) least() fyne.Size {
	if c.content == nil {
		return fyne.Size{}
	}
	return c.content.MinSize().Add(fyne.NewSquareSize(2 * c.padding()))
}

func (c *screen) padding() float32 {
	if c.padded {
		return theme.Padding()
	}
	return 0
}

// resize gives everything on the canvas its room.
func (c *screen) resize(s fyne.Size) {
	c.size = s
	for _, o := range c.overlays.list {
		if placesItself(o) {
			o.Refresh()
		} else {
			o.Resize(s)
		}
	}
	if c.content != nil {
		c.content.Resize(s.Subtract(fyne.NewSquareSize(2 * c.padding())))
		c.content.Move(fyne.NewSquareOffsetPos(c.padding()))
	}
	c.SetDirty()
}

// placesItself tells whether something is a pop-up: those find their place by themselves when they are refreshed.
func placesItself(o fyne.CanvasObject) bool {
	_, ok := o.(interface{ ShowAtPosition(pos fyne.Position) })
	return ok
}

// Refresh sees to it that an object is drawn as it is now.
func (c *screen) Refresh(o fyne.CanvasObject) {
	c.window.painter.changed(o)
	c.SetDirty()
}

// SetDirty is called by Fyne where something moved, came or went.
func (c *screen) SetDirty() { c.window.dirtied() }

func (c *screen) keyboard() *focus {
	if n := len(c.overlays.focuses); n > 0 {
		return c.overlays.focuses[n-1]
	}
	return c.focus
}

// Focus gives an object the keyboard.
func (c *screen) Focus(o fyne.Focusable) {
	top := c.keyboard()
	if top.set(o) {
		return
	}
	for _, f := range append([]*focus{c.focus}, c.overlays.focuses...) {
		if f != top && f.set(o) {
			return
		}
	}
	fyne.LogError("What is to have the keyboard is not in the window", nil)
}

func (c *screen) FocusNext()                           { c.keyboard().next(false) }
func (c *screen) FocusPrevious()                       { c.keyboard().next(true) }
func (c *screen) Unfocus()                             { c.keyboard().set(nil) }
func (c *screen) Focused() fyne.Focusable              { return c.keyboard().has }
func (c *screen) Size() fyne.Size                      { return c.size }
func (c *screen) Scale() float32                       { return c.scale }
func (c *screen) Overlays() fyne.OverlayStack          { return c.overlays }
func (c *screen) OnTypedRune() func(rune)              { return c.typedRune }
func (c *screen) SetOnTypedRune(f func(rune))          { c.typedRune = f }
func (c *screen) OnTypedKey() func(*fyne.KeyEvent)     { return c.typedKey }
func (c *screen) SetOnTypedKey(f func(*fyne.KeyEvent)) { c.typedKey = f }
func (c *screen) OnKeyDown() func(*fyne.KeyEvent)      { return c.keyDown }
func (c *screen) SetOnKeyDown(f func(*fyne.KeyEvent))  { c.keyDown = f }
func (c *screen) OnKeyUp() func(*fyne.KeyEvent)        { return c.keyUp }
func (c *screen) SetOnKeyUp(f func(*fyne.KeyEvent))    { c.keyUp = f }

// Capture is the picture of what the window shows.
func (c *screen) Capture() image.Image { return Picture(c) }

// PixelCoordinateForPosition is where a place lies in the picture.
func (c *screen) PixelCoordinateForPosition(p fyne.Position) (x, y int) {
	return int(math.Round(float64(p.X * c.scale))), int(math.Round(float64(p.Y * c.scale)))
}

// InteractiveArea is all of it: nothing of the system's lies over the window.
func (c *screen) InteractiveArea() (fyne.Position, fyne.Size) { return fyne.Position{}, c.size }

func (c *screen) trees() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{c.content}, c.overlays.list...)
}

// overlays are dialogs and pop-ups, the last in front. Each has a keyboard of its own.
type overlays struct {
	screen  *screen
	list    []fyne.CanvasObject
	focuses []*focus
}

// Add puts something in front of everything.
func (s *overlays) Add(o fyne.CanvasObject) {
	if o == nil {
		return
	}
	s.list, s.focuses = append(s.list, o), append(s.focuses, &focus{root: o})
	if o.Size().IsZero() && !placesItself(o) { // what a menu stands on: it catches clicks beside the menu
		o.Resize(s.screen.size)
	}
	s.screen.SetDirty()
}

func (s *overlays) List() []fyne.CanvasObject { return s.list }

// Remove takes something away, and what lies in front of it.
func (s *overlays) Remove(o fyne.CanvasObject) {
	for i, there := range s.list {
		if there == o {
			clear(s.list[i:])
			clear(s.focuses[i:])
			s.list, s.focuses = s.list[:i], s.focuses[:i]
			break
		}
	}
	s.screen.SetDirty()
}

// Top is what lies in front of everything; nil if nothing does.
func (s *overlays) Top() fyne.CanvasObject {
	if len(s.list) == 0 {
		return nil
	}
	return s.list[len(s.list)-1]
}
