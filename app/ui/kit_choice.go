package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// choice is a drop-down list that looks like the field beside it.
type choice struct {
	control

	words   []string
	at      int // -1: nothing chosen
	changed func(i int)
	list    *choiceList // nil: not open
}

func newChoice(words []string, changed func(i int)) *choice {
	c := &choice{words: words, at: -1, changed: changed}
	c.become(c)
	return c
}

func (c *choice) index() int { return c.at }

// setIndex shows another word without telling anybody, as SetText of a screen that was just read does.
func (c *choice) setIndex(i int) {
	if i < -1 || i >= len(c.words) {
		i = -1
	}
	c.at = i
	c.refresh()
}

func (c *choice) setWords(words []string) {
	if c.list != nil && len(words) != len(c.words) {
		c.list.shut()
	}
	c.words = words
	if c.at >= len(words) {
		c.at = -1
	}
	c.refresh()
}

// refresh shows what changed, in the list too if that is open.
func (c *choice) refresh() {
	c.Refresh()
	if c.list != nil {
		c.list.draw()
	}
}

// pick is what a person does.
func (c *choice) pick(i int) {
	if c.off || i < 0 || i >= len(c.words) || i == c.at {
		return
	}
	c.setIndex(i)
	if c.changed != nil {
		c.changed(i)
	}
}

// Tapped opens the list.
func (c *choice) Tapped(*fyne.PointEvent) {
	if c.off {
		return
	}
	focusOn(c)
	c.drop()
}

// TypedKey chooses by arrow keys, and opens the list.
func (c *choice) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyUp:
		c.pick(c.at - 1)
	case fyne.KeyDown:
		c.pick(c.at + 1)
	case fyne.KeyHome:
		c.pick(0)
	case fyne.KeyEnd:
		c.pick(len(c.words) - 1)
	case fyne.KeySpace:
		c.drop()
	default:
		passKey(c, ev)
	}
}

// TypedRune goes to the next word that begins with the letter.
func (c *choice) TypedRune(r rune) { c.pick(nextBy(c.words, c.at, r)) }

func (c *choice) CreateRenderer() fyne.WidgetRenderer {
	r := &choiceRenderer{c: c, box: canvas.NewRectangle(color.Transparent), word: canvas.NewText("", color.Black), arrow: newIcon("down", colorHint), ring: newRing(0)}
	r.paint()
	return r
}

type choiceRenderer struct {
	c     *choice
	box   *canvas.Rectangle
	word  *canvas.Text
	arrow *canvas.Image
	ring  ring
}

func (r *choiceRenderer) Destroy() {}

func (r *choiceRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.word, r.arrow, r.ring.Rectangle}
}

func (r *choiceRenderer) MinSize() fyne.Size {
	w := float32(0)
	for _, s := range r.c.words {
		w = max(w, fyne.MeasureText(s, theme.TextSize(), fyne.TextStyle{}).Width)
	}
	return fyne.NewSize(min(w, 320)+controlPad+iconSize+20, controlHigh)
}

func (r *choiceRenderer) Layout(s fyne.Size) {
	r.box.Resize(s)
	r.ring.layout(s, 6)
	room := s.Width - controlPad - iconSize - 16
	r.word.Text = fit(r.shown(), room, theme.TextSize(), r.word.TextStyle)
	m := r.word.MinSize()
	r.word.Move(fyne.NewPos(controlPad, float32(int((s.Height-m.Height)/2)))) // on a whole pixel, as the letters of an entry
	r.word.Resize(fyne.NewSize(room, m.Height))
	r.arrow.Resize(fyne.NewSquareSize(iconSize))
	r.arrow.Move(fyne.NewPos(s.Width-iconSize-8, (s.Height-iconSize)/2))
}

func (r *choiceRenderer) shown() string {
	if r.c.at < 0 || r.c.at >= len(r.c.words) {
		return ""
	}
	return r.c.words[r.c.at]
}

func (r *choiceRenderer) Refresh() {
	r.paint()
	r.Layout(r.c.Size())
	r.box.Refresh()
	r.word.Refresh()
	r.arrow.Refresh()
	r.ring.show(r.c.focused && !r.c.off)
}

func (r *choiceRenderer) paint() {
	fill, line, word := theme.ColorNameInputBackground, colorField, theme.ColorNameForeground
	switch {
	case r.c.off:
		fill, line, word = theme.ColorNameDisabledButton, colorLine, theme.ColorNameDisabled
	case r.c.over:
		fill = theme.ColorNameHover
	}
	paint(r.box, fill, line, 6)
	r.word.TextSize, r.word.Color = theme.TextSize(), theme.Color(word)
	r.arrow.Resource = icon{name: "down", color: colorHint}
}

// fit cuts s with an ellipsis so that it is no wider than room.
func fit(s string, room, size float32, style fyne.TextStyle) string {
	if s == "" || fyne.MeasureText(s, size, style).Width <= room {
		return s
	}
	letters := []rune(s)
	low, high := 0, len(letters)
	for low < high {
		mid := (low + high + 1) / 2
		if fyne.MeasureText(string(letters[:mid])+"…", size, style).Width <= room {
			low = mid
		} else {
			high = mid - 1
		}
	}
	if low == 0 {
		return ""
	}
	return string(letters[:low]) + "…"
}
