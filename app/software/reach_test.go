package software

import (
	"image"
	"strings"
	"testing"
	"testing/synctest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

func TestReach(t *testing.T) {
	t.Run("a hand that shakes still presses what stands on a page that scrolls", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			pressed := 0
			press := widget.NewButton("Save", func() { pressed++ })
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewVScroll(container.NewVBox(press)) }, fyne.NewSize(300, 200))
			x, y := b.at(press)
			b.drag(x, y, x+6, y+3)
			if pressed != 1 {
				t.Errorf("pressed %d times", pressed)
			}
		})
	})
	t.Run("the wheel scrolls the page where what lies under the mouse is at its end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			field := widget.NewEntry()
			words := widget.NewMultiLineEntry()
			words.SetText(strings.Repeat("overdue\n", 30))
			rows := container.NewVBox(field, words)
			for range 50 {
				rows.Add(widget.NewLabel("due"))
			}
			page := container.NewVScroll(rows)
			b := begin(t, 1, func() fyne.CanvasObject { return page }, fyne.NewSize(300, 300))
			x, y := b.at(field)
			b.handler.moved(x, y, 0)
			b.handler.wheel(0, -1, 0)
			b.settle()
			if page.Offset.Y != 25 {
				t.Errorf("over a field of one line the page stands at %v", page.Offset.Y)
			}
			page.ScrollToTop()
			x, y = b.at(words)
			b.handler.moved(x, y, 0)
			b.handler.wheel(0, -1, 0)
			if page.Offset.Y != 0 {
				t.Error("the page moves before what lies in it is at its end")
			}
			for range 200 {
				b.handler.wheel(0, -1, 0)
			}
			if page.Offset.Y == 0 {
				t.Error("the page does not move")
			}
			b.settle()
			b.right("after the wheel")
		})
	})
	t.Run("letters and page keys reach nothing that is hidden", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e := widget.NewEntry()
			page := container.NewVBox(e)
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewStack(page, widget.NewLabel("other")) }, fyne.NewSize(300, 200))
			b.window.canvas.Focus(e)
			page.Hide()
			b.settle()
			b.write("secret")
			if e.Text != "" {
				t.Errorf("%q went where nobody sees it", e.Text)
			}
		})
	})
	t.Run("a menu shown again after the window grew still closes by a click beside it", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := begin(t, 1, func() fyne.CanvasObject { return widget.NewLabel("x") }, fyne.NewSize(300, 200))
			menu := widget.NewPopUpMenu(fyne.NewMenu("", fyne.NewMenuItem("Copy", nil)), b.window.canvas)
			menu.ShowAtPosition(fyne.NewPos(10, 10))
			b.settle()
			menu.Hide()
			b.handler.resized(600, 400)
			b.settle()
			menu.ShowAtPosition(fyne.NewPos(10, 10))
			b.settle()
			b.clickAt(590, 390, desktop.MouseButtonPrimary)
			if b.window.canvas.Overlays().Top() != nil {
				t.Error("it stays")
			}
		})
	})
	t.Run("a page that was away while the scale changed is sharp when it comes back", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			i := canvas.NewImageFromResource(theme.HomeIcon())
			i.SetMinSize(fyne.NewSize(40, 40))
			page := container.NewHBox(i)
			b := begin(t, 1, func() fyne.CanvasObject { return page }, fyne.NewSize(200, 100))
			b.window.SetContent(widget.NewLabel("elsewhere"))
			b.handler.resized(400, 200)
			b.handler.rescaled(2)
			b.settle()
			b.window.SetContent(page)
			b.settle()
			if i.Image.Bounds().Dx() < 80 {
				t.Errorf("%v", i.Image.Bounds())
			}
		})
	})
	t.Run("a line of one point is one pixel until there is room for two", func(t *testing.T) {
		freshBase()
		for _, way := range []struct {
			scale float32
			want  int
		}{{1, 1}, {1.25, 1}, {1.5, 2}, {1.75, 2}, {2, 2}, {3, 3}} {
			for _, y := range []float32{10, 11, 12.4, 13} {
				line := canvas.NewRectangle(theme.Color(theme.ColorNameForeground))
				line.Resize(fyne.NewSize(100, 1))
				c := &collector{scale: way.scale, whole: image.Rect(0, 0, 500, 500)}
				c.visit(line, fyne.NewPos(5, y), everywhere)
				if got := c.items[0].at.Dy(); got != way.want {
					t.Errorf("at %v: %d, not %d", way.scale, got, way.want)
				}
			}
		}
	})
	t.Run("the mouse may leave the window while it drags, and what it dragged is let go of", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := widget.NewSlider(0, 100)
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewVBox(s) }, fyne.NewSize(300, 200))
			_, y := b.at(s)
			b.handler.moved(20, y, 0)
			b.handler.pressed(desktop.MouseButtonPrimary, 20, y, 0)
			for x := 20; x < 340; x += 10 {
				if x == 300 {
					b.handler.left()
				}
				b.handler.moved(x, y, 0)
			}
			b.handler.released(desktop.MouseButtonPrimary, 340, y, 0)
			if s.Value != 100 {
				t.Errorf("%v", s.Value)
			}
			b.handler.moved(150, y, 0)
			if s.Value != 100 {
				t.Error("it is still held")
			}
			b.settle()
			b.right("after dragging")
		})
	})
}
