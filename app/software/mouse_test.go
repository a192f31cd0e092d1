package software

import (
	"image/color"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// feeler is something that notes what the mouse does to it.
type feeler struct {
	widget.BaseWidget
	felt []string
}

func newFeeler() *feeler {
	f := &feeler{}
	f.ExtendBaseWidget(f)
	return f
}

func (f *feeler) CreateRenderer() fyne.WidgetRenderer {
	r := canvas.NewRectangle(color.Black)
	r.SetMinSize(fyne.NewSize(50, 50))
	return widget.NewSimpleRenderer(r)
}
func (f *feeler) feel(what string)                 { f.felt = append(f.felt, what) }
func (f *feeler) MouseIn(*desktop.MouseEvent)      { f.feel("in") }
func (f *feeler) MouseMoved(*desktop.MouseEvent)   { f.feel("moved") }
func (f *feeler) MouseOut()                        { f.feel("out") }
func (f *feeler) MouseDown(*desktop.MouseEvent)    { f.feel("down") }
func (f *feeler) MouseUp(*desktop.MouseEvent)      { f.feel("up") }
func (f *feeler) Tapped(*fyne.PointEvent)          { f.feel("tapped") }
func (f *feeler) TappedSecondary(*fyne.PointEvent) { f.feel("second") }
func (f *feeler) Cursor() desktop.Cursor           { return desktop.PointerCursor }

func (f *feeler) told() string {
	told := strings.Join(f.felt, " ")
	f.felt = nil
	return told
}

// double takes two presses.
type double struct{ feeler }

func (d *double) DoubleTapped(*fyne.PointEvent) { d.feel("double") }

func TestMouse(t *testing.T) {
	t.Run("what lies under the mouse is told that it comes, moves, presses and goes", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFeeler()
			b := begin(t, 1.5, func() fyne.CanvasObject { return container.NewCenter(f) }, fyne.NewSize(300, 200))
			x, y := b.at(f)
			b.handler.moved(x, y, 0)
			b.handler.moved(x+1, y, 0)
			if told := f.told(); told != "in moved" || b.cursor != desktop.PointerCursor {
				t.Errorf("%q, %v", told, b.cursor)
			}
			b.clickAt(x+1, y, desktop.MouseButtonPrimary)
			if told := f.told(); told != "moved down up tapped" {
				t.Error(told)
			}
			b.clickAt(x+1, y, desktop.MouseButtonSecondary)
			if told := f.told(); told != "moved down up second" {
				t.Error(told)
			}
			b.handler.moved(1, 1, 0)
			if told := f.told(); told != "out" || b.cursor != desktop.DefaultCursor {
				t.Errorf("%q, %v", told, b.cursor)
			}
			b.handler.moved(x, y, 0)
			b.handler.left()
			if told := f.told(); told != "in out" {
				t.Errorf("%q as the mouse leaves the window", told)
			}
		})
	})
	t.Run("two presses soon after each other are a double press, one is one after a moment", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			d := &double{}
			d.ExtendBaseWidget(d)
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewCenter(d) }, fyne.NewSize(300, 200))
			b.click(d, desktop.MouseButtonPrimary)
			if strings.Contains(d.told(), "tapped") {
				t.Error("a press was told before it could have been a double one")
			}
			b.later(400 * time.Millisecond)
			if told := d.told(); told != "tapped" {
				t.Errorf("%q", told)
			}
			b.click(d, desktop.MouseButtonPrimary)
			b.click(d, desktop.MouseButtonPrimary)
			b.later(time.Second)
			if told := d.told(); !strings.HasSuffix(told, "double") || strings.Contains(told, "tapped") {
				t.Errorf("%q", told)
			}
			b.click(d, desktop.MouseButtonPrimary)
			b.later(time.Second)
			if told := d.told(); !strings.HasSuffix(told, "tapped") {
				t.Errorf("%q", told)
			}
		})
	})
	t.Run("two things pressed soon after each other are two presses", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			one, two := &double{}, &double{}
			one.ExtendBaseWidget(one)
			two.ExtendBaseWidget(two)
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewHBox(one, two) }, fyne.NewSize(300, 200))
			b.click(one, desktop.MouseButtonPrimary)
			b.click(two, desktop.MouseButtonPrimary)
			b.later(time.Second)
			for _, told := range []string{one.told(), two.told()} {
				if !strings.Contains(told, "tapped") || strings.Contains(told, "double") {
					t.Error(told)
				}
			}
		})
	})
	t.Run("a button let go elsewhere presses nothing", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFeeler()
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewCenter(f) }, fyne.NewSize(300, 200))
			x, y := b.at(f)
			b.drag(x, y, 2, 2)
			if strings.Contains(f.told(), "tapped") {
				t.Error("pressed")
			}
		})
	})
	t.Run("text is selected by dragging over it, and a click puts the cursor there", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e := widget.NewEntry()
			e.SetText("library books")
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewVBox(e, widget.NewLabel("below")) }, fyne.NewSize(400, 200))
			x, y := b.at(e)
			b.drag(x-192, y, x+150, y)
			if e.SelectedText() != "library books" {
				t.Errorf("selected %q", e.SelectedText())
			}
			if b.window.canvas.Focused() != e {
				t.Error("the keyboard is elsewhere")
			}
			b.clickAt(x+150, y, desktop.MouseButtonPrimary)
			b.later(time.Second)
			if e.SelectedText() != "" || e.CursorColumn != 13 {
				t.Errorf("%q selected, cursor at %d", e.SelectedText(), e.CursorColumn)
			}
			b.clickAt(200, 190, desktop.MouseButtonPrimary)
			if b.window.canvas.Focused() != nil {
				t.Error("a click beside it leaves it the keyboard")
			}
			b.right("after selecting")
		})
	})
	t.Run("a double press selects a word", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e := widget.NewEntry()
			e.SetText("library books")
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewVBox(e) }, fyne.NewSize(400, 200))
			x, y := b.at(e)
			b.clickAt(x-170, y, desktop.MouseButtonPrimary)
			b.clickAt(x-170, y, desktop.MouseButtonPrimary)
			b.later(time.Second)
			if e.SelectedText() != "library" {
				t.Errorf("selected %q", e.SelectedText())
			}
		})
	})
	t.Run("the wheel scrolls both ways, and the bar is drawn along", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			lines := container.NewVBox()
			for range 50 {
				lines.Add(widget.NewLabel(strings.Repeat("overdue ", 40)))
			}
			s := container.NewScroll(lines)
			b := begin(t, 1, func() fyne.CanvasObject { return s }, fyne.NewSize(300, 200))
			b.handler.moved(100, 100, 0)
			b.handler.wheel(0, -2, 0)
			b.settle()
			if s.Offset.Y != 50 || s.Offset.X != 0 {
				t.Errorf("down: %v", s.Offset)
			}
			b.handler.wheel(0, -1, fyne.KeyModifierShift)
			b.settle()
			if s.Offset.X != 25 {
				t.Errorf("with Shift: %v", s.Offset)
			}
			b.handler.wheel(-1, 0, 0)
			b.handler.wheel(0, 1, 0)
			b.settle()
			if s.Offset != fyne.NewPos(50, 25) {
				t.Errorf("sideways, then up: %v", s.Offset)
			}
			b.right("after the wheel")
			was := s.Offset.Y
			b.drag(294, 12, 294, 80)
			if s.Offset.Y <= was {
				t.Errorf("the bar was dragged from %v to %v", was, s.Offset.Y)
			}
			b.right("after dragging the bar")
		})
	})
}
