package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

type buttonKind int

const (
	buttonPlain buttonKind = iota
	buttonPrimary
	buttonDanger
	buttonLink
	buttonNoticeLink
)

// button is a word to press. It is ours because the toolkit's shows its focus hardly and its secondary kind looks like text.
type button struct {
	control

	text   string
	kind   buttonKind
	tapped func()
}

func newButtonOf(kind buttonKind, text string, tapped func()) *button {
	b := &button{text: text, kind: kind, tapped: tapped}
	b.become(b)
	return b
}

func newButton(text string, tapped func()) *button  { return newButtonOf(buttonPlain, text, tapped) }
func newPrimary(text string, tapped func()) *button { return newButtonOf(buttonPrimary, text, tapped) }
func newDanger(text string, tapped func()) *button  { return newButtonOf(buttonDanger, text, tapped) }
func newLink(text string, tapped func()) *button    { return newButtonOf(buttonLink, text, tapped) }

// SetText changes the word.
func (b *button) SetText(text string) {
	if b.text == text {
		return
	}
	b.text = text
	b.Refresh()
}

// primary makes it the thing to press here, or a button like others.
func (b *button) primary(on bool) {
	kind := buttonPlain
	if on {
		kind = buttonPrimary
	}
	if b.kind != kind {
		b.kind = kind
		b.Refresh()
	}
}

func (b *button) press() {
	if !b.off && b.tapped != nil {
		b.tapped()
	}
}

// Tapped is a click.
func (b *button) Tapped(*fyne.PointEvent) {
	if !b.off {
		focusOn(b)
	}
	b.press()
}

// TypedKey presses by Space and Return.
func (b *button) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.press()
	default:
		passKey(b, ev)
	}
}

// TypedRune ignores letters.
func (b *button) TypedRune(rune) {}

// Cursor is a hand over links.
func (b *button) Cursor() desktop.Cursor {
	if b.flat() && !b.off {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

func (b *button) flat() bool { return b.kind == buttonLink || b.kind == buttonNoticeLink }

func (b *button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{b: b, box: canvas.NewRectangle(color.Transparent), word: canvas.NewText(b.text, color.Black), under: canvas.NewRectangle(color.Transparent), ring: newRing(4)}
	if b.flat() {
		r.ring.away = 2
	}
	r.paint()
	return r
}

type buttonRenderer struct {
	b     *button
	box   *canvas.Rectangle
	word  *canvas.Text
	under *canvas.Rectangle
	ring  ring
}

func (r *buttonRenderer) Destroy() {}

func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.word, r.under, r.ring.Rectangle}
}

func (r *buttonRenderer) MinSize() fyne.Size {
	s := r.word.MinSize()
	if r.b.flat() {
		return fyne.NewSize(s.Width, s.Height+4)
	}
	return fyne.NewSize(s.Width+28, controlHigh)
}

func (r *buttonRenderer) Layout(s fyne.Size) {
	r.box.Resize(s)
	w := r.word.MinSize()
	x := (s.Width - w.Width) / 2
	if r.b.flat() {
		x = 0
	}
	r.word.Move(fyne.NewPos(x, (s.Height-w.Height)/2))
	r.word.Resize(w)
	r.under.Move(fyne.NewPos(x, (s.Height+w.Height)/2-2))
	r.under.Resize(fyne.NewSize(w.Width, 1))
	if r.b.flat() {
		r.ring.layout(fyne.NewSize(w.Width, s.Height), 4)
	} else {
		r.ring.layout(s, 6)
	}
}

func (r *buttonRenderer) Refresh() {
	r.paint()
	r.Layout(r.b.Size())
	r.box.Refresh()
	r.word.Refresh()
	r.under.Refresh()
	r.ring.show(r.b.focused && !r.b.off)
}

// paint chooses the colours; a link has no ground.
func (r *buttonRenderer) paint() {
	fill, line, word := theme.ColorNameButton, colorField, theme.ColorNameForeground
	switch r.b.kind {
	case buttonPrimary:
		fill, line, word = colorAccent, colorNone, colorOnAccent
	case buttonDanger:
		word = colorBad
	case buttonLink:
		fill, line, word = colorNone, colorNone, colorLink
	case buttonNoticeLink:
		fill, line, word = colorNone, colorNone, colorNoticeLink
	default:
	}
	switch {
	case r.b.off && r.b.flat():
		word = theme.ColorNameDisabled
	case r.b.off:
		fill, line, word = theme.ColorNameDisabledButton, colorLine, theme.ColorNameDisabled
	case r.b.over && r.b.kind == buttonPrimary:
		fill = colorAccentOver
	case r.b.over && r.b.kind == buttonDanger:
		fill, line = colorBadBack, colorBad
	case r.b.over && !r.b.flat():
		fill = theme.ColorNameHover
	}
	paint(r.box, fill, line, 6)
	r.word.Text, r.word.TextSize, r.word.Color = r.b.text, theme.TextSize(), theme.Color(word)
	r.word.TextStyle.Bold = r.b.kind == buttonPrimary
	r.under.FillColor = theme.Color(word)
	r.under.Hidden = !r.b.flat() || !r.b.over || r.b.off
}
