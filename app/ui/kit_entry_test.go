package ui

import (
	"image/color"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen/screentest"
)

// longForm is a page with an entry and a choice, and more below than fits.
func longForm(t *testing.T) (*Window, *entry, *choice, *container.Scroll) {
	t.Helper()
	w := open(t, screentest.New(t))
	e, c := newEntry(nil), newChoice([]string{"STARTTLS", "TLS from the first byte"}, nil)
	room := newPlate(colorNone, colorNone, 0)
	room.min = fyne.NewSize(10, 2000)
	w.holder.Objects = []fyne.CanvasObject{newPage("Form", nil, newCard("", newForm(newField("Server", "", "", e), newField("Security", "", "", c))), room)}
	w.holder.Refresh()
	arrange(w)
	for _, s := range find[*container.Scroll](w) {
		if s.Content.MinSize().Height > 2000 {
			return w, e, c, s
		}
	}
	t.Fatal("the page does not scroll")
	return nil, nil, nil, nil
}

func middleOf(o fyne.CanvasObject) fyne.Position {
	d := fyne.CurrentApp().Driver()
	inset, _ := d.CanvasForObject(o).InteractiveArea() // which the driver leaves out
	return d.AbsolutePositionForObject(o).Add(inset).AddXY(o.Size().Width/2, o.Size().Height/2)
}

func TestWheel(t *testing.T) {
	w, e, c, page := longForm(t)
	for _, long := range []bool{false, true} {
		if long {
			e.SetText(strings.Repeat("a long text ", 30))
			arrange(w)
		}
		for name, o := range map[string]fyne.CanvasObject{"an entry": e, "a choice": c} {
			t.Run("the mouse wheel over "+name+" moves the page", func(t *testing.T) {
				page.ScrollToTop()
				test.Scroll(w.window.Canvas(), middleOf(o), 0, -25)
				if page.Offset.Y != 25 {
					t.Errorf("the page is at %v", page.Offset)
				}
			})
		}
	}
	t.Run("a page in a page that can go no further leaves the wheel to the one around it", func(t *testing.T) {
		in := newEntry(nil)
		inner := container.NewVScroll(rows(in))
		w.holder.Objects = []fyne.CanvasObject{newPage("Form", nil, inner, sized(newPlate(colorNone, colorNone, 0), 10), tall(2000))}
		w.holder.Refresh()
		arrange(w)
		test.Scroll(w.window.Canvas(), middleOf(in), 0, -25)
		for _, s := range find[*container.Scroll](w) {
			if s.Content.MinSize().Height > 2000 && s.Offset.Y != 25 {
				t.Errorf("the page is at %v", s.Offset)
			}
		}
	})
}

func tall(high float32) fyne.CanvasObject {
	p := newPlate(colorNone, colorNone, 0)
	p.min = fyne.NewSize(10, high)
	return p
}

