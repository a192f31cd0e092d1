package ui

import (
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// column is one of a table. Width 0 takes what the others leave.
type column struct {
	title string
	width float32
}

// cell is what one row shows in one column.
type cell struct {
	text string
	mark mark
	tone tone
}

// tableOptions says where a table gets its rows and whom it tells. All but length and row may be nil.
type tableOptions struct {
	length             func() int
	row                func(i int) []cell
	open               func(i int)
	selected           func(rows []int)
	nearStart, nearEnd func()
	empty              func() (what, next string)
	spare              []int                        // columns that go where there is little room, the first of them first
	key                func(name fyne.KeyName) bool // asked before the table's own keys; true: it was used
}

// near is how many rows from an end a table asks for more.
const near = 60

// table shows rows. Only those in sight exist as objects: scrolling through many costs what scrolling through few does.
type table struct {
	widget.BaseWidget

	columns []column
	o       tableOptions

	picked         map[int]bool
	cursor, anchor int  // -1: none
	focused, held  bool // held: Shift is

	scroll *container.Scroll
	body   *fyne.Container
	pool   []*tableRow
	first  int // row the first of pool shows
}

func newTable(columns []column, o tableOptions) *table {
	t := &table{columns: columns, o: o, picked: map[int]bool{}, cursor: -1, anchor: -1}
	t.body = container.New(&tableLayout{t: t})
	t.scroll = container.NewVScroll(t.body)
	t.scroll.OnScrolled = func(fyne.Position) { t.scrolled() }
	t.ExtendBaseWidget(t)
	return t
}

// refresh shows rows that changed, or another number of them.
func (t *table) refresh() {
	n := t.o.length()
	for i := range t.picked {
		if i >= n {
			delete(t.picked, i)
		}
	}
	t.cursor, t.anchor = min(t.cursor, n-1), min(t.anchor, n-1)
	t.Refresh()
}

// selection lists the rows that are selected, from above.
func (t *table) selection() []int {
	out := make([]int, 0, len(t.picked))
	for i := range t.picked {
		out = append(out, i)
	}
	sort.Ints(out)
	return out
}

// selectAll selects every row that is loaded.
func (t *table) selectAll() {
	for i := range t.o.length() {
		t.picked[i] = true
	}
	t.tell()
}

// clear selects nothing.
func (t *table) clear() {
	if len(t.picked) == 0 && t.cursor < 0 {
		return
	}
	clear(t.picked)
	t.cursor, t.anchor = -1, -1
	t.tell()
}

// choose selects rows without telling anybody: whoever calls it knows.
func (t *table) choose(rows []int) {
	clear(t.picked)
	for _, i := range rows {
		t.picked[i] = true
	}
	t.fill()
}

// top scrolls until row i is the first in sight, or as near to it as there are rows.
func (t *table) top(i int) {
	most := max(float32(t.o.length())*rowHigh-t.scroll.Size().Height, 0)
	t.scroll.ScrollToOffset(fyne.NewPos(0, min(float32(i)*rowHigh, most)))
	t.fill()
}

// show scrolls until row i is in sight, and no further.
func (t *table) show(i int) {
	top, high := float32(i)*rowHigh, t.scroll.Size().Height
	switch at := t.scroll.Offset.Y; {
	case top < at:
		t.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case top+rowHigh > at+high:
		t.scroll.ScrollToOffset(fyne.NewPos(0, top+rowHigh-high))
	}
	t.scrolled() // the toolkit tells of its wheel only, and the keyboard too comes near an end
}

// shift keeps selection and what is in sight where they are after n rows came in above (or left, below zero).
func (t *table) shift(n int) {
	picked := make(map[int]bool, len(t.picked))
	for i := range t.picked {
		if i+n >= 0 {
			picked[i+n] = true
		}
	}
	t.picked = picked
	if t.cursor >= 0 {
		t.cursor = max(t.cursor+n, -1)
	}
	if t.anchor >= 0 {
		t.anchor = max(t.anchor+n, -1)
	}
	at := t.scroll.Offset.Y + float32(n)*rowHigh
	t.refresh()
	t.scroll.ScrollToOffset(fyne.NewPos(0, max(at, 0)))
	t.fill()
}

func (t *table) tell() {
	t.fill()
	if t.o.selected != nil {
		t.o.selected(t.selection())
	}
}

// pick is a click or a key on row i: alone, added (Ctrl), or everything from the last one (Shift).
func (t *table) pick(i int, add, through bool) {
	if i < 0 || i >= t.o.length() {
		return
	}
	switch {
	case through && t.anchor >= 0:
		if !add {
			clear(t.picked)
		}
		for j := min(i, t.anchor); j <= max(i, t.anchor); j++ {
			t.picked[j] = true
		}
	case add:
		if t.picked[i] {
			delete(t.picked, i)
		} else {
			t.picked[i] = true
		}
		t.anchor = i
	default:
		clear(t.picked)
		t.picked[i] = true
		t.anchor = i
	}
	t.cursor = i
	t.show(i)
	t.tell()
}

// TypedKey walks, selects and opens.
func (t *table) TypedKey(ev *fyne.KeyEvent) {
	page := max(int(t.scroll.Size().Height/rowHigh)-1, 1)
	if t.o.key != nil && t.o.key(ev.Name) {
		return
	}
	switch ev.Name {
	case fyne.KeyUp:
		t.walk(t.cursor - 1)
	case fyne.KeyDown:
		t.walk(t.cursor + 1)
	case fyne.KeyPageUp:
		t.walk(t.cursor - page)
	case fyne.KeyPageDown:
		t.walk(t.cursor + page)
	case fyne.KeyHome:
		t.walk(0)
	case fyne.KeyEnd:
		t.walk(t.o.length() - 1)
	case fyne.KeySpace:
		t.pick(t.cursor, true, false)
	case fyne.KeyReturn, fyne.KeyEnter:
		if t.cursor >= 0 && t.o.open != nil {
			t.o.open(t.cursor)
		}
	default:
		passKey(t, ev)
	}
}

func (t *table) walk(to int) { t.pick(max(min(to, t.o.length()-1), 0), false, t.held) }

// KeyDown notes that Shift is held, which a typed key does not say.
func (t *table) KeyDown(ev *fyne.KeyEvent) { t.held = t.held || isShift(ev) }

// KeyUp notes that it is not held any more.
func (t *table) KeyUp(ev *fyne.KeyEvent) { t.held = t.held && !isShift(ev) }

func isShift(ev *fyne.KeyEvent) bool {
	return ev.Name == desktop.KeyShiftLeft || ev.Name == desktop.KeyShiftRight
}

// TypedRune ignores letters.
func (t *table) TypedRune(rune) {}

// TypedShortcut selects all rows by Ctrl+A and hands on the rest.
func (t *table) TypedShortcut(s fyne.Shortcut) {
	if _, all := s.(*fyne.ShortcutSelectAll); all {
		t.selectAll()
		return
	}
	if c, ok := canvasOf(t).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// FocusGained shows the ring.
func (t *table) FocusGained() { t.focused = true; t.Refresh(); intoSight(t) }

// FocusLost hides it.
func (t *table) FocusLost() { t.focused, t.held = false, false; t.Refresh() }

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
