package software

import (
	"image"
	"unsafe"

	"fyne.io/fyne/v2/driver/desktop"
)

// pointer is what is known of the mouse.
type pointer struct {
	at     image.Point
	inside bool // Windows was asked to tell when it leaves
	held   desktop.MouseButton
	cursor uintptr // what it looks like, 0: it is hidden
	made   uintptr // the one that was made of a picture
}

const (
	trackLeave = 2   // TME_LEAVE
	notch      = 120 // WHEEL_DELTA
)

var mouseButtons = map[uint32]desktop.MouseButton{
	messageLeftDown: desktop.MouseButtonPrimary, messageLeftUp: desktop.MouseButtonPrimary,
	messageRightDown: desktop.MouseButtonSecondary, messageRightUp: desktop.MouseButtonSecondary,
	messageMiddleDown: desktop.MouseButtonTertiary, messageMiddleUp: desktop.MouseButtonTertiary,
}

func (n *win32) mouseMessage(message uint32, w, l uintptr) bool {
	switch message {
	case messageMouseMove:
		n.mouseMoved(image.Pt(low(l), high(l)))
	case messageMouseLeave:
		n.mouse.inside = false
		if n.mouse.held == 0 { // a drag goes on outside
			n.handler.left()
		}
	case messageLeftDown, messageRightDown, messageMiddleDown:
		n.mouseMoved(image.Pt(low(l), high(l)))
		n.press(mouseButtons[message])
	case messageLeftUp, messageRightUp, messageMiddleUp:
		n.mouseMoved(image.Pt(low(l), high(l)))
		n.release(mouseButtons[message])
	case messageCaptureChanged:
		n.releaseButtons()
	case messageWheel:
		n.handler.wheel(0, float32(high(w))/notch, n.modifiers())
	case messageSidewaysWheel:
		n.handler.wheel(-float32(high(w))/notch, 0, n.modifiers())
	default:
		return false
	}
	return true
}

// mouseMoved is told of moves that are none, too, whenever a window comes or goes.
func (n *win32) mouseMoved(at image.Point) {
	entered := !n.mouse.inside && at.In(image.Rectangle{Max: n.inner})
	if entered {
		n.mouse.inside = true
		t := tracking{flags: trackLeave, window: n.handle}
		t.size = uint32(unsafe.Sizeof(t))
		trackMouseEvent.call(uintptr(unsafe.Pointer(&t))) //nolint:gosec // as the system wants it
	}
	if at != n.mouse.at || entered {
		n.mouse.at = at
		n.handler.moved(at.X, at.Y, n.modifiers())
	}
}

// press takes hold of the mouse until every button is up again: what it does outside the window belongs to us too.
func (n *win32) press(b desktop.MouseButton) {
	if n.mouse.held == 0 {
		setCapture.call(n.handle)
	}
	n.mouse.held |= b
	n.handler.pressed(b, n.mouse.at.X, n.mouse.at.Y, n.modifiers())
}

func (n *win32) release(b desktop.MouseButton) {
	if n.mouse.held&b == 0 { // it was pressed elsewhere
		return
	}
	n.mouse.held &^= b
	if n.mouse.held == 0 {
		releaseCapture.call()
	}
	n.handler.released(b, n.mouse.at.X, n.mouse.at.Y, n.modifiers())
	if n.mouse.held == 0 && !n.mouse.at.In(image.Rectangle{Max: n.inner}) {
		n.mouse.inside = false
		n.handler.left()
	}
}

// releaseButtons: another window took hold of the mouse, and we are told of no button any more.
func (n *win32) releaseButtons() {
	for _, b := range []desktop.MouseButton{desktop.MouseButtonPrimary, desktop.MouseButtonSecondary, desktop.MouseButtonTertiary} {
		n.release(b)
	}
}
