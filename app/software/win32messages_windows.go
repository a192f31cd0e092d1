package software

import (
	"image"
	"unsafe"
)

// The messages that are taken; all others go to Windows.
const (
	messageSize             = 0x0005
	messageSetFocus         = 0x0007
	messageKillFocus        = 0x0008
	messagePaint            = 0x000F
	messageClose            = 0x0010
	messageQueryEndSession  = 0x0011
	messageErase            = 0x0014
	messageEndSession       = 0x0016
	messageSettingChange    = 0x001A
	messageSetCursor        = 0x0020
	messageMinMax           = 0x0024
	messageKeyDown          = 0x0100
	messageKeyUp            = 0x0101
	messageChar             = 0x0102
	messageSysKeyDown       = 0x0104
	messageSysKeyUp         = 0x0105
	messageSysChar          = 0x0106
	messageUniChar          = 0x0109
	messageStartComposition = 0x010D
	messageSysCommand       = 0x0112
	messageMouseMove        = 0x0200
	messageLeftDown         = 0x0201
	messageLeftUp           = 0x0202
	messageRightDown        = 0x0204
	messageRightUp          = 0x0205
	messageMiddleDown       = 0x0207
	messageMiddleUp         = 0x0208
	messageWheel            = 0x020A
	messageSidewaysWheel    = 0x020E
	messageCaptureChanged   = 0x0215
	messageMouseLeave       = 0x02A3
	messageDPIChanged       = 0x02E0

	sizeMinimised = 1
	hitInside     = 1      // HTCLIENT
	commandKeys   = 0xF100 // SC_KEYMENU
)

// receive takes one message. What it answers depends on the message.
func (n *win32) receive(message uint32, w, l uintptr) uintptr {
	if n.handle == 0 {
		return 0
	}
	if n.frameMessage(message, w, l) || n.mouseMessage(message, w, l) {
		return 0
	}
	if answer, taken := n.keyMessage(message, w, l); taken {
		return answer
	}
	switch message {
	case messageErase:
		return 1 // nothing is wiped before it is drawn, so nothing flickers
	case messageQueryEndSession:
		return 1 // a server that starts anew is not held up
	case messageSetCursor:
		if l&0xffff == hitInside {
			setCursor.call(n.mouse.cursor)
			return 1
		}
	case messageStartComposition:
		n.placeComposition()
	case messageSettingChange:
		n.darken()
	}
	return defWindowProc.call(n.handle, uintptr(message), w, l)
}

// frameMessage takes what happens to the window as a whole.
func (n *win32) frameMessage(message uint32, w, l uintptr) bool {
	switch message {
	case messageWake:
		n.awaited.Store(false)
		n.handler.work()
	case messageSize:
		n.sized(w == sizeMinimised)
	case messagePaint:
		n.paint()
	case messageClose:
		n.handler.closeAsked()
	case messageEndSession:
		if w != 0 { // the program may be ended as soon as this is answered
			n.handler.closeAsked()
			n.handler.work()
		}
	case messageMinMax:
		n.limit(l)
	case messageDPIChanged:
		n.moveToDisplay(w, l)
	case messageSetFocus:
		n.handler.focused(true)
	case messageKillFocus:
		n.releaseKeys()
		n.handler.focused(false)
	default:
		return false
	}
	return true
}

// paint tells which part of the window Windows has no picture of.
func (n *win32) paint() {
	var p painting
	beginPaint.call(n.handle, uintptr(unsafe.Pointer(&p))) //nolint:gosec // as the system wants it
	endPaint.call(n.handle, uintptr(unsafe.Pointer(&p)))   //nolint:gosec // as the system wants it
	part := image.Rect(int(p.part.left), int(p.part.top), int(p.part.right), int(p.part.bottom))
	if !part.Empty() {
		n.handler.exposed(part)
	}
}
