package software

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/driver/desktop"
	"github.com/jezek/xgb/xfixes"
	"github.com/jezek/xgb/xproto"
)

func TestX11Window(t *testing.T) {
	xDisplay(t)
	windowManager(t)
	icon := image.NewNRGBA(image.Rect(0, 0, 256, 256))
	for i := range icon.Pix {
		icon.Pix[i] = 0x80
	}
	w := openX11(t, opening{title: "Bücher – 📚", class: "org.example.books", icon: icon, width: 400, height: 300})
	w.until("focused true")
	id := strconv.Itoa(int(w.n.id))
	has := func(t *testing.T, property, want string) {
		t.Helper()
		var is string
		for late := time.After(patience); !strings.Contains(is, want); {
			select {
			case <-late:
				t.Fatalf("waited in vain for %s, it is %s", want, is)
			default:
				is = x(t, "xprop", "-id", id, property)
			}
		}
	}

	t.Run("the window manager knows what it is", func(t *testing.T) {
		for property, want := range map[string]string{
			"_NET_WM_NAME": `"Bücher – 📚"`, "WM_NAME": `"Bücher ? ?"`, "WM_CLASS": `"org.example.books", "org.example.books"`,
			"_NET_WM_PID": "= " + strconv.Itoa(os.Getpid()), "WM_PROTOCOLS": "WM_DELETE_WINDOW, _NET_WM_PING", "_NET_WM_WINDOW_TYPE": "_NET_WM_WINDOW_TYPE_NORMAL",
		} {
			has(t, property, want)
		}
		var picture []uint32
		w.do(func() { picture = w.n.numbers(w.n.id, w.n.atom("_NET_WM_ICON"), xproto.AtomCardinal) })
		if len(picture) != 6*2+16*16+24*24+32*32+48*48+64*64+128*128 || picture[0] != 16 || picture[2] != 0x80808080 {
			t.Errorf("icon: %d numbers, %x", len(picture), picture[:3])
		}
	})
	t.Run("its title changes", func(t *testing.T) {
		w.do(func() { w.n.setTitle("Ausleihe") })
		has(t, "_NET_WM_NAME", `"Ausleihe"`)
	})
	t.Run("the person makes it larger, but not smaller than its content", func(t *testing.T) {
		w.do(func() { w.n.setMinSize(320, 200) })
		x(t, "xdotool", "windowsize", id, "500", "350")
		w.until("resized 500 350")
		has(t, "WM_NORMAL_HINTS", "minimum size: 320 by 200")
		x(t, "xdotool", "windowsize", id, "100", "100")
		w.until("resized 320 200")
		w.do(func() { w.n.resize(640, 480) })
		w.until("resized 640 480")
	})
	t.Run("it comes no larger than the screen has room for", func(t *testing.T) {
		w.do(func() { w.n.resize(5000, 4000) })
		w.until("resized 1280 992")
		w.do(func() { w.n.resize(400, 300) })
		w.until("resized 400 300")
	})
	t.Run("it stands in the middle", func(t *testing.T) {
		w.do(func() { w.n.center() })
		untilX(t, "the middle", func() bool {
			var at *xproto.TranslateCoordinatesReply
			w.do(func() { at, _ = xproto.TranslateCoordinates(w.n.conn, w.n.id, w.n.screen.Root, 200, 150).Reply() })
			return at != nil && at.DstX > 640-20 && at.DstX < 640+20 && at.DstY > 512-40 && at.DstY < 512+40
		})
	})
	t.Run("minimised it is told so, and brought to the front it is back", func(t *testing.T) {
		x(t, "xdotool", "windowminimize", id)
		w.until("shown false")
		w.do(func() { w.n.raise() })
		w.all("shown true", "exposed", "focused true")
	})
	t.Run("what was covered is drawn again", func(t *testing.T) {
		above := openX11(t, opening{title: "above", class: "above", width: 500, height: 400})
		above.do(func() { above.n.center() })
		w.until("shown false")
		w.do(func() { w.n.raise() })
		w.all("shown true", "exposed", "focused true")
		above.until("focused false")
	})
	t.Run("mouse, buttons and wheel", func(t *testing.T) {
		x(t, "xdotool", "mousemove", "--window", id, "40", "50", "click", "1", "click", "3", "click", "2", "click", "4", "click", "5", "click", "6", "click", "7")
		for _, want := range []string{
			"moved 40 50 0", "pressed 1 40 50 0", "released 1 40 50 0", "pressed 2 40 50 0", "released 2", "pressed 4 40 50 0", "released 4",
			"wheel 0 1 0", "wheel 0 -1 0", "wheel 1 0 0", "wheel -1 0 0",
		} {
			w.until(want)
		}
		x(t, "xdotool", "keydown", "ctrl", "click", "4", "keyup", "ctrl")
		w.until("wheel 0 1 2")
		x(t, "xdotool", "mousedown", "1", "mousemove", "--window", id, "--", "-30", "50")
		told := strings.Join(w.until("moved -30 50 0"), " ")
		x(t, "xdotool", "mouseup", "1")
		if told += strings.Join(w.until("released 1 -30 50 0"), " "); strings.Contains(told, "left") {
			t.Errorf("a drag ended at the edge: %s", told)
		}
		w.until("left")
	})
	t.Run("the mouse looks as it should", func(t *testing.T) {
		x(t, "xdotool", "mousemove", "--window", id, "100", "100")
		w.until("moved 100 100")
		seen := map[string]desktop.Cursor{}
		for _, c := range []desktop.Cursor{desktop.DefaultCursor, desktop.TextCursor, desktop.PointerCursor, desktop.CrosshairCursor, desktop.HResizeCursor, desktop.VResizeCursor, desktop.HiddenCursor} {
			w.do(func() {
				w.n.setCursor(c)
				const fixes = "XFIXES" // not by Init, which writes where the connection reads
				there, err := xproto.QueryExtension(w.n.conn, uint16(len(fixes)), fixes).Reply()
				if err != nil {
					t.Fatal(err)
				}
				w.n.conn.ExtLock.Lock()
				w.n.conn.Extensions[fixes] = there.MajorOpcode
				w.n.conn.ExtLock.Unlock()
				if _, err := xfixes.QueryVersion(w.n.conn, 4, 0).Reply(); err != nil {
					t.Fatal(err)
				}
				picture, err := xfixes.GetCursorImage(w.n.conn).Reply()
				if err != nil {
					t.Fatal(err)
				}
				if other, twice := seen[fmt.Sprint(picture.CursorImage)]; twice {
					t.Errorf("%v looks like %v", c, other)
				}
				seen[fmt.Sprint(picture.CursorImage)] = c
			})
		}
	})
	t.Run("the scale follows the desktop", func(t *testing.T) {
		xrdb := func(text string) {
			w.do(func() {
				xproto.ChangeProperty(w.n.conn, xproto.PropModeReplace, w.n.screen.Root, xproto.AtomResourceManager, xproto.AtomString, 8, uint32(len(text)), []byte(text))
			})
		}
		xrdb("*foo:\tbar\nXft.dpi:\t144\n")
		w.until("rescaled 1.5")
		w.until("resized 600 450")
		xrdb("Xft.dpi: nonsense\n")
		w.until("rescaled 1")
	})
	t.Run("the person closes it", func(t *testing.T) {
		x(t, "xdotool", "key", "alt+F4")
		w.until("close")
	})
}

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

