package software

import (
	"image"
	"unsafe"

	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/draw"
)

const (
	metricIcon      = 11 // SM_CXICON
	metricSmallIcon = 49 // SM_CXSMICON
)

// standardCursors are the system's own.
var standardCursors = map[desktop.Cursor]uintptr{
	desktop.DefaultCursor: 32512, desktop.TextCursor: 32513, desktop.CrosshairCursor: 32515, desktop.PointerCursor: 32649,
	desktop.HResizeCursor: 32644, desktop.VResizeCursor: 32645,
}

// setCursor changes the pointer inside the window; Windows asks for it again at every move.
func (n *win32) setCursor(c desktop.Cursor) {
	last := n.mouse.made
	n.mouse.made = 0
	if standard, ok := c.(desktop.StandardCursor); !ok && c != nil {
		if picture, x, y := c.Image(); picture != nil {
			n.mouse.made = fromPicture(picture, &image.Point{x, y})
		}
		n.mouse.cursor = n.mouse.made
	} else if n.mouse.cursor = 0; standard != desktop.HiddenCursor {
		number, ok := standardCursors[standard]
		if !ok {
			number = standardCursors[arrow]
		}
		n.mouse.cursor = loadCursor.call(0, number)
	}
	if n.mouse.inside || n.mouse.held != 0 {
		setCursor.call(n.mouse.cursor)
	}
	if last != 0 {
		destroyIcon.call(last)
	}
}

// darken gives the window a dark title where the person wants everything dark. A Windows that knows no dark title refuses.
func (n *win32) darken() {
	if !dwmSetWindowAttribute.there() {
		return
	}
	const darkMode = 20 // DWMWA_USE_IMMERSIVE_DARK_MODE
	dark := uint32(0)
	if v, ok := systemVariant(); ok && v == theme.VariantDark {
		dark = 1
	}
	dwmSetWindowAttribute.call(n.handle, darkMode, uintptr(unsafe.Pointer(&dark)), unsafe.Sizeof(dark)) //nolint:gosec // as the system wants it
}

// icon makes an icon in the size that Windows shows it.
func (n *win32) icon(picture image.Image, metric uintptr) uintptr {
	side := max(int(getSystemMetrics.call(metric)), 16) //nolint:gosec // tens of pixels
	side = side * int(n.dots()) / dotsPerInch           //nolint:gosec // hundreds
	scaled := image.NewNRGBA(image.Rect(0, 0, side, side))
	draw.CatmullRom.Scale(scaled, scaled.Bounds(), picture, picture.Bounds(), draw.Src, nil)
	return fromPicture(scaled, nil)
}

// fromPicture makes an icon, or with a hot spot a cursor; 0 if Windows has no room for it.
func fromPicture(picture image.Image, hot *image.Point) uintptr {
	size := picture.Bounds().Size()
	if size.X <= 0 || size.Y <= 0 {
		return 0
	}
	straight := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(straight, straight.Bounds(), picture, picture.Bounds().Min, draw.Src)
	pixels := make([]byte, len(straight.Pix))
	turn(pixels, straight.Pix)

	var at uintptr
	head := header(size)
	colour := createDIBSection.call(0, uintptr(unsafe.Pointer(&head)), 0, uintptr(unsafe.Pointer(&at)), 0, 0) //nolint:gosec // as the system wants it
	if colour == 0 || at == 0 {
		return 0
	}
	defer deleteObject.call(colour)
	moveMemory.call(at, uintptr(unsafe.Pointer(&pixels[0])), number(len(pixels))) //nolint:gosec // as the system wants it
	mask := createBitmap.call(number(size.X), number(size.Y), 1, 1, 0)
	if mask == 0 {
		return 0
	}
	defer deleteObject.call(mask)
	info := iconInfo{icon: 1, mask: mask, colour: colour}
	if hot != nil {
		info.icon, info.hotX, info.hotY = 0, uint32(max(hot.X, 0)), uint32(max(hot.Y, 0)) //nolint:gosec // not negative
	}
	return createIconIndirect.call(uintptr(unsafe.Pointer(&info))) //nolint:gosec // as the system wants it
}
