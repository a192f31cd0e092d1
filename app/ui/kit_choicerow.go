package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// choiceRow is a word in the list of a choice, with a tick if it is the one chosen.
type choiceRow struct {
	widget.BaseWidget

	in *choiceList
	i  int
}

func newChoiceRow(in *choiceList, i int) *choiceRow {
	r := &choiceRow{in: in, i: i}
	r.ExtendBaseWidget(r)
	return r
}

func (r *choiceRow) CreateRenderer() fyne.WidgetRenderer {
	d := &choiceRowRenderer{r: r, box: canvas.NewRectangle(color.Transparent), word: canvas.NewText("", color.Black), tick: newIcon("tick", colorLink), ring: newRing(0)}
	d.paint()
	return d
}

type choiceRowRenderer struct {
	r    *choiceRow
	box  *canvas.Rectangle
	word *canvas.Text
	tick *canvas.Image
	ring ring
}

func (d *choiceRowRenderer) Destroy()           {}
func (d *choiceRowRenderer) MinSize() fyne.Size { return fyne.NewSize(0, choiceRowHigh) }

func (d *choiceRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{d.box, d.word, d.tick, d.ring.Rectangle}
}

func (d *choiceRowRenderer) Layout(s fyne.Size) {
	d.box.Resize(s)
	d.ring.layout(s, choiceAway)
	left := float32(controlPad - choiceAway) // below the letters of the choice
	room := s.Width - left - iconSize - gap - choiceAway
	d.word.Text = fit(d.text(), room, theme.TextSize(), d.word.TextStyle)
	m := d.word.MinSize()
	d.word.Move(fyne.NewPos(left, (s.Height-m.Height)/2))
	d.word.Resize(fyne.NewSize(room, m.Height))
	d.tick.Resize(fyne.NewSquareSize(iconSize))
	d.tick.Move(fyne.NewPos(s.Width-iconSize-choiceAway, (s.Height-iconSize)/2))
}

func (d *choiceRowRenderer) text() string {
	if d.r.i < len(d.r.in.of.words) {
		return d.r.in.of.words[d.r.i]
	}
	return ""
}

func (d *choiceRowRenderer) Refresh() {
	d.paint()
	d.Layout(d.r.Size())
	d.box.Refresh()
	d.word.Refresh()
	d.tick.Refresh()
}

func (d *choiceRowRenderer) paint() {
	l, fill := d.r.in, colorNone
	if l.over == d.r.i {
		fill = theme.ColorNameHover
	}
	paint(d.box, fill, colorNone, choiceAway)
	d.word.TextSize, d.word.Color = theme.TextSize(), theme.Color(theme.ColorNameForeground)
	d.tick.Resource, d.tick.Hidden = icon{name: "tick", color: colorLink}, l.of.at != d.r.i
	d.ring.show(l.focused && l.at == d.r.i)
}
