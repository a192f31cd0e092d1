package ui

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"smtpgateway/app/screen/screentest"
)

// listed shows a table of n rows in a window and gives it with what it tells.
func listed(t *testing.T, n int) (w *Window, tb *table, opened *[]int, asked *int) {
	t.Helper()
	w = open(t, screentest.New(t))
	opened, asked = new([]int), new(int)
	tb = newTable([]column{{"To", 0}, {"State", 160}}, tableOptions{
		length: func() int { return n },
		row: func(i int) []cell {
			*asked++
			return []cell{{text: fmt.Sprintf("reader%d@school.test", i)}, {text: "sent", mark: markGood}}
		},
		open:  func(i int) { *opened = append(*opened, i) },
		empty: func() (what, next string) { return "No message yet.", "Press Test under Settings." },
	})
	w.holder.Objects = []fyne.CanvasObject{newFixedPage("List", nil, nil, tb)}
	w.holder.Refresh()
	arrange(w)
	w.window.Canvas().Focus(tb)
	return w, tb, opened, asked
}

func (t *table) click(i int, with fyne.KeyModifier) {
	for _, r := range t.pool {
		if r.i == i {
			r.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: with})
			r.MouseUp(nil)
			return
		}
	}
}

func (t *table) types(keys ...fyne.KeyName) {
	for _, k := range keys {
		t.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func TestTableSelection(t *testing.T) {
	_, tb, opened, _ := listed(t, 500)
	shift := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
	for _, c := range []struct {
		name string
		do   func()
		want []int
	}{
		{"a click selects one", func() { tb.click(3, 0) }, []int{3}},
		{"Ctrl and a click adds one", func() { tb.click(5, fyne.KeyModifierControl) }, []int{3, 5}},
		{"Ctrl and a click takes one away", func() { tb.click(3, fyne.KeyModifierControl) }, []int{5}},
		{"Shift and a click selects all between", func() { tb.click(2, 0); tb.click(5, fyne.KeyModifierShift) }, []int{2, 3, 4, 5}},
		{"Down goes on to the next", func() { tb.types(fyne.KeyDown) }, []int{6}},
		{"Shift and Up adds the one above", func() { tb.KeyDown(shift); tb.types(fyne.KeyUp); tb.KeyUp(shift) }, []int{5, 6}},
		{"Home goes to the first", func() { tb.types(fyne.KeyHome) }, []int{0}},
		{"Up stays at the first", func() { tb.types(fyne.KeyUp) }, []int{0}},
		{"End goes to the last", func() { tb.types(fyne.KeyEnd) }, []int{499}},
		{"Space takes it away", func() { tb.types(fyne.KeySpace) }, []int{}},
		{"nothing is selected when it is cleared", tb.clear, []int{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.do()
			if got := tb.selection(); !slices.Equal(got, c.want) {
				t.Errorf("selected: %v, not %v", got, c.want)
			}
		})
	}
	t.Run("Ctrl+A selects all", func(t *testing.T) {
		tb.TypedShortcut(&fyne.ShortcutSelectAll{})
		if n := len(tb.selection()); n != 500 {
			t.Errorf("%d are selected", n)
		}
	})
	t.Run("Return and a double click open", func(t *testing.T) {
		tb.types(fyne.KeyHome, fyne.KeyDown, fyne.KeyReturn)
		tb.pool[0].DoubleTapped(nil)
		if !slices.Equal(*opened, []int{1, tb.pool[0].i}) {
			t.Errorf("opened: %v", *opened)
		}
	})
	t.Run("rows that came in above move the selection along", func(t *testing.T) {
		tb.click(2, 0)
		tb.shift(10)
		if got := tb.selection(); !slices.Equal(got, []int{12}) {
			t.Errorf("selected: %v", got)
		}
	})
}

func TestTableScrolls(t *testing.T) {
	w, tb, _, asked := listed(t, 1_000_000)
	t.Run("only rows in sight exist", func(t *testing.T) {
		if n := len(tb.pool); n > 30 {
			t.Errorf("%d objects for a million rows", n)
		}
	})
	t.Run("a step asks for the rows in sight", func(t *testing.T) {
		*asked = 0
		tb.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -4000)})
		if *asked == 0 || *asked > 100 {
			t.Errorf("%d rows were asked for", *asked)
		}
	})
	t.Run("the row with the keyboard is in sight", func(t *testing.T) {
		tb.types(fyne.KeyEnd)
		arrange(w)
		if !slices.ContainsFunc(tb.pool, func(r *tableRow) bool { return r.i == 999_999 }) {
			t.Errorf("the last row is not shown; the first shown is %d", tb.first)
		}
	})
	t.Run("an empty table says what to do", func(t *testing.T) {
		w, tb, _, _ := listed(t, 0)
		tb.types(fyne.KeyDown, fyne.KeyReturn, fyne.KeySpace, fyne.KeyEnd)
		if got := words(w); !slices.Contains(find[*table](w), tb) || len(tb.selection()) != 0 || got == "" {
			t.Errorf("selected %v", tb.selection())
		}
	})
}

func TestTableAsksForMore(t *testing.T) {
	var asked []string
	tell := func(what string) func() { return func() { asked = append(asked, what) } }
	w := open(t, screentest.New(t))
	tb := newTable([]column{{title: "To"}}, tableOptions{length: func() int { return 500 }, row: func(int) []cell { return []cell{{text: "ann@school.test"}} }, nearStart: tell("start"), nearEnd: tell("end")})
	w.holder.Objects = []fyne.CanvasObject{tb}
	w.holder.Refresh()
	arrange(w)
	tb.top(250)
	for _, c := range []struct {
		name, want string
		key        fyne.KeyName
	}{
		{"the keyboard at the end asks for more below", "[end]", fyne.KeyEnd},
		{"the keyboard at the start asks for more above", "[start]", fyne.KeyHome},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked = nil
			tb.TypedKey(&fyne.KeyEvent{Name: c.key})
			if got := fmt.Sprint(slices.Compact(asked)); got != c.want {
				t.Errorf("asked for %v", got)
			}
		})
	}
}
