package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
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
	objects []fyne.CanvasObject
}

func (e *entry) CreateRenderer() fyne.WidgetRenderer {
	e.frame = canvas.NewRectangle(color.Transparent)
	r := &entryRenderer{WidgetRenderer: e.Entry.CreateRenderer(), e: e, box: canvas.NewRectangle(color.Transparent)}
	r.objects = []fyne.CanvasObject{r.box}
	for _, o := range r.WidgetRenderer.Objects() {
		switch x := o.(type) {
		case *canvas.Rectangle: // ground and line of the toolkit's
		case *container.Scroll:
			r.scroll = x
			container.NewThemeOverride(x, barless{}) // for what it does to x
			r.objects = append(r.objects, x)
		default:
			r.objects = append(r.objects, x)
		}
	}
	r.objects = append(r.objects, e.frame, newWheel(e))
	r.paint()
	return r
}

func (r *entryRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *entryRenderer) Layout(s fyne.Size) {
	r.WidgetRenderer.Layout(s.SubtractWidthHeight(2*entryInset, 0))
	if r.scroll != nil {
		r.scroll.Move(r.scroll.Position().AddXY(entryInset, 0))
	}
	r.box.Resize(s)
	for _, o := range r.objects[len(r.objects)-2:] { // frame and wheel
		o.Resize(s)
	}
}

func (r *entryRenderer) Refresh() {
	r.WidgetRenderer.Refresh()
	r.paint()
	r.box.Refresh()
	r.e.frame.Refresh()
}

func (r *entryRenderer) paint() {
	fill, line := theme.ColorNameInputBackground, colorField
	if r.e.Disabled() {
		fill, line = theme.ColorNameDisabledButton, colorLine
	}
	radius := theme.InputRadiusSize()
	paint(r.box, fill, line, radius)
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

// barless is the theme of what is in an entry: ours, without the bar and the shadows of what scrolls. Where the text goes
// on is seen from the letter that is cut.
type barless struct{}

func (barless) under() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

func (b barless) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if name == theme.ColorNameShadow {
		return color.Transparent
	}
	return b.under().Color(name, v)
}

func (b barless) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameScrollBar, theme.SizeNameScrollBarSmall:
		return 0
	default:
		return b.under().Size(name)
	}
}

func (b barless) Font(style fyne.TextStyle) fyne.Resource { return b.under().Font(style) }

func (b barless) Icon(name fyne.ThemeIconName) fyne.Resource { return b.under().Icon(name) }

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
