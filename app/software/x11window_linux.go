package software

import (
	"image"
	"image/color"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/jezek/xgb/xinerama"
	"github.com/jezek/xgb/xproto"
	"golang.org/x/image/draw"
)

// window is the server's number of the window.
func (n *x11) window() uintptr { return uintptr(n.id) }

// create makes the window. It has no ground of its own, which would be seen for a moment whenever it grows.
func (n *x11) create(o opening) (err error) {
	if n.format, err = pixelFormatOf(n.setup, n.screen); err != nil {
		return err
	}
	if n.id, err = xproto.NewWindowId(n.conn); err != nil {
		return err
	}
	colours := n.screen.DefaultColormap
	if n.format.visual != n.screen.RootVisual {
		if colours, err = xproto.NewColormapId(n.conn); err != nil {
			return err
		}
		xproto.CreateColormap(n.conn, xproto.ColormapAllocNone, colours, n.screen.Root, n.format.visual)
	}
	const attributes = xproto.CwBackPixmap | xproto.CwBorderPixel | xproto.CwBitGravity | xproto.CwEventMask | xproto.CwColormap
	const told = xproto.EventMaskKeyPress | xproto.EventMaskKeyRelease | xproto.EventMaskButtonPress | xproto.EventMaskButtonRelease |
		xproto.EventMaskEnterWindow | xproto.EventMaskLeaveWindow | xproto.EventMaskPointerMotion | xproto.EventMaskExposure |
		xproto.EventMaskVisibilityChange | xproto.EventMaskStructureNotify | xproto.EventMaskFocusChange | xproto.EventMaskPropertyChange
	n.inner = image.Pt(n.within(o.width, o.height))
	if err = xproto.CreateWindowChecked(n.conn, n.format.depth, n.id, n.screen.Root, 0, 0, uint16(n.inner.X), uint16(n.inner.Y), 0, //nolint:gosec // within the screen
		xproto.WindowClassInputOutput, n.format.visual, attributes,
		[]uint32{xproto.BackPixmapNone, 0, xproto.GravityNorthWest, told, uint32(colours)}).Check(); err != nil {
		return err
	}
	if n.paint, err = xproto.NewGcontextId(n.conn); err != nil {
		return err
	}
	xproto.CreateGC(n.conn, n.paint, xproto.Drawable(n.id), xproto.GcGraphicsExposures, []uint32{0})
	// The scale of the display stands at the root window.
	xproto.ChangeWindowAttributes(n.conn, n.screen.Root, xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange})
	return nil
}

// introduce tells the window manager what it wants to know: ICCCM 4.1.2 and the Extended Window Manager Hints.
func (n *x11) introduce(o opening) {
	n.setTitle(o.title)
	n.setText(xproto.AtomWmClass, xproto.AtomString, o.class+"\x00"+o.class+"\x00")
	const inputHint, stateHint, normalState = 1, 2, 1
	n.setNumbers(xproto.AtomWmHints, xproto.AtomWmHints, inputHint|stateHint, 1, normalState, 0, 0, 0, 0, 0, 0)
	n.setNumbers(n.atom("WM_PROTOCOLS"), xproto.AtomAtom, uint32(n.atom("WM_DELETE_WINDOW")), uint32(n.atom("_NET_WM_PING")))
	n.setNumbers(n.atom("_NET_WM_WINDOW_TYPE"), xproto.AtomAtom, uint32(n.atom("_NET_WM_WINDOW_TYPE_NORMAL")))
	n.setNumbers(n.atom("_NET_WM_PID"), xproto.AtomCardinal, uint32(os.Getpid())) //nolint:gosec // never negative
	if host, err := os.Hostname(); err == nil {
		n.setText(xproto.AtomWmClientMachine, xproto.AtomString, host) // without it the number of the process says nothing
	}
	if o.icon != nil {
		n.setNumbers(n.atom("_NET_WM_ICON"), xproto.AtomCardinal, icons(o.icon)...)
	}
}

