package ui

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	choiceRowHigh = 30
	choiceAway    = 4 // between a choice and its list, and between the list's edge and its rows
	choiceEdge    = 8 // between a list and the window's edge
)

// choiceList is what a choice opens: a card with all words, over a ground as large as the window that closes it. It has
// the keyboard, not its rows, so that a click anywhere on it leaves the keys where they were.
type choiceList struct {
	widget.BaseWidget

	of      *choice
	on      fyne.Canvas
	at      int // the row with the ring
	over    int // the row under the mouse; -1: none
	focused bool

	card   *plate
	rows   []*choiceRow
	scroll *container.Scroll
}

// drop opens the list of words.
func (c *choice) drop() {
	on := canvasOf(c)
	if on == nil || len(c.words) == 0 || c.off {
		return
	}
	l := &choiceList{of: c, on: on, at: max(c.at, 0), over: -1, card: newPlate(colorCard, colorField, 6)}
	all := rowsBy(0)
	l.scroll = container.NewVScroll(padded(all, choiceAway-1, choiceAway-1, choiceAway-1, choiceAway-1))
	for i := range c.words {
		r := newChoiceRow(l, i)
		l.rows = append(l.rows, r)
		all.Add(r)
	}
	l.ExtendBaseWidget(l)
	on.Unfocus()
	on.Overlays().Add(l)
	c.list = l
	l.Resize(on.Size())
	on.Focus(l)
	l.move(l.at)
	// A scroll bar that is dragged takes the keyboard and has no use for it.
	l.scroll.OnScrolled = func(fyne.Position) { on.Focus(l) }
}

// shut takes the list away and gives the keyboard back.
func (l *choiceList) shut() {
	if l.of.list != l {
		return
	}
	l.of.list = nil
	l.on.Overlays().Remove(l)
	l.on.Focus(l.of)
}

func (l *choiceList) take(i int) {
	l.shut()
	l.of.pick(i)
}

// move puts the ring on row i, or the nearest there is, and brings it into sight.
func (l *choiceList) move(i int) {
	l.at = max(min(i, len(l.rows)-1), 0)
	at, high := l.scroll.Offset.Y, l.scroll.Size().Height
	top := float32(l.at) * choiceRowHigh
	low := top + choiceRowHigh + 2*(choiceAway-1)
	switch {
	case top < at:
		l.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case low > at+high:
		l.scroll.ScrollToOffset(fyne.NewPos(0, low-high))
	}
	l.draw()
}

func (l *choiceList) draw() {
	for _, r := range l.rows {
		r.Refresh()
	}
}

// rowAt is the row at a place of the window; -1: none.
func (l *choiceList) rowAt(p fyne.Position) int {
	p = p.Subtract(l.scroll.Position())
	s := l.scroll.Size()
	if p.X < 0 || p.Y < 0 || p.X >= s.Width || p.Y >= s.Height {
		return -1
	}
	y := p.Y + l.scroll.Offset.Y - (choiceAway - 1)
	if i := int(y / choiceRowHigh); y >= 0 && i < len(l.rows) {
		return i
	}
	return -1
}

// Tapped takes the row that was clicked; beside the card it closes the list.
func (l *choiceList) Tapped(ev *fyne.PointEvent) {
	if i := l.rowAt(ev.Position); i >= 0 {
		l.take(i)
		return
	}
	p, s := ev.Position.Subtract(l.card.Position()), l.card.Size()
	if p.X < 0 || p.Y < 0 || p.X >= s.Width || p.Y >= s.Height {
		l.shut()
	}
}

// TappedSecondary closes the list.
func (l *choiceList) TappedSecondary(*fyne.PointEvent) { l.shut() }

