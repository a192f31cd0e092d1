package ui

import (
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/app/software"
)

// TestWithoutOpenGL compares what the window shows where there is no OpenGL with what Fyne's own painter draws.
func TestWithoutOpenGL(t *testing.T) {
	t.Setenv("LANG", "en_US.UTF-8")
	school := func(t *testing.T) *screentest.Bench { t.Helper(); b := goldenBusy(t); smallSchool(b); return b }
	for _, c := range []struct {
		place  string
		bench  func(t *testing.T) *screentest.Bench
		look   string
		scales []float32
	}{
		{"overview", goldenBusy, screen.ThemeLight, []float32{1, 1.25, 2}},
		{"overview", goldenBench, screen.ThemeDark, []float32{1}},
		{"settings", goldenBusy, screen.ThemeLight, []float32{1, 1.5}},
		{"queue", goldenBusy, screen.ThemeDark, []float32{1}},
		{"notices", goldenNotices, screen.ThemeLight, []float32{1}},
		{"patrons", school, screen.ThemeLight, []float32{1, 1.5}},
		{"log", goldenBusy, screen.ThemeDark, []float32{1}},
	} {
		t.Run("what is drawn of "+c.place+", "+c.look, func(t *testing.T) {
			b := c.bench(t)
			w := open(t, b)
			w.appearance.SetTheme(c.look)
			w.setLook()
			relook(b)
			w.show(c.place)
			relook(b)
			for _, scale := range c.scales {
				w.window.Canvas().(test.WindowlessCanvas).SetScale(scale)
				w.setLook() // drawings are made for a scale
				arrange(w)
				drawnAlike(t, w, fmt.Sprintf("%s-%s-%v", c.place, c.look, scale))
			}
		})
	}
	t.Run("a panel over the window", func(t *testing.T) {
		b := school(t)
		w := open(t, b)
		relook(b)
		newPatronPanel(w, b.PatronByKey("1002"))
		relook(b)
		arrange(w)
		drawnAlike(t, w, "patron")
	})
}

// drawnAlike compares the two pictures of a window. Each step of blending rounds, so a little is no difference.
func drawnAlike(t *testing.T, w *Window, name string) {
	t.Helper()
	const little = 4
	wanted, ok := w.window.Canvas().Capture().(*image.NRGBA)
	got := software.Picture(w.window.Canvas())
	if !ok || wanted.Bounds() != got.Bounds() {
		t.Fatalf("%s: %v, not %v", name, got.Bounds(), wanted.Bounds())
	}
	faults := cutWrongly(w.window.Canvas())
	off, where := 0, image.Rectangle{}
	for n, p := range got.Pix {
		if d := int(p) - int(wanted.Pix[n]); d > little || d < -little {
			at := image.Pt(n%got.Stride/4, n/got.Stride)
			if !slices.ContainsFunc(faults, at.In) {
				off++
				where = where.Union(image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))})
			}
		}
	}
	if off == 0 {
		return
	}
	t.Errorf("%s: %d differ, in %v", name, off, where)
	folder := os.Getenv("SMTP_GATEWAY_SHOTS")
	if folder == "" {
		return
	}
	for suffix, i := range map[string]image.Image{"wanted": wanted, "got": got} {
		f, err := os.Create(filepath.Join(folder, name+"-"+suffix+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, i); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
}

// cutWrongly is where Fyne's painter is known to err: a box with a line or round corners that begins to the left of the
// room it is seen in, or above, is moved into that room, so that it is wrong along its edges; what is in a room that sticks
// out of another room below is shown; and a line of one point is two pixels thick where a point is little more than one.
func cutWrongly(c fyne.Canvas) (wrong []image.Rectangle) {
	px := func(v float32) int { return int(math.Ceil(float64(v * c.Scale()))) }
	var visit func(o fyne.CanvasObject, at fyne.Position, seen box)
	visit = func(o fyne.CanvasObject, at fyne.Position, seen box) {
		if o == nil || !o.Visible() {
			return
		}
		at = at.Add(o.Position())
		inside := []fyne.CanvasObject{}
		switch x := o.(type) {
		case *fyne.Container:
			inside = x.Objects
		case fyne.Widget:
			r := test.WidgetRenderer(x)
			inside = r.Objects()
			_, scrolls := x.(fyne.Scrollable)
			if _, clips := r.(interface{ IsClip() }); clips || scrolls {
				own := boxAt(at, x.Size())
				if own.low > seen.low { // a room in a room shows beyond it
					wrong = append(wrong, image.Rect(px(own.x), px(seen.low), px(own.right), px(own.low)))
				}
				seen = seen.meet(own)
			}
		case *canvas.Rectangle:
			fat := px(1) != int(math.Round(float64(c.Scale())))
			if s := x.Size(); fat && x.StrokeWidth == 0 && x.CornerRadius == 0 && (s.Width <= 1 || s.Height <= 1) {
				wrong = append(wrong, image.Rect(px(at.X), px(at.Y), px(at.X)+px(s.Width), px(at.Y)+px(s.Height)))
				return
			}
			edge := x.StrokeWidth + 2
			moved := max(seen.x-at.X+edge, seen.y-at.Y+edge)
			if moved <= 0 || x.StrokeWidth == 0 && x.CornerRadius == 0 {
				return
			}
			thick := edge + x.CornerRadius + moved
			l, t, r, b := px(at.X-edge), px(at.Y-edge), px(at.X+x.Size().Width+edge), px(at.Y+x.Size().Height+edge)
			wrong = append(wrong, image.Rect(l, t, r, t+px(thick)), image.Rect(l, b-px(thick), r, b),
				image.Rect(l, t, l+px(thick), b), image.Rect(r-px(thick), t, r, b))
		}
		for _, i := range inside {
			visit(i, at, seen)
		}
	}
	for _, o := range append([]fyne.CanvasObject{c.Content()}, c.Overlays().List()...) {
		visit(o, fyne.Position{}, box{right: math.MaxInt32, low: math.MaxInt32})
	}
	return wrong
}