func TestX11Display(t *testing.T) {
	t.Run("without a display it says so", func(t *testing.T) {
		t.Setenv("DISPLAY", "")
		if err := newNative().open(opening{}, nil); err == nil || !strings.Contains(err.Error(), "no display here") {
			t.Errorf("%v", err)
		}
		t.Setenv("DISPLAY", ":4711")
		if err := newNative().open(opening{}, nil); err == nil || !strings.Contains(err.Error(), ":4711 cannot be reached") {
			t.Errorf("%v", err)
		}
	})
	t.Run("a display with a lock is opened with its key, and not without", func(t *testing.T) {
		folder := t.TempDir()
		key := bytes.Repeat([]byte{7}, 16)
		entry := func(key []byte) string {
			host, err := os.Hostname()
			if err != nil {
				t.Fatal(err)
			}
			b := []byte{1, 0} // this machine
			for _, s := range []string{host, "", "MIT-MAGIC-COOKIE-1", string(key)} {
				b = append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...)
			}
			path := folder + "/" + fmt.Sprintf("%x", key[0])
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		xDisplay(t, "-auth", entry(key))
		t.Setenv("XAUTHORITY", entry([]byte(strings.Repeat("\x01", 16))))
		if err := newNative().open(opening{width: 10, height: 10}, nil); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
			t.Errorf("%v", err)
		}
		t.Setenv("XAUTHORITY", entry(key))
		openX11(t, opening{title: "locked", class: "locked"})
	})
	t.Run("a display that goes away ends the loop", func(t *testing.T) {
		end := xDisplay(t)
		w := openX11(t, opening{title: "gone", class: "gone"})
		end()
		<-w.ended
		w.n.setTitle("no harm is done")
		w.n.present(image.NewRGBA(image.Rect(0, 0, 400, 300)), []image.Rectangle{image.Rect(0, 0, 9, 9)})
		if got := w.n.clipboard(); got != "" {
			t.Error(got)
		}
	})
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