// TypedKey walks, takes a row, or closes the list.
func (l *choiceList) TypedKey(ev *fyne.KeyEvent) {
	page := max(int(l.scroll.Size().Height/choiceRowHigh)-1, 1)
	switch ev.Name {
	case fyne.KeyUp:
		l.move(l.at - 1)
	case fyne.KeyDown:
		l.move(l.at + 1)
	case fyne.KeyPageUp:
		l.move(l.at - page)
	case fyne.KeyPageDown:
		l.move(l.at + page)
	case fyne.KeyHome:
		l.move(0)
	case fyne.KeyEnd:
		l.move(len(l.rows) - 1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		l.take(l.at)
	case fyne.KeyEscape, fyne.KeyTab:
		l.shut()
	default:
	}
}

// AcceptsTab keeps Tab from walking out of a list that stays.
func (l *choiceList) AcceptsTab() bool { return true }

// TypedRune goes to the next row that begins with the letter.
func (l *choiceList) TypedRune(r rune) {
	if i := nextBy(l.of.words, l.at, r); i >= 0 {
		l.move(i)
	}
}

// TypedShortcut does nothing: going to another screen would leave the list behind.
func (l *choiceList) TypedShortcut(fyne.Shortcut) {}

// nextBy finds the first word after at, and round again, that begins with a letter; -1: none does.
func nextBy(words []string, at int, r rune) int {
	if unicode.IsSpace(r) {
		return -1
	}
	letter := strings.ToLower(string(r))
	for k := range words {
		if i := (at + 1 + k) % len(words); strings.HasPrefix(strings.ToLower(words[i]), letter) {
			return i
		}
	}
	return -1
}

// FocusGained shows the ring.
func (l *choiceList) FocusGained() { l.focused = true; l.draw() }

// FocusLost hides it.
func (l *choiceList) FocusLost() { l.focused = false; l.draw() }

// MouseIn marks the row under the mouse.
func (l *choiceList) MouseIn(ev *desktop.MouseEvent) { l.MouseMoved(ev) }

// MouseMoved marks the row under the mouse.
func (l *choiceList) MouseMoved(ev *desktop.MouseEvent) { l.hover(l.rowAt(ev.Position)) }

// MouseOut unmarks it.
func (l *choiceList) MouseOut() { l.hover(-1) }

func (l *choiceList) hover(i int) {
	if i == l.over {
		return
	}
	was := l.over
	l.over = i
	for _, k := range []int{was, i} {
		if k >= 0 {
			l.rows[k].Refresh()
		}
	}
}

func (l *choiceList) CreateRenderer() fyne.WidgetRenderer { return &choiceListRenderer{l: l} }

type choiceListRenderer struct{ l *choiceList }

func (r *choiceListRenderer) Destroy()           {}
func (r *choiceListRenderer) Refresh()           { r.Layout(r.l.Size()) }
func (r *choiceListRenderer) MinSize() fyne.Size { return fyne.Size{} }

func (r *choiceListRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.l.card, r.l.scroll}
}

// Layout stands the card below the choice, or above it where there is more room, within the window.
func (r *choiceListRenderer) Layout(s fyne.Size) {
	l := r.l
	inset, _ := l.on.InteractiveArea() // which the driver leaves out
	at, of := fyne.CurrentApp().Driver().AbsolutePositionForObject(l.of).Add(inset), l.of.Size()
	width := of.Width
	for _, w := range l.of.words {
		width = max(width, fyne.MeasureText(w, theme.TextSize(), fyne.TextStyle{}).Width+2*controlPad+iconSize+gap)
	}
	width = min(width, s.Width-2*choiceEdge)
	x := max(min(at.X, s.Width-choiceEdge-width), choiceEdge)
	want := float32(len(l.rows))*choiceRowHigh + 2*choiceAway
	low := at.Y + of.Height + choiceAway
	below, above := s.Height-choiceEdge-low, at.Y-choiceAway-choiceEdge
	high, y := min(want, below), low
	if want > below && above > below {
		high = min(want, above)
		y = at.Y - choiceAway - high
	}
	high = max(high, choiceRowHigh+2*choiceAway)
	l.card.Move(fyne.NewPos(x, y))
	l.card.Resize(fyne.NewSize(width, high))
	l.scroll.Move(fyne.NewPos(x+1, y+1))
	l.scroll.Resize(fyne.NewSize(width-2, high-2))
}
