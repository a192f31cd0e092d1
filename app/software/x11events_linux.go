package software

import (
	"image"
	"slices"

	"fyne.io/fyne/v2/driver/desktop"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// pointer11 is what is known of the mouse.
type pointer11 struct {
	cursors map[desktop.Cursor]xproto.Cursor
	font    xproto.Font
	now     xproto.Cursor
}

// The buttons of the X protocol: four of them are the wheel's directions.
var buttons11 = map[xproto.Button]desktop.MouseButton{
	1: desktop.MouseButtonPrimary, 2: desktop.MouseButtonTertiary, 3: desktop.MouseButtonSecondary,
}

var wheel11 = map[xproto.Button]struct{ dx, dy float32 }{4: {0, 1}, 5: {0, -1}, 6: {1, 0}, 7: {-1, 0}}

const anyButton = xproto.KeyButMaskButton1 | xproto.KeyButMaskButton2 | xproto.KeyButMaskButton3

// dispatch hands on events. Of moves and of sizes that came one after the other only the last says something.
func (n *x11) dispatch(events []xgb.Event) {
	for i, e := range events {
		if n.closed {
			return
		}
		if i+1 < len(events) && overtaken(e, events[i+1:]) {
			continue
		}
		n.event(e)
	}
}

func overtaken(e xgb.Event, later []xgb.Event) bool {
	switch e := e.(type) {
	case xproto.MotionNotifyEvent:
		next, same := later[0].(xproto.MotionNotifyEvent)
		return same && next.State == e.State
	case xproto.ConfigureNotifyEvent:
		for _, l := range later {
			if l, same := l.(xproto.ConfigureNotifyEvent); same && l.Window == e.Window {
				return true
			}
		}
	}
	return false
}

func (n *x11) event(e xgb.Event) {
	if n.boardEvent(e) {
		return
	}
	switch e := e.(type) {
	case xproto.ExposeEvent:
		n.handler.exposed(image.Rect(0, 0, int(e.Width), int(e.Height)).Add(image.Pt(int(e.X), int(e.Y))))
	case xproto.ConfigureNotifyEvent:
		if size := image.Pt(int(e.Width), int(e.Height)); e.Window == n.id && size != n.inner {
			n.inner = size
			n.handler.resized(size.X, size.Y)
		}
	case xproto.MapNotifyEvent:
		n.mapped = true
		n.handler.resized(n.inner.X, n.inner.Y) // a window that opens as large as its screen allows was asked to be larger
		n.tellShown()
	case xproto.UnmapNotifyEvent:
		n.mapped = false
		n.tellShown()
	case xproto.VisibilityNotifyEvent:
		n.covered = e.State == xproto.VisibilityFullyObscured
		n.tellShown()
	case xproto.DestroyNotifyEvent: // somebody took the window away
		n.handler.closeAsked()
		n.close()
	case xproto.PropertyNotifyEvent:
		n.propertyChanged(e)
	case xproto.ClientMessageEvent:
		n.managerSays(e)
	case xproto.MappingNotifyEvent:
		n.keys.refresh(n.conn)
	case extensionEvent:
		if x := n.keys.xkb; x != nil && e.raw[0]&0x7f == x.event {
			n.keys.refresh(n.conn)
		}
	default:
		n.input(e)
	}
}

// input is what the person does.
func (n *x11) input(e xgb.Event) {
	switch e := e.(type) {
	case xproto.FocusInEvent:
		if ofOurs(e.Mode, e.Detail) {
			n.handler.focused(true)
		}
	case xproto.FocusOutEvent:
		if ofOurs(e.Mode, e.Detail) {
			n.releaseKeys()
			n.handler.focused(false)
		}
	case xproto.EnterNotifyEvent:
		n.time = e.Time
		n.handler.moved(int(e.EventX), int(e.EventY), n.keys.modifiers(e.State))
	case xproto.MotionNotifyEvent:
		n.time = e.Time
		n.handler.moved(int(e.EventX), int(e.EventY), n.keys.modifiers(e.State))
	case xproto.LeaveNotifyEvent:
		if e.State&anyButton == 0 && e.Mode != xproto.NotifyModeGrab { // a drag goes on outside
			n.handler.left()
		}
	case xproto.ButtonPressEvent:
		n.time = e.Time
		if b, ok := buttons11[e.Detail]; ok {
			n.handler.pressed(b, int(e.EventX), int(e.EventY), n.keys.modifiers(e.State))
		} else if w, ok := wheel11[e.Detail]; ok {
			n.handler.wheel(w.dx, w.dy, n.keys.modifiers(e.State))
		}
	case xproto.ButtonReleaseEvent:
		n.time = e.Time
		if b, ok := buttons11[e.Detail]; ok {
			n.handler.released(b, int(e.EventX), int(e.EventY), n.keys.modifiers(e.State))
		}
	case xproto.KeyPressEvent:
		n.time = e.Time
		n.keyDown(e.Detail, e.State)
	case xproto.KeyReleaseEvent:
		n.time = e.Time
		n.keyUp(e.Detail, e.State)
	}
}

// ofOurs: somebody who takes hold of the keyboard for a moment, as a window manager does for its own keys, does not take it
// away; and where the pointer is says nothing.
func ofOurs(mode, detail byte) bool {
	return mode != xproto.NotifyModeGrab && mode != xproto.NotifyModeUngrab && detail != xproto.NotifyDetailPointer && detail != xproto.NotifyDetailInferior
}

func (n *x11) tellShown() {
	if seen := n.mapped && !n.hidden && !n.covered; seen != n.seen {
		n.seen = seen
		n.handler.shown(seen)
	}
}

func (n *x11) propertyChanged(e xproto.PropertyNotifyEvent) {
	switch {
	case e.Window == n.screen.Root && e.Atom == xproto.AtomResourceManager:
		n.rescaled()
	case e.Window == n.id && e.Atom == n.atom("_NET_WM_STATE"):
		n.hidden = slices.Contains(n.numbers(n.id, e.Atom, xproto.AtomAtom), uint32(n.atom("_NET_WM_STATE_HIDDEN")))
		n.tellShown()
	}
}

// managerSays: the person wants the window closed, or the window manager wants to know whether we are still there.
func (n *x11) managerSays(e xproto.ClientMessageEvent) {
	if e.Type != n.atom("WM_PROTOCOLS") || e.Format != 32 || len(e.Data.Data32) < 2 {
		return
	}
	switch xproto.Atom(e.Data.Data32[0]) {
	case n.atom("WM_DELETE_WINDOW"):
		n.handler.closeAsked()
	case n.atom("_NET_WM_PING"):
		n.message(n.screen.Root, e.Type, e.Data.Data32[:3]...)
	}
}
