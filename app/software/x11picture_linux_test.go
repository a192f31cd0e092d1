package software

import (
	"encoding/binary"
	"image"
	"strings"
	"testing"

	"github.com/jezek/xgb/xproto"
)

// randomPicture has as many colours as dots.
func randomPicture(size image.Point) *image.RGBA {
	p := image.NewRGBA(image.Rectangle{Max: size})
	v := uint32(1)
	for i := 0; i < len(p.Pix); i += 4 {
		v = v*1664525 + 1013904223
		p.Pix[i], p.Pix[i+1], p.Pix[i+2], p.Pix[i+3] = byte(v>>24), byte(v>>16), byte(v>>8), 0xff
	}
	return p
}

func TestX11Picture(t *testing.T) {
	for _, depth := range []string{"24", "16", "30"} {
		t.Run("each dot has its colour on a display of "+depth+" bits", func(t *testing.T) {
			xDisplay(t, "-screen", "0", "1280x800x"+depth)
			w := openX11(t, opening{title: "picture", class: "picture", width: 1100, height: 700})
			picture := randomPicture(image.Pt(1100, 700))
			w.do(func() { w.n.present(picture, []image.Rectangle{picture.Rect}) })
			compare(t, w, picture)
			other := randomPicture(image.Pt(1100, 700))
			for i := range other.Pix {
				other.Pix[i] ^= 0xff
			}
			part := image.Rect(300, 200, 303, 205)
			w.do(func() {
				w.n.present(other, []image.Rectangle{part, image.Rect(1090, 690, 3000, 3000), image.Rect(-9, -9, 1, 1)})
			})
			for _, r := range []image.Rectangle{part, image.Rect(1090, 690, 1100, 700), image.Rect(0, 0, 1, 1)} {
				for y := r.Min.Y; y < r.Max.Y; y++ {
					copy(picture.Pix[picture.PixOffset(r.Min.X, y):picture.PixOffset(r.Max.X-1, y)+4], other.Pix[other.PixOffset(r.Min.X, y):])
				}
			}
			compare(t, w, picture)
		})
	}
	t.Run("a display of few colours is said no to in words", func(t *testing.T) {
		xDisplay(t, "-screen", "0", "640x480x8", "-extension", "COMPOSITE")
		err := newNative().open(opening{width: 10, height: 10}, nil)
		if err == nil || !strings.Contains(err.Error(), "8 bits of colour") {
			t.Errorf("%v", err)
		}
	})
}

// compare asks the server what the window shows.
func compare(t *testing.T, w *watched, want *image.RGBA) {
	t.Helper()
	f := w.n.format
	var shown []byte
	w.do(func() {
		got, err := xproto.GetImage(w.n.conn, xproto.ImageFormatZPixmap, xproto.Drawable(w.n.id), 0, 0, uint16(want.Rect.Dx()), uint16(want.Rect.Dy()), 0xffffffff).Reply()
		if err != nil {
			t.Error(err)
			return
		}
		shown = got.Data
	})
	wrong := 0
	for i := 0; i < len(want.Pix) && i/4*f.bytes+f.bytes <= len(shown); i += 4 {
		at := shown[i/4*f.bytes:]
		v := uint32(binary.LittleEndian.Uint16(at))
		if f.bytes == 4 {
			v = binary.LittleEndian.Uint32(at)
		}
		for j, c := range []channel{f.red, f.green, f.blue} {
			if byte(v>>c.shift)<<c.drop>>c.drop != want.Pix[i+j]>>c.drop {
				wrong++
			}
		}
	}
	if len(shown) < len(want.Pix)/4*f.bytes || wrong > 0 {
		t.Errorf("%d bytes shown, %d of %d dots have another colour", len(shown), wrong, len(want.Pix)/4)
	}
}

func BenchmarkX11Present(b *testing.B) {
	number, _ := serveX(b, "Xvfb", "-displayfd", "3", "-nolisten", "tcp", "-noreset", "-extension", "GLX")
	b.Setenv("DISPLAY", ":"+number)
	b.Setenv("XAUTHORITY", "/dev/null")
	n := newNative().(*x11)
	if err := n.open(opening{width: 1100, height: 700}, nil); err != nil {
		b.Fatal(err)
	}
	defer n.close()
	xproto.MapWindow(n.conn, n.id)
	picture := randomPicture(image.Pt(1100, 700))
	for b.Loop() {
		n.present(picture, []image.Rectangle{picture.Rect})
		if _, err := xproto.GetInputFocus(n.conn).Reply(); err != nil { // there and back
			b.Fatal(err)
		}
	}
}
