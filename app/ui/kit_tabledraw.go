package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

func (t *table) scrolled() {
	t.fill()
	n := t.o.length()
	if t.first < near && t.o.nearStart != nil {
		t.o.nearStart()
	}
	if n > 0 && t.first+len(t.pool) > n-near && t.o.nearEnd != nil {
		t.o.nearEnd()
	}
}

// fill puts the rows in sight into the objects there are.
func (t *table) fill() {
	size := t.scroll.Size()
	n := t.o.length()
	want := max(min(int(size.Height/rowHigh)+2, n), 0) // a table not laid out yet has less than no height
	for len(t.pool) < want {
		t.pool = append(t.pool, newTableRow(t))
	}
	if len(t.body.Objects) != want {
		t.body.Objects = t.body.Objects[:0]
		for _, r := range t.pool[:want] {
			t.body.Objects = append(t.body.Objects, r)
		}
		t.body.Refresh()
	}
	t.first = max(min(int(t.scroll.Offset.Y/rowHigh), n-want), 0)
	for k, r := range t.pool[:want] {
		i := t.first + k
		r.Move(fyne.NewPos(0, float32(i)*rowHigh))
		r.Resize(fyne.NewSize(size.Width, rowHigh))
		r.showRow(i, t.o.row(i))
	}
}

// enough is the width below which a column that takes what is left cannot be read.
const enough = 120

// widths shares out a width among the columns; 0: the column is left out.
func (t *table) widths(total float32) []float32 {
	out := make([]float32, len(t.columns))
	rest, free := total-2*cellPad, 0
	for i, c := range t.columns {
		out[i] = c.width
		rest -= c.width
		if c.width == 0 {
			out[i] = -1
			free++
		}
	}
	for _, i := range t.o.spare {
		if rest >= enough*float32(free) {
			break
		}
		if out[i] < 0 {
			free--
		}
		rest += max(out[i], 0)
		out[i] = 0
	}
	for i := range out {
		if out[i] < 0 {
			out[i] = max(rest/float32(free), 40)
		}
	}
	return out
}

// tableLayout makes room for all rows and leaves placing to fill.
type tableLayout struct{ t *table }

func (l *tableLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, float32(l.t.o.length())*rowHigh)
}
func (l *tableLayout) Layout([]fyne.CanvasObject, fyne.Size) {}

func (t *table) CreateRenderer() fyne.WidgetRenderer {
	r := &tableRenderer{t: t, back: newPlate(colorCard, colorLine, 8), head: newPlate(theme.ColorNameHeaderBackground, colorNone, 0), under: newPlate(colorLine, colorNone, 0), ring: newRing(0)}
	for _, c := range t.columns {
		r.titles = append(r.titles, newWord(c.title, theme.SizeNameCaptionText, colorHint, true))
	}
	r.what, r.next = newText("").bold(), newText("").tone(toneHint)
	r.none = rowsBy(4, r.what, r.next)
	return r
}

type tableRenderer struct {
	t                 *table
	back, head, under *plate
	titles            []*word
	none              *fyne.Container
	what, next        *text
	ring              ring
}

const headHigh = 32

func (r *tableRenderer) Destroy()           {}
func (r *tableRenderer) MinSize() fyne.Size { return fyne.NewSize(320, headHigh+4*rowHigh) }

func (r *tableRenderer) Objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.back, r.head, r.under}
	for _, w := range r.titles {
		o = append(o, w)
	}
	return append(o, r.none, r.t.scroll, r.ring.Rectangle)
}

func (r *tableRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.head.Move(fyne.NewPos(1, 8))
	r.head.Resize(fyne.NewSize(s.Width-2, 0))
	r.under.Move(fyne.NewPos(1, headHigh))
	r.under.Resize(fyne.NewSize(s.Width-2, 1))
	x := float32(cellPad)
	for i, w := range r.t.widths(s.Width) {
		r.titles[i].set(fit(r.t.columns[i].title, max(w-gap, 0), theme.Size(theme.SizeNameCaptionText), fyne.TextStyle{Bold: true}))
		r.titles[i].Hidden = w == 0
		m := r.titles[i].MinSize()
		r.titles[i].Move(fyne.NewPos(x, (headHigh-m.Height)/2))
		r.titles[i].Resize(m)
		x += w
	}
	r.none.Move(fyne.NewPos(cellPad, headHigh+24))
	r.none.Resize(fyne.NewSize(s.Width-2*cellPad, r.none.MinSize().Height))
	r.t.scroll.Move(fyne.NewPos(1, headHigh+1))
	r.t.scroll.Resize(fyne.NewSize(s.Width-2, s.Height-headHigh-2))
	r.ring.layout(s, 8)
	r.t.fill()
}

func (r *tableRenderer) Refresh() {
	empty := r.t.o.length() == 0
	r.none.Hidden = !empty
	if empty && r.t.o.empty != nil {
		what, next := r.t.o.empty()
		r.what.set(what)
		r.next.set(next)
	}
	if empty {
		r.t.scroll.Hide()
	} else {
		r.t.scroll.Show()
	}
	r.t.scroll.Content.Refresh()
	r.t.scroll.Refresh()
	r.Layout(r.t.Size())
	for _, o := range []fyne.CanvasObject{r.back, r.head, r.under, r.none} {
		o.Refresh()
	}
	for _, w := range r.titles {
		w.Refresh()
	}
	for _, row := range r.t.pool {
		row.Refresh()
	}
	r.ring.show(r.t.focused)
}