// icons is the picture in the sizes that title bars and task lists use.
func icons(from image.Image) (list []uint32) {
	for _, size := range []int{16, 24, 32, 48, 64, 128} {
		to := image.NewNRGBA(image.Rect(0, 0, size, size))
		draw.CatmullRom.Scale(to, to.Rect, from, from.Bounds(), draw.Src, nil)
		list = append(list, uint32(size), uint32(size)) //nolint:gosec // see above
		for y := range size {
			for x := range size {
				c := color.NRGBAModel.Convert(to.At(x, y)).(color.NRGBA) //nolint:errcheck,forcetypeassert // the model is that
				list = append(list, uint32(c.A)<<24|uint32(c.R)<<16|uint32(c.G)<<8|uint32(c.B))
			}
		}
	}
	return list
}

func (n *x11) setTitle(title string) {
	if n.closed {
		return
	}
	for _, name := range []string{"_NET_WM_NAME", "_NET_WM_ICON_NAME"} {
		n.setText(n.atom(name), n.atom("UTF8_STRING"), title)
	}
	n.setText(xproto.AtomWmName, xproto.AtomString, latin1(title)) // for window managers of before 2000
}

// setMinSize is what the window manager keeps to while the person pulls at the edge.
func (n *x11) setMinSize(w, h int) {
	if n.closed || n.least == image.Pt(w, h) {
		return
	}
	n.least = image.Pt(w, h)
	n.sizeHints()
}

// sizeHints: WM_NORMAL_HINTS of ICCCM 4.1.2.3.
func (n *x11) sizeHints() {
	const position, size, least, gravity, northWest = 1 | 4, 2 | 8, 16, 512, 1
	flags := uint32(size | gravity)
	hints := make([]uint32, 18)
	if g, err := xproto.GetGeometry(n.conn, xproto.Drawable(n.id)).Reply(); err == nil { // for window managers of before ICCCM
		hints[1], hints[2], hints[3], hints[4] = uint32(g.X), uint32(g.Y), uint32(g.Width), uint32(g.Height) //nolint:gosec // as the protocol wants a signed number
	}
	if n.placed {
		flags |= position
	}
	if n.least.X > 0 && n.least.Y > 0 {
		flags |= least
		hints[5], hints[6] = uint32(n.least.X), uint32(n.least.Y) //nolint:gosec // see above
	}
	hints[0], hints[17] = flags, northWest
	n.setNumbers(xproto.AtomWmNormalHints, xproto.AtomWmSizeHints, hints...)
}

// resize asks for a size; whether it is had, the server tells.
func (n *x11) resize(w, h int) {
	if n.closed {
		return
	}
	w, h = n.within(w, h)
	xproto.ConfigureWindow(n.conn, n.id, xproto.ConfigWindowWidth|xproto.ConfigWindowHeight, []uint32{uint32(w), uint32(h)}) //nolint:gosec // see above
}

// within makes a window no larger than its screen has room for, unless its content needs more.
func (n *x11) within(w, h int) (width, height int) {
	const frame = 32 // a title bar, roughly; the window manager does not say before it has made one
	room := n.workArea()
	return max(min(w, room.Dx()), n.least.X, 1), max(min(h, room.Dy()-frame), n.least.Y, 1)
}

// workArea is the part of the first screen that no bar of the desktop takes.
func (n *x11) workArea() image.Rectangle {
	all := image.Rect(0, 0, int(n.screen.WidthInPixels), int(n.screen.HeightInPixels))
	if xinerama.Init(n.conn) == nil {
		if heads, err := xinerama.QueryScreens(n.conn).Reply(); err == nil && len(heads.ScreenInfo) > 0 {
			h := heads.ScreenInfo[0]
			all = image.Rect(0, 0, int(h.Width), int(h.Height)).Add(image.Pt(int(h.XOrg), int(h.YOrg)))
		}
	}
	desktop := 0
	if now := n.numbers(n.screen.Root, n.atom("_NET_CURRENT_DESKTOP"), xproto.AtomCardinal); len(now) > 0 {
		desktop = int(now[0])
	}
	areas := n.numbers(n.screen.Root, n.atom("_NET_WORKAREA"), xproto.AtomCardinal)
	if len(areas) >= 4*desktop+4 {
		a := areas[4*desktop:]
		free := image.Rect(0, 0, int(a[2]), int(a[3])).Add(image.Pt(int(int32(a[0])), int(int32(a[1])))) //nolint:gosec // a place may be left of the first screen
		if free = free.Intersect(all); !free.Empty() {
			return free
		}
	}
	return all
}

