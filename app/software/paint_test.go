package software

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

func TestPicture(t *testing.T) {
	t.Run("a box that is stretched is as one drawn whole, at every size and scale", func(t *testing.T) {
		freshBase()
		r := rand.New(rand.NewPCG(7, 7))
		for _, scale := range []float32{1, 1.1, 1.25, 1.5, 1.75, 2, 3} {
			for range 12 {
				box := canvas.NewRectangle(color.NRGBA{R: 30, G: 90, B: 200, A: uint8(r.IntN(2)*155 + 100)})
				box.StrokeColor, box.StrokeWidth = color.NRGBA{R: 200, A: 255}, float32(r.IntN(3))
				box.CornerRadius = float32(r.IntN(10))
				box.Resize(fyne.NewSize(20+float32(r.IntN(600))/2, 20+float32(r.IntN(400))/2))
				if box.StrokeWidth == 0 && box.CornerRadius == 0 {
					continue
				}
				c := &collector{scale: scale, whole: image.Rect(0, 0, 2000, 2000)}
				c.visit(box, fyne.NewPos(10, 10), everywhere)
				i := c.items[0]
				onto := image.NewRGBA(c.whole)
				(&album{}).of(i).put(onto, i.at, i.seen)
				whole := paint(box, scale, i.at.Size())
				for y := range i.at.Dy() {
					for x := range i.at.Dx() {
						if got, want := onto.RGBAAt(i.at.Min.X+x, i.at.Min.Y+y), whole.RGBAAt(x, y); far(got, want) {
							t.Fatalf("at %v, %v with line %v and corner %v: %v, not %v, at %d, %d", scale, box.Size(), box.StrokeWidth, box.CornerRadius, got, want, x, y)
						}
					}
				}
			}
		}
	})
	t.Run("pictures are kept, but never too many", func(t *testing.T) {
		freshBase()
		c := &collector{scale: 1, whole: image.Rect(0, 0, 2000, 2000)}
		a := &album{}
		for n := range 1500 {
			words := canvas.NewText(fmt.Sprint(n, strings.Repeat(" overdue", 12)), color.Black)
			words.Resize(words.MinSize())
			c.items = nil
			c.visit(words, fyne.Position{}, everywhere)
			p := a.of(c.items[0])
			if a.of(c.items[0]) != p {
				t.Fatal("painted twice")
			}
			a.tidy()
			if a.bytes > albumRoom {
				t.Fatalf("%d bytes after %d", a.bytes, n)
			}
		}
		sum := 0
		for _, p := range a.pictures {
			sum += len(p.img.Pix)
		}
		if sum != a.bytes || len(a.pictures) == 1500 {
			t.Errorf("%d bytes counted, %d there, %d pictures", a.bytes, sum, len(a.pictures))
		}
	})
	t.Run("an image that is drawn into is shown as it is then", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			pixels := image.NewRGBA(image.Rect(0, 0, 20, 20))
			i := canvas.NewImageFromImage(pixels)
			i.SetMinSize(fyne.NewSize(20, 20))
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewCenter(i) }, fyne.NewSize(100, 100))
			for n := range pixels.Pix {
				pixels.Pix[n] = 255
			}
			i.Refresh()
			b.settle()
			if c := b.shown.RGBAAt(50, 50); c.G != 255 || c.R != 255 {
				t.Errorf("%v", c)
			}
		})
	})
}

// far tells whether somebody might see that two colours differ. Curves are drawn in steps, which fall otherwise.
func far(a, b color.RGBA) bool {
	const little = 8
	off := func(a, b uint8) bool { return int(a)-int(b) > little || int(b)-int(a) > little }
	return off(a.R, b.R) || off(a.G, b.G) || off(a.B, b.B) || off(a.A, b.A)
}

func TestDamage(t *testing.T) {
	t.Run("whatever comes, goes, moves, or changes its place in the order, what is shown is right", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			all := container.NewWithoutLayout()
			b := begin(t, 1.25, func() fyne.CanvasObject { return all }, fyne.NewSize(400, 300))
			r := rand.New(rand.NewPCG(1, 2))
			for round := range 150 {
				switch n := len(all.Objects); {
				case n < 5 || r.IntN(3) == 0 && n < 30:
					all.Add(anything(r))
				case r.IntN(3) == 0:
					all.Remove(all.Objects[r.IntN(n)])
				case r.IntN(2) == 0:
					all.Objects[r.IntN(n)].Move(fyne.NewPos(float32(r.IntN(350)), float32(r.IntN(250))))
				default:
					i, j := r.IntN(n), r.IntN(n)
					all.Objects[i], all.Objects[j] = all.Objects[j], all.Objects[i]
					b.window.canvas.SetDirty()
				}
				b.settle()
				b.right(fmt.Sprint("round ", round))
				if t.Failed() {
					return
				}
			}
		})
	})
	t.Run("the parts shown anew are few, and all that changed is in them", func(t *testing.T) {
		var parts rectangles
		r := rand.New(rand.NewPCG(3, 4))
		var want []image.Rectangle
		for range 200 {
			p := image.Rect(0, 0, 1+r.IntN(40), 1+r.IntN(40)).Add(image.Pt(r.IntN(1000), r.IntN(700)))
			parts.add(p)
			want = append(want, p)
		}
		if len(parts) > most {
			t.Errorf("%d parts", len(parts))
		}
		for _, w := range want {
			covered := false
			for _, p := range parts {
				covered = covered || w.In(p)
			}
			if !covered {
				t.Errorf("%v is in none of %v", w, parts)
			}
		}
	})
}

func anything(r *rand.Rand) fyne.CanvasObject {
	c := color.NRGBA{R: uint8(r.IntN(256)), G: uint8(r.IntN(256)), B: uint8(r.IntN(256)), A: uint8(128 + r.IntN(128))}
	var o fyne.CanvasObject
	switch r.IntN(5) {
	case 0:
		o = canvas.NewText(strings.Repeat("due ", 1+r.IntN(4)), c)
	case 1:
		o = canvas.NewCircle(c)
	case 2:
		line := canvas.NewLine(c)
		line.StrokeWidth = 2
		o = line
	case 3:
		box := canvas.NewRectangle(c)
		box.CornerRadius = 5
		o = box
	default:
		o = canvas.NewRectangle(c)
	}
	o.Resize(fyne.NewSize(10+float32(r.IntN(90)), 10+float32(r.IntN(60))))
	o.Move(fyne.NewPos(float32(r.IntN(350)), float32(r.IntN(250))))
	return o
}
