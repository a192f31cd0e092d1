package ui

import (
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
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
	clicked            func(i, column int) bool     // asked before a click selects; true: it was used
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