func (n *x11) center() {
	if n.closed {
		return
	}
	size := n.inner
	if g, err := xproto.GetGeometry(n.conn, xproto.Drawable(n.id)).Reply(); err == nil {
		size = image.Pt(int(g.Width), int(g.Height))
	}
	room := n.workArea()
	at := room.Min.Add(image.Pt(max(room.Dx()-size.X, 0)/2, max(room.Dy()-size.Y, 0)/2))
	n.placed = true
	xproto.ConfigureWindow(n.conn, n.id, xproto.ConfigWindowX|xproto.ConfigWindowY, []uint32{uint32(at.X), uint32(at.Y)}) //nolint:gosec // as the protocol wants a signed number
	n.sizeHints()
}

// raise brings the window to the front and gives it the keyboard. A window manager grants that to who names the present
// time, and brings back a minimised window as well.
func (n *x11) raise() {
	if n.closed {
		return
	}
	xproto.MapWindow(n.conn, n.id)
	active := n.atom("_NET_ACTIVE_WINDOW")
	if supported := n.numbers(n.screen.Root, n.atom("_NET_SUPPORTED"), xproto.AtomAtom); slices.Contains(supported, uint32(active)) {
		const application = 1
		n.tellManager(active, application, uint32(n.now()), 0)
		return
	}
	xproto.ConfigureWindow(n.conn, n.id, xproto.ConfigWindowStackMode, []uint32{xproto.StackModeAbove})
	if n.mapped {
		xproto.SetInputFocus(n.conn, xproto.InputFocusParent, n.id, n.now())
	}
}

// tellManager sends the window manager a message about the window.
func (n *x11) tellManager(kind xproto.Atom, values ...uint32) { n.message(n.id, kind, values...) }

func (n *x11) message(about xproto.Window, kind xproto.Atom, values ...uint32) {
	e := xproto.ClientMessageEvent{Format: 32, Window: about, Type: kind, Data: xproto.ClientMessageDataUnionData32New(append(values, 0, 0, 0, 0, 0)[:5])}
	xproto.SendEvent(n.conn, false, n.screen.Root, xproto.EventMaskSubstructureNotify|xproto.EventMaskSubstructureRedirect, string(e.Bytes()))
}

// scale is what the desktop asks of its programs by the resource Xft.dpi, where there is one.
func (n *x11) scale() float32 {
	if n.conn == nil || n.closed {
		return 1
	}
	return scaleOf(string(n.property(n.screen.Root, xproto.AtomResourceManager, xproto.GetPropertyTypeAny)))
}

func scaleOf(resources string) float32 {
	for line := range strings.Lines(resources) {
		name, value, found := strings.Cut(line, ":")
		if !found || strings.TrimSpace(name) != "Xft.dpi" {
			continue
		}
		const leastDPI, mostDPI = 24, 768
		if dpi, err := strconv.ParseFloat(strings.TrimSpace(value), 32); err == nil && dpi >= leastDPI && dpi <= mostDPI {
			return float32(dpi / 96)
		}
	}
	return 1
}

// rescaled: the resources of the display were written anew.
func (n *x11) rescaled() {
	if f := n.scale(); f != n.factor {
		before := n.factor
		n.factor = f
		n.handler.rescaled(f)
		grow := f / before
		n.resize(int(float32(n.inner.X)*grow), int(float32(n.inner.Y)*grow))
	}
}
