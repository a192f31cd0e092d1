package software

import (
	"image"
	"unsafe"
)

const (
	dotsPerInch      = 96 // at which a point is a pixel
	nearest          = 2  // MONITOR_DEFAULTTONEAREST
	keepPlace        = 2  // SWP_NOMOVE
	keepSize         = 1  // SWP_NOSIZE
	keepOrder        = 4  // SWP_NOZORDER
	keepActive       = 16 // SWP_NOACTIVATE
	capsDotsPerInchX = 88 // LOGPIXELSX
)

// dots is how many dots per inch the display has, which the window is on or will come up on.
func (n *win32) dots() uintptr {
	switch {
	case !getDPIForWindow.there(): // before Windows 10 of 2016 all displays had one number
		screen := getDC.call(0)
		defer releaseDC.call(0, screen)
		return max(getDeviceCaps.call(screen, capsDotsPerInchX), dotsPerInch)
	case n.handle == 0:
		return max(getDPIForSystem.call(), dotsPerInch)
	}
	return max(getDPIForWindow.call(n.handle), dotsPerInch)
}

func (n *win32) scale() float32 { return float32(n.dots()) / dotsPerInch }

// outer is how large the window is with its frame, so that it has a size inside.
func (n *win32) outer(inner image.Point) image.Point {
	r := rect{right: int32(inner.X), bottom: int32(inner.Y)} //nolint:gosec // no display is that large
	if adjustWindowRectExForDPI.there() {
		adjustWindowRectExForDPI.call(uintptr(unsafe.Pointer(&r)), windowStyle, 0, 0, n.dots()) //nolint:gosec // as the system wants it
	} else {
		adjustWindowRectEx.call(uintptr(unsafe.Pointer(&r)), windowStyle, 0, 0) //nolint:gosec // as the system wants it
	}
	return image.Pt(int(r.right-r.left), int(r.bottom-r.top))
}

// room is the part of the display that no taskbar takes.
func (n *win32) room() image.Rectangle {
	info := monitorInfo{}
	info.size = uint32(unsafe.Sizeof(info))
	getMonitorInfo.call(monitorFromWindow.call(n.handle, nearest), uintptr(unsafe.Pointer(&info))) //nolint:gosec // as the system wants it
	return image.Rect(int(info.work.left), int(info.work.top), int(info.work.right), int(info.work.bottom))
}

// resize gives the window a size inside, unless a person made it as large as the display. One that is larger than the
// display could not be taken hold of.
func (n *win32) resize(w, h int) {
	if isZoomed.call(n.handle) != 0 {
		return
	}
	size := n.outer(image.Pt(max(w, n.least.X), max(h, n.least.Y)))
	if room := n.room().Size(); room.X > 0 && room.Y > 0 {
		least := n.outer(n.least)
		size = image.Pt(max(min(size.X, room.X), least.X), max(min(size.Y, room.Y), least.Y))
	}
	setWindowPos.call(n.handle, 0, 0, 0, number(size.X), number(size.Y), keepPlace|keepOrder|keepActive)
}

func (n *win32) center() {
	var at rect
	getWindowRect.call(n.handle, uintptr(unsafe.Pointer(&at))) //nolint:gosec // as the system wants it
	room := n.room()
	x := room.Min.X + max(0, (room.Dx()-int(at.right-at.left))/2)
	y := room.Min.Y + max(0, (room.Dy()-int(at.bottom-at.top))/2)
	setWindowPos.call(n.handle, 0, number(x), number(y), 0, 0, keepSize|keepOrder|keepActive)
}

// setMinSize holds for what a person does from now on; a window that is smaller grows.
func (n *win32) setMinSize(w, h int) {
	n.least = image.Pt(w, h)
	if n.inner.X < w || n.inner.Y < h {
		n.resize(n.inner.X, n.inner.Y)
	}
}

// limit answers the question how small the window may become.
func (n *win32) limit(l uintptr) {
	info := take[minMaxInfo](l)
	least := n.outer(n.least)
	info.minTrack = point{int32(least.X), int32(least.Y)} //nolint:gosec // no display is that large
	hand(l, info)
}

// sized is told after the window got another size. While a person pulls at its frame Windows runs a loop of its own: what
// is not drawn now would stay undrawn until the next wake.
func (n *win32) sized(minimised bool) {
	if minimised != n.minimised {
		n.minimised = minimised
		n.handler.shown(!minimised)
	}
	if !minimised && n.measure() {
		n.handler.work()
	}
}

// measure tells the size inside if it is another than was told.
func (n *win32) measure() bool {
	var r rect
	getClientRect.call(n.handle, uintptr(unsafe.Pointer(&r))) //nolint:gosec // as the system wants it
	size := image.Pt(int(r.right), int(r.bottom))
	if size == n.inner || size.X <= 0 || size.Y <= 0 {
		return false
	}
	n.inner = size
	n.handler.resized(size.X, size.Y)
	return true
}

// moveToDisplay is told when the window came onto a display of other sharpness, or this one got another. The new place is
// Windows' own, and keeps the window under the pointer that pulls it.
func (n *win32) moveToDisplay(w, l uintptr) {
	n.handler.rescaled(float32(w&0xffff) / dotsPerInch)
	to := take[rect](l)
	setWindowPos.call(n.handle, 0, number(int(to.left)), number(int(to.top)), number(int(to.right-to.left)), number(int(to.bottom-to.top)), keepOrder|keepActive)
	n.handler.work()
}
