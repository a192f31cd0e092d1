package ui

import (
	"bytes"
	"encoding/hex"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"smtpgateway/assets"
)

// mark is the icon of a state. A word always stands beside it: colour alone tells nobody anything.
type mark string

const (
	markNone    mark = ""
	markGood    mark = "good"
	markBusy    mark = "busy"
	markWaiting mark = "waiting"
	markWarn    mark = "warn"
	markBad     mark = "bad"
	markOff     mark = "off"

	markTicked   mark = "ticked" // a box to tick in a row of a table
	markUnticked mark = "unticked"
)

func (m mark) color() fyne.ThemeColorName {
	switch m {
	case markGood:
		return colorGood
	case markBusy, markTicked:
		return colorLink
	case markWarn:
		return colorWarn
	case markBad:
		return colorBad
	default:
		return colorHint
	}
}

// tone is the weight of a text.
type tone int

const (
	toneNormal tone = iota
	toneHint
	toneGood
	toneWarn
	toneBad
)

func (t tone) color() fyne.ThemeColorName {
	switch t {
	case toneHint:
		return colorHint
	case toneGood:
		return colorGood
	case toneWarn:
		return colorWarn
	case toneBad:
		return colorBad
	default:
		return theme.ColorNameForeground
	}
}

// icon is one of our drawings in a colour of the theme. Its name changes with the colour, because the toolkit keeps what
// it has drawn by name.
type icon struct {
	name  string
	color fyne.ThemeColorName
}

func (i icon) hex() string {
	n, ok := color.NRGBAModel.Convert(theme.Color(i.color)).(color.NRGBA)
	if !ok {
		return "#000000"
	}
	return "#" + hex.EncodeToString([]byte{n.R, n.G, n.B})
}

func (i icon) Name() string { return i.name + i.hex() + ".svg" }

func (i icon) Content() []byte {
	return bytes.ReplaceAll(assets.Icon(i.name), []byte("currentColor"), []byte(i.hex()))
}

func newIcon(name string, c fyne.ThemeColorName) *canvas.Image {
	img := canvas.NewImageFromResource(icon{name: name, color: c})
	img.FillMode = canvas.ImageFillContain
	img.SetMinSize(fyne.NewSquareSize(iconSize))
	return img
}

// plate is a ground for other things, in colours of the theme.
type plate struct {
	widget.BaseWidget

	fill, line fyne.ThemeColorName
	radius     float32
	min        fyne.Size
}

func newPlate(fill, line fyne.ThemeColorName, radius float32) *plate {
	p := &plate{fill: fill, line: line, radius: radius}
	p.ExtendBaseWidget(p)
	return p
}

func (p *plate) MinSize() fyne.Size { return p.min }

func (p *plate) CreateRenderer() fyne.WidgetRenderer {
	return &plateRenderer{plate: p, box: canvas.NewRectangle(color.Transparent)}
}

type plateRenderer struct {
	plate *plate
	box   *canvas.Rectangle
}

func (r *plateRenderer) Destroy()                     {}
func (r *plateRenderer) MinSize() fyne.Size           { return r.plate.min }
func (r *plateRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.box} }

func (r *plateRenderer) Layout(s fyne.Size) {
	r.box.Resize(s)
	r.paint()
}

func (r *plateRenderer) Refresh() {
	r.paint()
	r.box.Refresh()
}

func (r *plateRenderer) paint() { paint(r.box, r.plate.fill, r.plate.line, r.plate.radius) }

func paint(box *canvas.Rectangle, fill, line fyne.ThemeColorName, radius float32) {
	box.FillColor = theme.Color(fill)
	box.CornerRadius = radius
	box.StrokeWidth = 0
	if line != colorNone {
		box.StrokeColor, box.StrokeWidth = theme.Color(line), 1
	}
}

// ring is the frame that says where the keyboard is: two pixels, outside the control by away, so that it can be seen round
// a control that is accent itself.
type ring struct {
	*canvas.Rectangle

	away float32
}

func newRing(away float32) ring {
	r := canvas.NewRectangle(color.Transparent)
	r.Hide()
	return ring{Rectangle: r, away: away}
}

func (r ring) layout(s fyne.Size, radius float32) {
	r.Move(fyne.NewPos(-r.away, -r.away))
	r.Resize(fyne.NewSize(s.Width+2*r.away, s.Height+2*r.away))
	r.CornerRadius = max(radius+r.away, 0)
}

func (r ring) show(focused bool) {
	r.StrokeColor, r.StrokeWidth = theme.Color(colorRing), 2
	r.Hidden = !focused
	r.Refresh()
}

// canvasOf is where o is shown; nil: nowhere.
func canvasOf(o fyne.CanvasObject) fyne.Canvas { return fyne.CurrentApp().Driver().CanvasForObject(o) }

// passKey hands on a key that a control has no use for: Escape closes what lies above, Return presses its first button.
func passKey(o fyne.CanvasObject, ev *fyne.KeyEvent) {
	if c := canvasOf(o); c != nil {
		if f := c.OnTypedKey(); f != nil {
			f(ev)
		}
	}
}

// focusOn puts the keyboard on a control that was clicked, or that was just put on the window.
func focusOn(o fyne.Focusable) {
	shown, ok := o.(fyne.CanvasObject)
	if !ok {
		return
	}
	c := canvasOf(shown)
	if all := fyne.CurrentApp().Driver().AllWindows(); c == nil && len(all) > 0 {
		c = all[len(all)-1].Canvas() // the toolkit knows a control's window only once it was drawn; there is one
	}
	if c != nil {
		c.Focus(o)
	}
}

var _ desktop.Cursorable = (*button)(nil)
