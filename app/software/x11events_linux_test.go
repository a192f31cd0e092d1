package software

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

func TestX11Events(t *testing.T) {
	move := func(x int16, state uint16) xgb.Event { return xproto.MotionNotifyEvent{EventX: x, State: state} }
	w := &watched{t: t, n: &x11{id: 7}, told: make(chan string, 100)}
	w.n.handler = w
	told := func() (all []string) {
		for len(w.told) > 0 {
			all = append(all, <-w.told)
		}
		return all
	}
	t.Run("of moves and sizes that wait only the last is told", func(t *testing.T) {
		w.n.dispatch([]xgb.Event{
			move(1, 0), xproto.ConfigureNotifyEvent{Window: 7, Width: 10, Height: 10}, move(2, 0), move(3, 0), xproto.ButtonPressEvent{Detail: 1, EventX: 3},
			move(4, xproto.KeyButMaskButton1), xproto.ConfigureNotifyEvent{Window: 7, Width: 20, Height: 10}, move(5, xproto.KeyButMaskButton1), move(6, 0),
		})
		want := []string{"moved 1 0 0", "moved 3 0 0", "pressed 1 3 0 0", "moved 4 0 0", "resized 20 10", "moved 5 0 0", "moved 6 0 0"}
		if got := told(); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
	})
	t.Run("a window manager that takes hold of the keyboard for a moment does not take it away", func(t *testing.T) {
		w.n.dispatch([]xgb.Event{
			xproto.FocusOutEvent{Mode: xproto.NotifyModeGrab}, xproto.FocusInEvent{Mode: xproto.NotifyModeUngrab}, xproto.FocusInEvent{Detail: xproto.NotifyDetailPointer},
			xproto.FocusOutEvent{Mode: xproto.NotifyModeNormal, Detail: xproto.NotifyDetailNonlinear},
		})
		if got := told(); !slices.Equal(got, []string{"focused false"}) {
			t.Errorf("%q", got)
		}
	})
	t.Run("the keys held down are let go before the keyboard is", func(t *testing.T) {
		w.n.keys.held = map[xproto.Keycode]fyne.KeyName{50: desktop.KeyShiftLeft}
		w.n.dispatch([]xgb.Event{xproto.FocusOutEvent{Detail: xproto.NotifyDetailNonlinear}})
		if got := told(); !slices.Equal(got, []string{"up LeftShift 0", "focused false"}) {
			t.Errorf("%q", got)
		}
	})
	t.Run("nothing is told after the end", func(t *testing.T) {
		w.n.closed = true
		w.n.dispatch([]xgb.Event{move(1, 0)})
		if got := told(); len(got) > 0 {
			t.Errorf("%q", got)
		}
	})
}

func TestX11Ping(t *testing.T) {
	xDisplay(t)
	w := openX11(t, opening{title: "ping", class: "ping"})
	n := newNative().(*x11)
	if err := n.open(opening{title: "manager", class: "manager", width: 10, height: 10}, nil); err != nil {
		t.Fatal(err)
	}
	defer n.close()
	const mask = xproto.EventMaskSubstructureNotify | xproto.EventMaskPropertyChange
	if err := xproto.ChangeWindowAttributesChecked(n.conn, n.screen.Root, xproto.CwEventMask, []uint32{mask}).Check(); err != nil {
		t.Fatal(err)
	}
	data := []uint32{uint32(n.atom("_NET_WM_PING")), 4711, uint32(w.n.id), 0, 0}
	ping := xproto.ClientMessageEvent{Format: 32, Window: w.n.id, Type: n.atom("WM_PROTOCOLS"), Data: xproto.ClientMessageDataUnionData32New(data)}
	xproto.SendEvent(n.conn, false, w.n.id, 0, string(ping.Bytes()))
	pong, ok := n.await(patience, func(e xgb.Event) bool { _, ok := e.(xproto.ClientMessageEvent); return ok }).(xproto.ClientMessageEvent)
	if !ok || pong.Window != n.screen.Root || pong.Type != ping.Type || !slices.Equal(pong.Data.Data32, data) {
		t.Errorf("the window manager takes it for dead: %v", pong)
	}
}
