package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// tabs is a switch between the parts of one screen. It is ours because the toolkit's cannot be reached by keyboard.
type tabs struct {
	control

	words  []string
	at     int
	pick   func(i int) // a person wants another part; whoever agrees calls set
	under  int         // part the mouse is over; -1: none
	widths []float32
}

const tabPad = 14 // left and right of a word

func newTabs(words []string, pick func(i int)) *tabs {
	t := &tabs{words: words, pick: pick, under: -1}
	t.become(t)
	return t
}

// set shows another part without telling anybody.
func (t *tabs) set(i int) {
	if t.at != i {
		t.at = i
		t.Refresh()
	}
}

func (t *tabs) want(i int) {
	if i >= 0 && i < len(t.words) && i != t.at && t.pick != nil {
		t.pick(i)
	}
}

// TypedKey goes to the part before or after.
func (t *tabs) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyLeft:
		t.want(t.at - 1)
	case fyne.KeyRight:
		t.want(t.at + 1)
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		t.want((t.at + 1) % len(t.words))
	default:
		passKey(t, ev)
	}
}

// TypedRune ignores letters.
func (t *tabs) TypedRune(rune) {}

// partAt is the part at a place; -1: none.
func (t *tabs) partAt(x float32) int {
	for i, w := range t.widths {
		if x < w {
			return i
		}
		x -= w
	}
	return -1
}

// Tapped goes to the part that was clicked.
func (t *tabs) Tapped(ev *fyne.PointEvent) {
	focusOn(t)
	t.want(t.partAt(ev.Position.X))
}

// MouseMoved marks what a click would choose.
func (t *tabs) MouseMoved(ev *desktop.MouseEvent) {
	if at := t.partAt(ev.Position.X); at != t.under {
		t.under = at
		t.Refresh()
	}
}

// MouseOut marks nothing.
func (t *tabs) MouseOut() { t.under = -1; t.control.MouseOut() }

func (t *tabs) CreateRenderer() fyne.WidgetRenderer {
	r := &tabsRenderer{t: t, ground: canvas.NewRectangle(color.Transparent), on: canvas.NewRectangle(color.Transparent), ring: newRing(2)}
	r.objects = []fyne.CanvasObject{r.ground, r.on}
	for _, w := range t.words {
		word := canvas.NewText(w, color.Black)
		r.words = append(r.words, word)
		r.objects = append(r.objects, word)
	}
	r.objects = append(r.objects, r.ring.Rectangle)
	r.paint()
	return r
}

type tabsRenderer struct {
	t          *tabs
	ground, on *canvas.Rectangle
	words      []*canvas.Text
	ring       ring
	objects    []fyne.CanvasObject
}

func (r *tabsRenderer) Destroy()                     {}
func (r *tabsRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *tabsRenderer) MinSize() fyne.Size {
	width := float32(0)
	for _, w := range r.words {
		width += r.wide(w)
	}
	return fyne.NewSize(width, controlHigh)
}

// wide is the room of a word, whether it is bold at the moment or not.
func (r *tabsRenderer) wide(w *canvas.Text) float32 {
	return fyne.MeasureText(w.Text, theme.TextSize(), fyne.TextStyle{Bold: true}).Width + 2*tabPad
}

func (r *tabsRenderer) Layout(s fyne.Size) {
	r.ground.Resize(s)
	r.ring.layout(s, 6)
	x := float32(0)
	r.t.widths = r.t.widths[:0]
	for i, w := range r.words {
		width, m := r.wide(w), w.MinSize()
		r.t.widths = append(r.t.widths, width)
		w.Move(fyne.NewPos(x+(width-m.Width)/2, (s.Height-m.Height)/2))
		w.Resize(m)
		if i == r.t.at {
			r.on.Move(fyne.NewPos(x+3, 3))
			r.on.Resize(fyne.NewSize(width-6, s.Height-6))
		}
		x += width
	}
}

func (r *tabsRenderer) Refresh() {
	r.paint()
	r.Layout(r.t.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
	r.ring.show(r.t.focused)
}

func (r *tabsRenderer) paint() {
	paint(r.ground, colorRail, colorLine, 6)
	paint(r.on, colorCard, colorField, 5)
	for i, w := range r.words {
		c := colorHint
		if i == r.t.at || i == r.t.under {
			c = theme.ColorNameForeground
		}
		w.TextSize, w.Color, w.TextStyle.Bold = theme.TextSize(), theme.Color(c), i == r.t.at
	}
}
