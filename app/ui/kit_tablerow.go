package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// cellPad is the room left and right of a table's rows.
const cellPad = 12

// tableRow is one row in sight. It shows one row of the table after another.
type tableRow struct {
	widget.BaseWidget

	t     *table
	i     int
	cells []cell
	over  bool
}

func newTableRow(t *table) *tableRow {
	r := &tableRow{t: t, i: -1}
	r.ExtendBaseWidget(r)
	return r
}

func (r *tableRow) showRow(i int, cells []cell) {
	r.i, r.cells = i, cells
	r.Refresh()
}

// MouseDown selects at once: a click that waits whether it becomes a double click feels slow.
func (r *tableRow) MouseDown(ev *desktop.MouseEvent) {
	focusOn(r.t)
	if ev.Button != desktop.MouseButtonPrimary {
		return
	}
	if r.t.o.clicked == nil || !r.t.o.clicked(r.i, r.columnAt(ev.Position.X)) {
		r.t.pick(r.i, ev.Modifier&fyne.KeyModifierShortcutDefault != 0, ev.Modifier&fyne.KeyModifierShift != 0)
	}
}

// columnAt is the column at a place in the row.
func (r *tableRow) columnAt(x float32) int {
	right := float32(cellPad) - 1
	widths := r.t.widths(r.Size().Width + 2)
	for i, w := range widths {
		if right += w; x < right {
			return i
		}
	}
	return len(widths) - 1
}

// MouseUp changes nothing.
func (r *tableRow) MouseUp(*desktop.MouseEvent) {}

// DoubleTapped opens.
func (r *tableRow) DoubleTapped(*fyne.PointEvent) {
	if r.t.o.open != nil && r.i < r.t.o.length() {
		r.t.o.open(r.i)
	}
}

// MouseIn marks the row.
func (r *tableRow) MouseIn(*desktop.MouseEvent) { r.over = true; r.Refresh() }

// MouseMoved changes nothing.
func (r *tableRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut unmarks it.
func (r *tableRow) MouseOut() { r.over = false; r.Refresh() }

func (r *tableRow) CreateRenderer() fyne.WidgetRenderer {
	d := &tableRowRenderer{r: r, back: canvas.NewRectangle(color.Transparent), under: canvas.NewRectangle(color.Transparent), at: canvas.NewRectangle(color.Transparent)}
	d.objects = []fyne.CanvasObject{d.back, d.under, d.at}
	for range r.t.columns {
		img, words := newIcon("off", colorHint), canvas.NewText("", color.Black)
		d.icons, d.words = append(d.icons, img), append(d.words, words)
		d.objects = append(d.objects, img, words)
	}
	d.fitted = make([]fitted, len(r.t.columns))
	return d
}

// fitted remembers what was cut to which width, because measuring is what drawing a row costs.
type fitted struct {
	text, shown string
	room        float32
}

type tableRowRenderer struct {
	r               *tableRow
	back, under, at *canvas.Rectangle
	icons           []*canvas.Image
	words           []*canvas.Text
	fitted          []fitted
	objects         []fyne.CanvasObject
}

func (d *tableRowRenderer) Destroy()                     {}
func (d *tableRowRenderer) MinSize() fyne.Size           { return fyne.NewSize(0, rowHigh) }
func (d *tableRowRenderer) Objects() []fyne.CanvasObject { return d.objects }

func (d *tableRowRenderer) Layout(s fyne.Size) {
	const icon = 16
	d.back.Resize(s)
	d.under.Move(fyne.NewPos(0, s.Height-1))
	d.under.Resize(fyne.NewSize(s.Width, 1))
	d.at.Move(fyne.NewPos(0, 0))
	d.at.Resize(fyne.NewSize(3, s.Height-1))
	x := float32(cellPad) - 1
	for i, w := range d.r.t.widths(s.Width + 2) {
		left, room := x, max(w-gap, 0)
		d.words[i].Hidden = w == 0
		if i < len(d.r.cells) && d.r.cells[i].mark != markNone {
			d.icons[i].Move(fyne.NewPos(x, (s.Height-icon)/2))
			d.icons[i].Resize(fyne.NewSquareSize(icon))
			d.icons[i].Hidden = w == 0
			left, room = x+icon+6, room-icon-6
		}
		d.cut(i, room)
		m := d.words[i].MinSize()
		d.words[i].Move(fyne.NewPos(left, (s.Height-m.Height)/2))
		d.words[i].Resize(fyne.NewSize(room, m.Height))
		x += w
	}
}

func (d *tableRowRenderer) cut(i int, room float32) {
	full := ""
	if i < len(d.r.cells) {
		full = d.r.cells[i].text
	}
	if f := &d.fitted[i]; f.text != full || f.room != room {
		*f = fitted{text: full, room: room, shown: fit(full, room, theme.TextSize(), fyne.TextStyle{})}
	}
	d.words[i].Text = d.fitted[i].shown
}

func (d *tableRowRenderer) Refresh() {
	t := d.r.t
	fill := colorNone
	switch {
	case t.picked[d.r.i]:
		fill = colorPicked
	case d.r.over:
		fill = theme.ColorNameHover
	}
	d.back.FillColor = theme.Color(fill)
	d.under.FillColor = theme.Color(colorLine)
	d.at.FillColor = theme.Color(colorRing)
	d.at.Hidden = !t.focused || t.cursor != d.r.i
	for i := range d.words {
		var c cell
		if i < len(d.r.cells) {
			c = d.r.cells[i]
		}
		d.icons[i].Hidden = c.mark == markNone
		tint := c.tone.color()
		if c.mark != markNone {
			d.icons[i].Resource = icon{name: string(c.mark), color: c.mark.color()}
			if c.tone == toneNormal && c.mark != markWaiting && c.mark != markOff {
				tint = c.mark.color()
			}
		}
		d.words[i].TextSize, d.words[i].Color = theme.TextSize(), theme.Color(tint)
	}
	d.Layout(d.r.Size())
	for _, o := range d.objects {
		o.Refresh()
	}
}
