package software

import (
	"testing"
	"testing/synctest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

const ctrl, shift = fyne.KeyModifierControl, fyne.KeyModifierShift

func TestKeys(t *testing.T) {
	form := func() (one, two *widget.Entry, press *widget.Button, pressed *int, content func() fyne.CanvasObject) {
		pressed = new(int)
		one, two = widget.NewEntry(), widget.NewMultiLineEntry()
		press = widget.NewButton("Save", func() { *pressed++ })
		return one, two, press, pressed, func() fyne.CanvasObject { return container.NewVBox(one, two, press) }
	}
	t.Run("letters go to what has the keyboard, of every alphabet", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			one, _, _, _, content := form()
			b := begin(t, 1, content, fyne.NewSize(400, 300))
			b.click(one, desktop.MouseButtonPrimary)
			b.write("Zoë Łukasz 図書館")
			b.key(fyne.KeyBackspace, 0)
			if one.Text != "Zoë Łukasz 図書" {
				t.Errorf("%q", one.Text)
			}
			b.right("after typing")
		})
	})
	t.Run("Tab goes on and Shift+Tab back, round the end, and stays in a field that takes it", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			one, two, press, pressed, content := form()
			b := begin(t, 1, content, fyne.NewSize(400, 300))
			on := func() fyne.Focusable { return b.window.canvas.Focused() }
			b.key(fyne.KeyTab, 0)
			if on() != one {
				t.Errorf("first %T", on())
			}
			b.key(fyne.KeyTab, shift)
			if on() != press {
				t.Errorf("back from the first: %T", on())
			}
			b.key(fyne.KeySpace, 0)
			if *pressed != 1 {
				t.Error("the button was not pressed")
			}
			b.key(fyne.KeyTab, 0)
			b.key(fyne.KeyTab, 0)
			if on() != two {
				t.Errorf("after the first: %T", on())
			}
			b.key(fyne.KeyTab, 0)
			if on() != two || two.Text != "\t" {
				t.Errorf("%T with %q", on(), two.Text)
			}
		})
	})
	t.Run("copy, cut, paste, select all, undo and redo work, with the system's clipboard", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			one, _, _, _, content := form()
			b := begin(t, 1, content, fyne.NewSize(400, 300))
			b.click(one, desktop.MouseButtonPrimary)
			b.write("overdue")
			b.key(fyne.KeyA, ctrl)
			b.key(fyne.KeyC, ctrl)
			if b.clip != "overdue" {
				t.Errorf("on the clipboard: %q", b.clip)
			}
			b.key(fyne.KeyX, ctrl)
			if one.Text != "" {
				t.Errorf("cut leaves %q", one.Text)
			}
			b.clip = "from elsewhere"
			b.key(fyne.KeyV, ctrl)
			b.key(fyne.KeyInsert, shift)
			if one.Text != "from elsewherefrom elsewhere" {
				t.Errorf("pasted %q", one.Text)
			}
			b.key(fyne.KeyZ, ctrl)
			undone := one.Text
			b.key(fyne.KeyY, ctrl)
			if undone == one.Text || one.Text != "from elsewherefrom elsewhere" {
				t.Errorf("undone %q, redone %q", undone, one.Text)
			}
			if got := b.app.Clipboard().Content(); got != "from elsewhere" {
				t.Errorf("the application reads %q", got)
			}
			b.app.Clipboard().SetContent("written")
			if b.clip != "written" || b.window.Clipboard().Content() != "written" || b.app.Driver().(interface{ Clipboard() fyne.Clipboard }).Clipboard().Content() != "written" {
				t.Errorf("%q", b.clip)
			}
		})
	})
	t.Run("Shift and arrows select", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			one, _, _, _, content := form()
			b := begin(t, 1, content, fyne.NewSize(400, 300))
			b.click(one, desktop.MouseButtonPrimary)
			b.write("due")
			b.handler.keyDown(desktop.KeyShiftLeft, 0, shift, false)
			b.handler.keyDown(fyne.KeyLeft, 0, shift, false)
			b.handler.keyDown(fyne.KeyLeft, 0, shift, true)
			b.handler.keyUp(desktop.KeyShiftLeft, 0, 0)
			b.settle()
			if one.SelectedText() != "ue" {
				t.Errorf("selected %q", one.SelectedText())
			}
			if b.app.driver.CurrentKeyModifiers() != 0 {
				t.Error("Shift is still held")
			}
		})
	})
	t.Run("commands of the window reach it, wherever the keyboard is, unless a field takes them", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			one, _, press, _, content := form()
			b := begin(t, 1, content, fyne.NewSize(400, 300))
			got := 0
			b.window.canvas.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.Key2, Modifier: ctrl}, func(fyne.Shortcut) { got++ })
			b.key(fyne.Key2, ctrl)
			b.window.canvas.Focus(press)
			b.key(fyne.Key2, ctrl)
			if got != 2 {
				t.Errorf("%d times", got)
			}
			keys := 0
			b.window.canvas.SetOnTypedKey(func(*fyne.KeyEvent) { keys++ })
			b.window.canvas.Focus(one)
			b.key(fyne.KeyEscape, 0)
			b.window.canvas.Unfocus()
			b.key(fyne.KeyEscape, 0)
			if keys != 1 {
				t.Errorf("the window was told of %d keys", keys)
			}
		})
	})
	t.Run("what is disabled can be copied from and not written to", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			one, _, _, _, content := form()
			one.SetText("kept")
			one.Disable()
			b := begin(t, 1, content, fyne.NewSize(400, 300))
			x, y := b.at(one)
			b.drag(x-192, y, x+150, y)
			b.window.canvas.Focus(one)
			b.key(fyne.KeyX, ctrl)
			b.key(fyne.KeyC, ctrl)
			if one.Text != "kept" || b.clip != "kept" {
				t.Errorf("%q, copied %q", one.Text, b.clip)
			}
		})
	})
}