func TestEntry(t *testing.T) {
	w, e, c, _ := longForm(t)
	in := find[*container.Scroll](e)[0]
	long := strings.Repeat("a long text ", 30)
	for name, fill := range map[string]func(string){"a text": e.SetText, "a placeholder": e.SetPlaceHolder} {
		t.Run(name+" longer than its entry has no scroll bar", func(t *testing.T) {
			fill(long)
			defer fill("")
			arrange(w)
			if in.Content.MinSize().Width < in.Size().Width*2 {
				t.Fatalf("%v in %v is not too long", in.Content.MinSize(), in.Size())
			}
			// The row above the line at the foot is where the bar would be, and no letter ever is.
			shown := w.window.Canvas().Capture()
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(e)
			ground := color.NRGBAModel.Convert(theme.Color(theme.ColorNameInputBackground))
			for x := at.X + 8; x < at.X+e.Size().Width-16; x++ {
				if got := color.NRGBAModel.Convert(shown.At(int(x), int(at.Y+e.Size().Height-3))); got != ground {
					t.Fatalf("%v at %v, and the ground is %v", got, x-at.X, ground)
				}
			}
		})
	}
	t.Run("the cursor brings the end of a long text into sight", func(t *testing.T) {
		e.SetText(long)
		w.window.Canvas().Focus(e)
		e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
		if in.Offset.X+in.Size().Width < fyne.MeasureText(long, theme.TextSize(), fyne.TextStyle{}).Width {
			t.Errorf("the text is moved by %v", in.Offset)
		}
		e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
		if in.Offset.X != 0 {
			t.Errorf("the text is moved by %v at its beginning", in.Offset)
		}
		w.window.Canvas().Unfocus()
		e.SetText("")
	})
	t.Run("a click puts the cursor between the letters it hits", func(t *testing.T) {
		e.SetText("wwwwwwwwww")
		for at := range 11 {
			x := controlPad + fyne.MeasureText(strings.Repeat("w", at), theme.TextSize(), fyne.TextStyle{}).Width
			e.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 16)}, Button: desktop.MouseButtonPrimary})
			if e.CursorColumn != at {
				t.Errorf("the cursor is at %d, not %d", e.CursorColumn, at)
			}
		}
		w.window.Canvas().Unfocus()
		e.SetText("")
	})
	t.Run("letters and line stand as those of a choice", func(t *testing.T) {
		e.SetText("STARTTLS")
		c.setIndex(0)
		arrange(w)
		same := func(what string, a, b any) {
			if a != b {
				t.Errorf("%s: %v and %v", what, a, b)
			}
		}
		words := map[fyne.CanvasObject]fyne.Position{}
		lines := map[fyne.CanvasObject]*canvas.Rectangle{}
		for _, o := range []fyne.CanvasObject{e, c} {
			for _, x := range find[*canvas.Text](o) {
				if x.Text == "STARTTLS" {
					words[o] = fyne.CurrentApp().Driver().AbsolutePositionForObject(x)
				}
			}
			n := 0
			for _, r := range find[*canvas.Rectangle](o) {
				if r.StrokeWidth > 0 {
					lines[o] = r
					n++
				}
			}
			same("lines", n, 1)
		}
		same("letters", words[e].X, words[c].X)
		same("their feet", words[e].Y-middleOf(e).Y, words[c].Y-middleOf(c).Y)
		same("colour", lines[e].StrokeColor, lines[c].StrokeColor)
		same("width", lines[e].StrokeWidth, lines[c].StrokeWidth)
		same("corner", lines[e].CornerRadius, lines[c].CornerRadius)
		same("height", lines[e].Size().Height, lines[c].Size().Height)
		e.SetPlaceHolder(long)
		shot(t, w, "polish-entry")
	})
}

func TestLines(t *testing.T) {
	w := open(t, screentest.New(t))
	lines, line := newLines(nil), newEntry(nil)
	w.holder.Objects = []fyne.CanvasObject{newPage("Form", nil, newCard("", lines, line))}
	w.holder.Refresh()
	arrange(w)
	c := w.window.Canvas()
	handed := 0
	c.SetOnTypedKey(func(*fyne.KeyEvent) { handed++ })
	t.Run("Return begins a new line in a text of several lines, and presses nothing", func(t *testing.T) {
		c.Focus(lines)
		lines.TypedRune('a')
		lines.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		lines.TypedRune('b')
		lines.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnter})
		if lines.Text != "a\nb\n" || handed != 0 {
			t.Fatalf("%q, %d handed on", lines.Text, handed)
		}
	})
	t.Run("Escape is handed on, and so is Return in a single line", func(t *testing.T) {
		lines.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		line.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if handed != 2 || line.Text != "" {
			t.Fatalf("%d handed on, %q", handed, line.Text)
		}
	})
	t.Run("Tab leaves a text of several lines", func(t *testing.T) {
		var tabs fyne.Tabbable = lines
		if tabs.AcceptsTab() {
			t.Fatal("the keyboard cannot leave it")
		}
	})
}
