package software

import (
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
	t.Run("one that opens larger than the screen is told what it got", func(t *testing.T) {
		large := openX11(t, opening{title: "large", class: "large", width: 5000, height: 4000})
		large.do(func() {
			if large.size != image.Pt(1280, 992) {
				t.Errorf("%v", large.size)
			}
		})
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
