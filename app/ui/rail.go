package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// rail is the way to every screen, at the left.
type rail struct {
	w      *Window
	object fyne.CanvasObject
	items  []*railRow
	mark   *stateMark
	state  *text
}

func newRail(w *Window) *rail {
	r := &rail{w: w, mark: newMark(markOff, ""), state: newText("")}
	top := rowsBy(4)
	for _, p := range places() {
		row := newRailRow(r, p.name, p.icon, p.words(), func() { w.show(p.name) })
		top.Add(r.add(row))
	}
	foot := rowsBy(4,
		r.add(newRailRow(r, "", "appearance", lang.L("Appearance"), w.chooseAppearance)),
		r.add(newRailRow(r, "", "about", lang.L("About"), w.about)),
		container.New(&highLayout{high: 1}, newPlate(colorLine, colorNone, 0)),
		padded(container.New(&footLayout{}, r.mark, r.state), 6, 2, wideGap, 4),
	)
	inside := padded(container.NewBorder(nil, foot, nil, nil, container.NewVScroll(top)), wideGap, wideGap, gap, gap)
	r.object = container.New(&fixedWidth{width: railWidth}, newPlate(colorRail, colorNone, 0), inside)
	return r
}

func (r *rail) add(row *railRow) *railRow {
	r.items = append(r.items, row)
	return row
}

func (r *rail) refresh() {
	now := r.w.desk.ServiceShort()
	r.mark.set(markOf(now.Mood), "")
	r.state.set(now.Words)
	for _, i := range r.items {
		i.Refresh()
	}
}

// step moves the keyboard by n rows.
func (r *rail) step(from *railRow, n int) {
	for i, row := range r.items {
		if row == from && i+n >= 0 && i+n < len(r.items) {
			focusOn(r.items[i+n])
			return
		}
	}
}

// footLayout stands an icon beside the first line of a text.
type footLayout struct{}

func (footLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, max(o[1].MinSize().Height, iconSize))
}

func (footLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSquareSize(iconSize))
	o[0].Move(fyne.NewPos(0, 1))
	o[1].Resize(fyne.NewSize(s.Width-28, s.Height))
	o[1].Move(fyne.NewPos(28, 0))
}

type fixedWidth struct{ width float32 }

func (l *fixedWidth) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(l.width, 0) }

func (l *fixedWidth) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		o.Resize(s)
	}
}

// railRow is one row of the rail: a place that can be reached by mouse and keyboard.
type railRow struct {
	widget.BaseWidget

	rail       *rail
	name, icon string
	words      string
	visit      func()
	over       bool
	focused    bool
}

func newRailRow(r *rail, name, icon, words string, tapped func()) *railRow {
	row := &railRow{rail: r, name: name, icon: icon, words: words, visit: tapped}
	row.ExtendBaseWidget(row)
	return row
}

// Tapped goes there.
func (r *railRow) Tapped(*fyne.PointEvent) {
	focusOn(r)
	r.visit()
}

// TypedKey goes there, or to the next row.
func (r *railRow) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		r.visit()
	case fyne.KeyUp:
		r.rail.step(r, -1)
	case fyne.KeyDown:
		r.rail.step(r, 1)
	default:
		passKey(r, ev)
	}
}

// TypedRune ignores letters.
func (r *railRow) TypedRune(rune) {}

// FocusGained shows the ring.
func (r *railRow) FocusGained() { r.focused = true; r.Refresh(); intoSight(r) }

// FocusLost hides it.
func (r *railRow) FocusLost() { r.focused = false; r.Refresh() }

// MouseIn marks it.
func (r *railRow) MouseIn(*desktop.MouseEvent) { r.over = true; r.Refresh() }

// MouseMoved changes nothing.
func (r *railRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut unmarks it.
func (r *railRow) MouseOut() { r.over = false; r.Refresh() }

func (r *railRow) CreateRenderer() fyne.WidgetRenderer {
	d := &railRowRenderer{r: r, box: canvas.NewRectangle(color.Transparent), icon: newIcon(r.icon, theme.ColorNameForeground), word: canvas.NewText(r.words, color.Black), ring: newRing(2)}
	d.paint()
	return d
}

type railRowRenderer struct {
	r    *railRow
	box  *canvas.Rectangle
	icon *canvas.Image
	word *canvas.Text
	ring ring
}

func (d *railRowRenderer) Destroy() {}

func (d *railRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{d.box, d.icon, d.word, d.ring.Rectangle}
}

func (d *railRowRenderer) MinSize() fyne.Size { return fyne.NewSize(d.word.MinSize().Width+52, 34) }

func (d *railRowRenderer) Layout(s fyne.Size) {
	d.box.Resize(s)
	d.icon.Move(fyne.NewPos(12, (s.Height-iconSize)/2))
	d.icon.Resize(fyne.NewSquareSize(iconSize))
	m := d.word.MinSize()
	d.word.Move(fyne.NewPos(40, (s.Height-m.Height)/2))
	d.word.Resize(m)
	d.ring.layout(s, 6)
}

func (d *railRowRenderer) Refresh() {
	d.paint()
	d.Layout(d.r.Size())
	d.box.Refresh()
	d.icon.Refresh()
	d.word.Refresh()
	d.ring.show(d.r.focused)
}

func (d *railRowRenderer) paint() {
	fill, ink := colorNone, theme.ColorNameForeground
	here := d.r.name != "" && d.r.rail.w.current == d.r.name
	switch {
	case here:
		fill, ink = colorAccent, colorOnAccent
	case d.r.over:
		fill = theme.ColorNameHover
	}
	paint(d.box, fill, colorNone, 6)
	d.icon.Resource = icon{name: d.r.icon, color: ink}
	d.word.Text, d.word.TextSize, d.word.Color = d.r.words, theme.TextSize(), theme.Color(ink)
	d.word.TextStyle.Bold = here
}
