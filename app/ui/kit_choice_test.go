package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
)

// choiceAt shows a choice so far from the top of a window, and gives it with what it said it changed to.
func choiceAt(t *testing.T, size fyne.Size, top float32, words []string) (*Window, *choice, *int) {
	t.Helper()
	w := open(t, screentest.New(t))
	w.window.Resize(size)
	got := -1
	c := newChoice(words, func(i int) { got = i })
	c.setIndex(0)
	w.holder.Objects = []fyne.CanvasObject{padded(line(c, newButton("Beside", nil)), top, 0, pagePad, pagePad)}
	w.holder.Refresh()
	arrange(w)
	return w, c, &got
}

// opened clicks a choice and gives its list.
func opened(t *testing.T, w *Window, c *choice) *choiceList {
	t.Helper()
	test.Tap(c)
	arrange(w)
	if c.list == nil {
		t.Fatal("a click does not open the list")
	}
	return c.list
}

func typeKeys(w *Window, names ...fyne.KeyName) {
	for _, n := range names {
		w.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: n})
	}
}

func cardOf(l *choiceList) box { return boxAt(l.card.Position(), l.card.Size()) }

func fruit() []string {
	return []string{"Apple", "Banana", "Blueberry", "Cherry", "Date", "Elderberry", "Fig"}
}

