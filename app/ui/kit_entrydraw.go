package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// entryInset moves the letters of an entry to where those of a choice begin.
const entryInset = controlPad - 6

// entryRenderer draws the field as a choice is drawn. The toolkit's own line lies on half pixels, and comes out two pixels
// wide and dark where a graphics card draws; its scroll bar lies across the letters' feet.
type entryRenderer struct {
	fyne.WidgetRenderer

	e       *entry
	box     *canvas.Rectangle
	scroll  *container.Scroll
	foot    *footing
	objects []fyne.CanvasObject
}

func (e *entry) CreateRenderer() fyne.WidgetRenderer {
	e.frame = canvas.NewRectangle(color.Transparent)
	r := &entryRenderer{WidgetRenderer: e.Entry.CreateRenderer(), e: e, box: canvas.NewRectangle(color.Transparent), foot: newFooting(e)}
	r.objects = []fyne.CanvasObject{r.box}
	for _, o := range r.WidgetRenderer.Objects() {
		switch x := o.(type) {
		case *canvas.Rectangle: // ground and line of the toolkit's
		case *container.Scroll:
			r.scroll = x
			r.objects = append(r.objects, x)
		default:
			r.objects = append(r.objects, x)
		}
	}
	r.objects = append(r.objects, newWheel(e), r.foot, e.frame)
	r.paint()
	return r
}

func (r *entryRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *entryRenderer) Layout(s fyne.Size) {
	r.WidgetRenderer.Layout(s.SubtractWidthHeight(2*entryInset, 0))
	if r.scroll != nil {
		r.scroll.Move(r.scroll.Position().AddXY(entryInset, 0))
	}
	for _, o := range []fyne.CanvasObject{r.box, r.objects[len(r.objects)-3], r.e.frame} { // and the wheel
		o.Resize(s)
	}
	high := theme.Size(theme.SizeNameScrollBarSmall) + theme.InputBorderSize()
	r.foot.Move(fyne.NewPos(1, s.Height-high-1))
	r.foot.Resize(fyne.NewSize(s.Width-2, high))
}

func (r *entryRenderer) Refresh() {
	r.WidgetRenderer.Refresh()
	r.paint()
	r.box.Refresh()
	r.foot.fill.Refresh()
	r.e.frame.Refresh()
}

func (r *entryRenderer) paint() {
	fill, line := theme.ColorNameInputBackground, colorField
	if r.e.Disabled() {
		fill, line = theme.ColorNameDisabledButton, colorLine
	}
	radius := theme.InputRadiusSize()
	paint(r.box, fill, line, radius)
	foot := r.foot.fill
	foot.FillColor = theme.Color(fill)
	foot.BottomLeftCornerRadius, foot.BottomRightCornerRadius = radius-1, radius-1
	f := r.e.frame
	f.CornerRadius = radius
	f.StrokeWidth = 2
	switch {
	case r.e.wrong:
		f.StrokeColor = theme.Color(colorBad)
		if !r.e.focused {
			f.StrokeWidth = 1
		}
	case r.e.focused:
		f.StrokeColor = theme.Color(colorRing)
	default:
		f.StrokeWidth = 0
	}
	f.Hidden = f.StrokeWidth == 0
}

// footing lies over the bar of what scrolls in an entry, at its foot, where no letter comes: where the text goes on is seen
// from the letter that is cut. A theme of their own would take the bars away as well, but the toolkit then loads every font
// anew for each entry: 2 MB and a blink of the eye, thirty times on one screen.
type footing struct {
	widget.BaseWidget

	e    *entry
	fill *canvas.Rectangle
}

func newFooting(e *entry) *footing {
	f := &footing{e: e, fill: canvas.NewRectangle(color.Transparent)}
	f.ExtendBaseWidget(f)
	return f
}

// MouseIn keeps the mouse from the bar, which would grow under it.
func (f *footing) MouseIn(*desktop.MouseEvent) {}

// MouseMoved does nothing, as MouseIn.
func (f *footing) MouseMoved(*desktop.MouseEvent) {}

// MouseOut does nothing, as MouseIn.
func (f *footing) MouseOut() {}

// MouseDown is the entry's: a click at its foot is one into it.
func (f *footing) MouseDown(ev *desktop.MouseEvent) {
	ev.Position = ev.Position.Add(f.Position())
	f.e.MouseDown(ev)
}

// MouseUp is the entry's.
func (f *footing) MouseUp(ev *desktop.MouseEvent) {
	ev.Position = ev.Position.Add(f.Position())
	f.e.MouseUp(ev)
}

// Cursor is the entry's.
func (f *footing) Cursor() desktop.Cursor { return f.e.Cursor() }

func (f *footing) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.fill) }

// wheel lies over a control that has something that scrolls in it, and gives the mouse's wheel to the page instead: a
// person who turns it wants to go on, not to move an address by a letter.
type wheel struct {
	widget.BaseWidget

	over fyne.CanvasObject
}

func newWheel(over fyne.CanvasObject) *wheel {
	w := &wheel{over: over}
	w.ExtendBaseWidget(w)
	return w
}

// Scrolled hands on.
func (w *wheel) Scrolled(ev *fyne.ScrollEvent) { wheelAround(w.over, ev) }

func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}
