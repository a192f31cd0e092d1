package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

const checkBox = 18

// check is a box to tick, with its words.
type check struct {
	control

	Checked bool

	text    string
	changed func(bool)
}

func newCheck(text string, changed func(bool)) *check {
	c := &check{text: text, changed: changed}
	c.become(c)
	return c
}

// SetChecked ticks it or not, without telling anybody.
func (c *check) SetChecked(on bool) {
	if c.Checked == on {
		return
	}
	c.Checked = on
	c.Refresh()
}

func (c *check) toggle() {
	if c.off {
		return
	}
	c.SetChecked(!c.Checked)
	if c.changed != nil {
		c.changed(c.Checked)
	}
}

// Tapped ticks or unticks.
func (c *check) Tapped(*fyne.PointEvent) {
	if c.off {
		return
	}
	focusOn(c)
	c.toggle()
}

// TypedKey ticks by Space.
func (c *check) TypedKey(ev *fyne.KeyEvent) {
	if ev.Name == fyne.KeySpace {
		c.toggle()
		return
	}
	passKey(c, ev)
}

// TypedRune ignores letters.
func (c *check) TypedRune(rune) {}

func (c *check) CreateRenderer() fyne.WidgetRenderer {
	words := newText(c.text)
	r := &checkRenderer{c: c, box: canvas.NewRectangle(color.Transparent), tick: newIcon("tick", colorOnAccent), words: words, ring: newRing(3)}
	r.paint()
	return r
}

type checkRenderer struct {
	c     *check
	box   *canvas.Rectangle
	tick  *canvas.Image
	words *text
	ring  ring
}

func (r *checkRenderer) Destroy() {}

func (r *checkRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.tick, r.words, r.ring.Rectangle}
}

func (r *checkRenderer) MinSize() fyne.Size {
	m := r.words.MinSize()
	return fyne.NewSize(checkBox+8+min(r.words.natural(), 240), max(m.Height+6, 26))
}

func (r *checkRenderer) Layout(s fyne.Size) {
	const top = 4
	r.box.Move(fyne.NewPos(0, top))
	r.box.Resize(fyne.NewSquareSize(checkBox))
	r.tick.Move(fyne.NewPos(1, top+1))
	r.tick.Resize(fyne.NewSquareSize(checkBox - 2))
	r.words.Resize(fyne.NewSize(s.Width-checkBox-8, s.Height))
	r.words.Move(fyne.NewPos(checkBox+8, top))
	r.ring.layout(fyne.NewSquareSize(checkBox), 4)
	r.ring.Move(r.ring.Position().AddXY(0, top))
}

func (r *checkRenderer) Refresh() {
	r.paint()
	r.Layout(r.c.Size())
	r.box.Refresh()
	r.tick.Refresh()
	r.words.Refresh()
	r.ring.show(r.c.focused && !r.c.off)
}

func (r *checkRenderer) paint() {
	fill, line := theme.ColorNameInputBackground, theme.ColorNamePlaceHolder
	switch {
	case r.c.off:
		fill, line = theme.ColorNameDisabledButton, colorField
	case r.c.Checked:
		fill, line = colorAccent, colorAccent
	case r.c.over:
		fill = theme.ColorNameHover
	}
	paint(r.box, fill, line, 4)
	r.tick.Hidden = !r.c.Checked
	r.tick.Resource = icon{name: "tick", color: colorOnAccent}
	r.words.weight = toneNormal
	if r.c.off {
		r.tick.Resource = icon{name: "tick", color: theme.ColorNameDisabled}
		r.words.weight = toneHint
	}
	r.words.words = r.c.text
	r.words.fill()
}