func TestChoiceList(t *testing.T) {
	usual := fyne.NewSize(1100, 700)
	t.Run("the keyboard goes through the list and takes a word, and goes back to the choice", func(t *testing.T) {
		w, c, got := choiceAt(t, usual, 100, fruit())
		w.window.Canvas().Focus(c)
		typeKeys(w, fyne.KeySpace, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyEnd, fyne.KeyDown, fyne.KeyUp)
		if *got != -1 || c.index() != 0 {
			t.Errorf("looking changed it to %d", *got)
		}
		typeKeys(w, fyne.KeyReturn)
		if *got != 5 || c.index() != 5 {
			t.Errorf("changed to %d, shows %d", *got, c.index())
		}
		if c.list != nil || w.window.Canvas().Focused() != c {
			t.Errorf("the keyboard is on %T", w.window.Canvas().Focused())
		}
		typeKeys(w, fyne.KeySpace, fyne.KeyHome, fyne.KeySpace)
		if *got != 0 {
			t.Errorf("Home and Space took %d", *got)
		}
	})
	t.Run("a letter goes to the next word that begins with it, and round again", func(t *testing.T) {
		w, c, got := choiceAt(t, usual, 100, fruit())
		l := opened(t, w, c)
		for _, want := range []int{1, 2, 1} {
			if l.TypedRune('b'); l.at != want {
				t.Errorf("at %d, not %d", l.at, want)
			}
		}
		l.TypedRune(' ')
		l.TypedRune('x')
		if l.at != 1 {
			t.Errorf("a letter no word begins with went to %d", l.at)
		}
		typeKeys(w, fyne.KeyEscape)
		c.TypedRune('C')
		if *got != 3 {
			t.Errorf("on the closed choice a letter took %d", *got)
		}
	})
	for name, leave := range map[string]func(w *Window, l *choiceList){
		"Escape":              func(w *Window, _ *choiceList) { typeKeys(w, fyne.KeyEscape) },
		"Tab":                 func(w *Window, _ *choiceList) { typeKeys(w, fyne.KeyTab) },
		"a click beside it":   func(w *Window, _ *choiceList) { test.TapCanvas(w.window.Canvas(), fyne.NewPos(900, 600)) },
		"a right click":       func(_ *Window, l *choiceList) { l.TappedSecondary(nil) },
		"other words in it":   func(_ *Window, l *choiceList) { l.of.setWords(fruit()[:3]) },
		"a click on its word": func(w *Window, l *choiceList) { test.TapCanvas(w.window.Canvas(), middleOf(l.rows[0])) },
	} {
		t.Run(name+" closes the list and changes nothing", func(t *testing.T) {
			w, c, got := choiceAt(t, usual, 100, fruit())
			leave(w, opened(t, w, c))
			if c.list != nil || *got != -1 || w.window.Canvas().Overlays().Top() != nil || w.window.Canvas().Focused() != c {
				t.Errorf("open: %v, took %d, the keyboard is on %T", c.list != nil, *got, w.window.Canvas().Focused())
			}
		})
	}
	t.Run("a click takes the word it hits", func(t *testing.T) {
		w, c, got := choiceAt(t, usual, 100, fruit())
		l := opened(t, w, c)
		test.TapCanvas(w.window.Canvas(), cardCorner(l))
		if c.list != l {
			t.Fatal("a click on the card's edge closes it")
		}
		test.TapCanvas(w.window.Canvas(), middleOf(l.rows[4]))
		if *got != 4 || c.list != nil {
			t.Errorf("took %d", *got)
		}
	})
	t.Run("one row has the tick, one the ring, and the one under the mouse is marked", func(t *testing.T) {
		w, c, _ := choiceAt(t, usual, 100, fruit())
		c.setIndex(2)
		l := opened(t, w, c)
		typeKeys(w, fyne.KeyDown)
		l.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: middleOf(l.rows[5])}})
		ticks, marked := []int{}, []int{}
		for i, r := range l.rows {
			if len(find[*canvas.Image](r)) > 0 {
				ticks = append(ticks, i)
			}
			if find[*canvas.Rectangle](r)[0].FillColor == theme.Color(theme.ColorNameHover) {
				marked = append(marked, i)
			}
		}
		if said := fmt.Sprint(ticks, marked, l.at, ringsIn(w, boxAt(fyne.Position{}, usual))); said != "[2] [5] 3 1" {
			t.Errorf("ticks, marked, at, rings: %s", said)
		}
		inspect(t, w, "list")
		shot(t, w, "polish-choice")
	})
	many := make([]string, 60)
	for i := range many {
		many[i] = fmt.Sprintf("Word %d", i)
	}
	for _, c := range []struct {
		name string
		size fyne.Size
		top  float32
		list []string
	}{
		{"below", usual, 100, fruit()},
		{"above where there is no room below", usual, 600, fruit()},
		{"many below", usual, 100, many},
		{"many above", usual, 500, many},
		{"wide", fyne.NewSize(900, 560), 100, []string{"Short", strings.Repeat("a very long word ", 30)}},
	} {
		t.Run("the list stands in the window, "+c.name, func(t *testing.T) {
			w, of, _ := choiceAt(t, c.size, c.top, c.list)
			l := opened(t, w, of)
			at, size := cardOf(l), w.window.Canvas().Size()
			if at.x < choiceEdge || at.y < choiceEdge || at.right > size.Width-choiceEdge+.5 || at.low > size.Height-choiceEdge+.5 {
				t.Errorf("it stands at %v in %v", at, size)
			}
			middle := middleOf(of)
			mine := boxAt(middle.SubtractXY(of.Size().Width/2, of.Size().Height/2), of.Size())
			if !at.meet(mine).empty() {
				t.Errorf("it lies on the choice: %v on %v", at, mine)
			}
			typeKeys(w, fyne.KeyEnd)
			arrange(w)
			last := middleOf(l.rows[len(l.rows)-1])
			if last.Y < at.y || last.Y > at.low {
				t.Errorf("the last row is at %v, out of sight", last)
			}
			inspect(t, w, "list")
			shot(t, w, "polish-choice-"+strings.ReplaceAll(c.name, " ", "-"))
		})
	}
	t.Run("it stays with its choice when the window changes its size", func(t *testing.T) {
		w, c, _ := choiceAt(t, usual, 200, many)
		l := opened(t, w, c)
		w.window.Resize(fyne.NewSize(900, 420))
		arrange(w)
		if at := cardOf(l); at.low > w.window.Canvas().Size().Height {
			t.Errorf("it goes to %v", at)
		}
	})
	t.Run("in a dialog Escape closes the list and leaves the dialog", func(t *testing.T) {
		w := open(t, screentest.New(t))
		w.appearance.SetTheme(screen.ThemeDark)
		w.setLook()
		w.chooseAppearance()
		arrange(w)
		c := find[*choice](w)[0]
		opened(t, w, c)
		shot(t, w, "polish-choice-dark")
		typeKeys(w, fyne.KeyEscape)
		if len(w.layers) != 1 || c.list != nil || w.window.Canvas().Focused() != c {
			t.Errorf("%d dialogs, the keyboard is on %T", len(w.layers), w.window.Canvas().Focused())
		}
	})
}

func cardCorner(l *choiceList) fyne.Position { return l.card.Position().AddXY(20, 2) }