func TestOverlays(t *testing.T) {
	t.Run("a dialog keeps the keyboard to itself and gives it back", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			below, one, two := widget.NewEntry(), widget.NewEntry(), widget.NewEntry()
			b := begin(t, 1.25, func() fyne.CanvasObject { return container.NewVBox(below) }, fyne.NewSize(500, 400))
			b.click(below, desktop.MouseButtonPrimary)
			over := widget.NewModalPopUp(container.NewVBox(one, two), b.window.canvas)
			over.Show()
			b.settle()
			b.right("with a dialog")
			for _, want := range []fyne.Focusable{one, two, one} {
				b.key(fyne.KeyTab, 0)
				if got := b.window.canvas.Focused(); got != want {
					t.Errorf("the keyboard is at %p, not %p", got, want)
				}
			}
			b.write("in front")
			x, y := b.at(below)
			b.clickAt(x, y, desktop.MouseButtonPrimary)
			if one.Text != "in front" || below.Text != "" || len(b.window.canvas.Overlays().List()) != 1 {
				t.Errorf("%q in front, %q below", one.Text, below.Text)
			}
			over.Hide()
			b.settle()
			b.write("below")
			if below.Text != "below" {
				t.Errorf("%q", below.Text)
			}
			b.right("without the dialog")
		})
	})
	t.Run("a click beside a pop-up closes it, and it stands where it was put", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := begin(t, 1, func() fyne.CanvasObject { return widget.NewLabel("below") }, fyne.NewSize(300, 200))
			words := widget.NewLabel("over")
			over := widget.NewPopUp(words, b.window.canvas)
			over.ShowAtPosition(fyne.NewPos(100, 80))
			b.settle()
			if at := b.app.driver.AbsolutePositionForObject(words); at.X < 100 || at.X > 110 || at.Y < 80 || at.Y > 90 {
				t.Errorf("it stands at %v", at)
			}
			b.right("with a pop-up")
			b.clickAt(10, 10, desktop.MouseButtonPrimary)
			if over.Visible() || b.window.canvas.Overlays().Top() != nil {
				t.Error("it stays")
			}
			b.right("without the pop-up")
		})
	})
	t.Run("places are counted from the window's corner", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			inner := widget.NewLabel("here")
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewWithoutLayout(container.NewWithoutLayout(inner)) }, fyne.NewSize(300, 200))
			b.window.SetPadded(false)
			inner.Move(fyne.NewPos(30, 40))
			if at := b.app.driver.AbsolutePositionForObject(inner); at != fyne.NewPos(30, 40) {
				t.Errorf("%v", at)
			}
			if at, size := b.window.canvas.InteractiveArea(); at != (fyne.Position{}) || size != b.window.canvas.Size() {
				t.Errorf("%v, %v", at, size)
			}
		})
	})
}

func TestMenu(t *testing.T) {
	t.Run("the right button opens a field's menu, which pastes, and a click beside it closes it", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e := widget.NewEntry()
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewVBox(e) }, fyne.NewSize(400, 300))
			b.clip = "pasted"
			b.click(e, desktop.MouseButtonSecondary)
			if b.window.canvas.Overlays().Top() == nil {
				t.Fatal("no menu")
			}
			b.right("with a menu")
			b.clickAt(390, 290, desktop.MouseButtonPrimary)
			if b.window.canvas.Overlays().Top() != nil {
				t.Fatal("it stays")
			}
			b.click(e, desktop.MouseButtonSecondary)
			for _, o := range b.window.canvas.trees() {
				walk(o, fyne.Position{}, everywhere, func(o fyne.CanvasObject, _ fyne.Position, _ room) bool {
					if w, ok := o.(*canvas.Text); ok && w.Text == "Paste" {
						b.click(w, desktop.MouseButtonPrimary)
						return true
					}
					return false
				})
			}
			if e.Text != "pasted" {
				t.Errorf("%q", e.Text)
			}
		})
	})
}
