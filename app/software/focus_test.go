package software

import (
	"testing"
	"testing/synctest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

func TestFocus(t *testing.T) {
	t.Run("only what is shown and can be used takes the keyboard", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			shown, off := widget.NewEntry(), widget.NewButton("off", nil)
			hidden, elsewhere := widget.NewEntry(), widget.NewEntry()
			off.Disable()
			page := container.NewVBox(hidden)
			page.Hide()
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewVBox(shown, off, page) }, fyne.NewSize(300, 200))
			c := b.window.canvas
			c.Focus(shown)
			for _, o := range []fyne.Focusable{off, hidden, elsewhere} {
				c.Focus(o)
				if c.Focused() != shown {
					t.Errorf("%p has the keyboard", c.Focused())
				}
			}
			c.FocusNext()
			if c.Focused() != shown {
				t.Error("Tab goes to what is hidden or switched off")
			}
		})
	})
	t.Run("what had the keyboard keeps it when something is put beside it", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e := widget.NewEntry()
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewVBox(e) }, fyne.NewSize(300, 200))
			b.window.canvas.Focus(e)
			b.window.SetContent(container.NewVBox(widget.NewLabel("new"), e))
			b.settle()
			if b.window.canvas.Focused() != e {
				t.Error("lost")
			}
		})
	})
}
