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
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

func TestTogether(t *testing.T) {
	t.Run("a thing that changed without telling is right in the next picture", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			r := canvas.NewRectangle(color.Black)
			x := canvas.NewText("a", color.Black)
			l := widget.NewLabel("z")
			b := begin(t, 1.5, func() fyne.CanvasObject { return container.NewVBox(container.NewStack(r, x), l) }, fyne.NewSize(200, 200))
			r.FillColor = color.White
			x.Text = "longer"
			l.SetText("q")
			b.settle()
			b.right("after")
			if c := b.shown.RGBAAt(150, 10); c.R != 255 {
				t.Errorf("%v", c)
			}
		})
	})
	t.Run("a password is neither copied nor cut", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e := widget.NewPasswordEntry()
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewVBox(e) }, fyne.NewSize(300, 200))
			b.window.canvas.Focus(e)
			b.write("secret")
			b.key(fyne.KeyA, ctrl)
			b.key(fyne.KeyC, ctrl)
			b.key(fyne.KeyX, ctrl)
			if b.clip != "" || e.Text != "secret" {
				t.Errorf("copied %q, left %q", b.clip, e.Text)
			}
		})
	})
	t.Run("a dialog stays right while the window grows, is enlarged and turns dark, and the window closes under it", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := begin(t, 1.25, func() fyne.CanvasObject { return widget.NewLabel("x") }, fyne.NewSize(400, 300))
			d := dialog.NewConfirm("T", "sure?", func(bool) {}, b.window)
			d.Show()
			b.settle()
			b.right("dialog")
			b.handler.resized(900, 700)
			b.settle()
			b.right("dialog resized")
			b.handler.rescaled(1.5)
			b.settle()
			b.right("dialog rescaled")
			b.app.settings.setVariant(theme.VariantDark)
			b.settle()
			b.right("dialog dark")
			b.handler.closeAsked()
			if !b.closed {
				t.Error("open")
			}
		})
	})
	t.Run("what others want done while the edge is drawn about is done, and shown", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := widget.NewLabel("x")
			b := begin(t, 1.25, func() fyne.CanvasObject { return container.NewVBox(l, widget.NewEntry()) }, fyne.NewSize(400, 300))
			go func() {
				for range 30 {
					fyne.DoAndWait(func() { fyne.DoAndWait(func() { l.SetText(l.Text + "y") }) })
				}
			}()
			for i := range 60 {
				b.handler.resized(500+i, 400-i)
				<-time.After(10 * time.Millisecond)
				select {
				case <-b.wakes:
					b.handler.work()
				default:
				}
			}
			b.settle()
			if len(l.Text) != 31 {
				t.Error(l.Text)
			}
			b.right("after")
		})
	})
	t.Run("emoji and letters of every direction are shown, selected and scrolled", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := widget.NewLabel("😀 図書館 שלום مرحبا é")
			i := widget.NewMultiLineEntry()
			i.Wrapping = fyne.TextWrapWord
			i.SetText(strings.Repeat("😀 図書館 due ", 30))
			b := begin(t, 1.75, func() fyne.CanvasObject { return container.NewBorder(l, nil, nil, nil, i) }, fyne.NewSize(300, 200))
			b.right("first")
			b.click(i, desktop.MouseButtonPrimary)
			b.later(time.Second)
			b.key(fyne.KeyA, ctrl)
			b.right("selected")
			b.handler.wheel(0, -3, 0)
			b.settle()
			b.right("scrolled")
		})
	})
	t.Run("the wheel moves nothing behind a pop-up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			rows := container.NewVBox()
			for range 40 {
				rows.Add(widget.NewLabel("x"))
			}
			s := container.NewVScroll(rows)
			b := begin(t, 1, func() fyne.CanvasObject { return s }, fyne.NewSize(300, 200))
			p := widget.NewPopUp(widget.NewLabel("p"), b.window.canvas)
			p.ShowAtPosition(fyne.NewPos(20, 20))
			b.settle()
			b.handler.moved(200, 150, 0)
			b.handler.wheel(0, -3, 0)
			if s.Offset.Y != 0 {
				t.Error("scrolled behind")
			}
		})
	})
	t.Run("a list is right after every move of mouse, keys and wheel", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := widget.NewList(func() int { return 500 }, func() fyne.CanvasObject {
				return container.NewHBox(widget.NewIcon(theme.HomeIcon()), widget.NewLabel(""))
			},
				func(i int, o fyne.CanvasObject) {
					icon := theme.HomeIcon()
					if i%2 == 1 {
						icon = theme.CancelIcon()
					}
					row := o.(*fyne.Container).Objects
					row[0].(*widget.Icon).SetResource(icon)
					row[1].(*widget.Label).SetText(strings.Repeat("r", i%20))
				})
			b := begin(t, 1.25, func() fyne.CanvasObject { return l }, fyne.NewSize(300, 200))
			b.window.canvas.Focus(l)
			for i := range 40 {
				b.handler.moved(50+i, 30+i*3, 0)
				b.handler.keyDown(fyne.KeyDown, 0, 0, i%3 != 0)
				b.handler.wheel(0, float32(-i%5), 0)
				b.settle()
				b.right("list")
				if t.Failed() {
					return
				}
			}
		})
	})
}
