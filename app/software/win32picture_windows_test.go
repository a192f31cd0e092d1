package software

import (
	"image"
	"image/color"
	"image/draw"
	"slices"
	"strings"
	"testing"
)

func TestWin32Turned(t *testing.T) {
	picture := filled(3, 3, color.RGBA{1, 2, 3, 255})
	picture.SetRGBA(1, 1, color.RGBA{10, 20, 30, 255})
	picture.SetRGBA(2, 2, color.RGBA{40, 50, 60, 255})
	room := make([]byte, 100)
	got := turned(room, picture, image.Rect(1, 1, 3, 3))
	if want := []byte{30, 20, 10, 255, 3, 2, 1, 255, 3, 2, 1, 255, 60, 50, 40, 255}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if &got[0] != &room[0] {
		t.Error("the room was not used again")
	}
}

// colour is what the window shows at a place.
func (n *win32) colour(x, y int) color.RGBA {
	dc := getDC.call(n.handle)
	defer releaseDC.call(n.handle, dc)
	v := getPixel.call(dc, uintptr(x), uintptr(y))
	return color.RGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), 255}
}

func TestWin32Present(t *testing.T) {
	// What is presented is in the window at once, in its own colours.
	red, blue := color.RGBA{R: 200, G: 30, B: 10, A: 255}, color.RGBA{R: 10, G: 30, B: 200, A: 255}
	n, d := opened(t)
	n.show()
	n.pump()
	if !strings.Contains(d.since(), "exposed (0,0)-(400,300)") {
		t.Error("the whole picture is not asked for")
	}
	n.present(filled(400, 300, red), []image.Rectangle{image.Rect(0, 0, 400, 300)})
	for _, p := range []image.Point{{0, 0}, {399, 0}, {0, 299}, {399, 299}} {
		if got := n.colour(p.X, p.Y); got != red {
			t.Errorf("at %v: %v", p, got)
		}
	}
	frame := filled(400, 300, red) // of which only the parts are drawn, as far as they lie in it
	draw.Draw(frame, image.Rect(100, 100, 200, 150), image.NewUniform(blue), image.Point{}, draw.Src)
	n.present(frame, []image.Rectangle{image.Rect(100, 100, 150, 150), image.Rect(-10, -10, 5, 5), image.Rect(500, 500, 600, 600)})
	for p, want := range map[image.Point]color.RGBA{{100, 100}: blue, {149, 149}: blue, {150, 149}: red, {99, 100}: red, {100, 150}: red, {0, 0}: red} {
		if got := n.colour(p.X, p.Y); got != want {
			t.Errorf("at %v: %v, not %v", p, got, want)
		}
	}
}

func BenchmarkWin32Present(b *testing.B) {
	n := &win32{}
	if err := n.open(opening{title: "A benchmark", width: 1100, height: 700, class: "smtpgateway.test"}, &diary{}); err != nil {
		b.Skipf("no window can be opened here: %v", err)
	}
	defer n.close()
	n.show()
	n.pump()
	frame := filled(1100, 700, color.RGBA{R: 200, A: 255})
	for b.Loop() {
		n.present(frame, []image.Rectangle{frame.Rect})
	}
}
