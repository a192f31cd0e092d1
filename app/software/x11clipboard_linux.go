package software

import (
	"slices"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// board11 is what we have on the clipboard for other programs: chapter 2 of the Inter-Client Communication Conventions.
type board11 struct {
	ours    bool
	text    string
	since   xproto.Timestamp
	sending []*sending
}

// sending is a long text on its way to a program, in pieces: section 2.7.2, INCR.
type sending struct {
	to             xproto.Window
	property, kind xproto.Atom
	rest           []byte
}

const (
	textPlain     = "text/plain"
	textPlainUTF8 = "text/plain;charset=utf-8"
	manyTransfers = 16 // at a time; programs that break off without a word are forgotten
	handOverTime  = time.Second
)

// setClipboard offers a text to other programs, who ask for it when they want it.
func (n *x11) setClipboard(text string) {
	if n.closed {
		return
	}
	at := n.now()
	xproto.SetSelectionOwner(n.conn, n.id, n.atom("CLIPBOARD"), at)
	owner, err := xproto.GetSelectionOwner(n.conn, n.atom("CLIPBOARD")).Reply()
	if err == nil && owner.Owner == n.id {
		n.board.ours, n.board.text, n.board.since = true, text, at
	}
}

// boardEvent answers programs that want what we have. It says whether the event was of that kind.
func (n *x11) boardEvent(e xgb.Event) bool {
	switch e := e.(type) {
	case xproto.SelectionRequestEvent:
		n.answer(e)
	case xproto.SelectionClearEvent: // another program has something newer
		if e.Selection == n.atom("CLIPBOARD") {
			n.board.ours, n.board.text = false, ""
		}
	case xproto.PropertyNotifyEvent:
		if e.Window == n.id || e.Window == n.screen.Root {
			return false
		}
		if e.State == xproto.PropertyDelete {
			n.sendOn(e.Window, e.Atom)
		}
	case xproto.DestroyNotifyEvent:
		if e.Window == n.id {
			return false
		}
		n.board.sending = slices.DeleteFunc(n.board.sending, func(s *sending) bool { return s.to == e.Window })
	default:
		return false
	}
	return true
}

func (n *x11) answer(e xproto.SelectionRequestEvent) {
	property := e.Property
	if property == xproto.AtomNone { // as programs of before 1990 ask
		property = e.Target
	}
	given := n.board.ours && e.Selection == n.atom("CLIPBOARD") && (e.Time == xproto.TimeCurrentTime || int32(e.Time-n.board.since) >= 0) //nolint:gosec // the server's clock begins anew after 49 days
	if given && e.Target == n.atom("MULTIPLE") {
		given = n.giveSeveral(e.Requestor, property)
	} else if given {
		given = n.give(e.Requestor, property, e.Target)
	}
	if !given {
		property = xproto.AtomNone
	}
	done := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: property}
	xproto.SendEvent(n.conn, false, e.Requestor, xproto.EventMaskNoEvent, string(done.Bytes()))
}

// giveSeveral: pairs of what is wanted and where to put it; those that are not to be had are crossed out.
func (n *x11) giveSeveral(to xproto.Window, property xproto.Atom) bool {
	pairs := n.numbers(to, property, xproto.GetPropertyTypeAny)
	for i := 0; i+1 < len(pairs); i += 2 {
		if !n.give(to, xproto.Atom(pairs[i+1]), xproto.Atom(pairs[i])) {
			pairs[i+1] = xproto.AtomNone
		}
	}
	n.write(to, property, n.atom("ATOM_PAIR"), 32, long(pairs...))
	return len(pairs) > 0
}

// give puts what is wanted where it is wanted. It says whether it is to be had.
func (n *x11) give(to xproto.Window, property, target xproto.Atom) bool {
	if property == xproto.AtomNone {
		return false
	}
	switch target {
	case n.atom("TARGETS"):
		var all []uint32
		for _, a := range append([]string{"TARGETS", "TIMESTAMP", "MULTIPLE"}, n.textTargets()...) {
			all = append(all, uint32(n.atom(a)))
		}
		n.write(to, property, xproto.AtomAtom, 32, long(all...))
	case n.atom("TIMESTAMP"):
		n.write(to, property, xproto.AtomInteger, 32, long(uint32(n.board.since)))
	case n.atom("UTF8_STRING"), n.atom(textPlainUTF8), n.atom(textPlain):
		n.writeText(to, property, target, n.board.text)
	case n.atom("TEXT"): // in the kind that suits us
		n.writeText(to, property, n.atom("UTF8_STRING"), n.board.text)
	case xproto.AtomString:
		n.writeText(to, property, target, latin1(n.board.text))
	default:
		return false
	}
	return true
}

// textTargets are the kinds of text that we give.
func (n *x11) textTargets() []string {
	return []string{"UTF8_STRING", textPlainUTF8, "TEXT", "STRING", textPlain}
}

// write sets a property of another program's window. If that has gone meanwhile nobody is left to mind.
func (n *x11) write(to xproto.Window, property, kind xproto.Atom, bits byte, data []byte) {
	xproto.ChangeProperty(n.conn, xproto.PropModeReplace, to, property, kind, bits, uint32(len(data)/(int(bits)/8)), data) //nolint:gosec // no longer than a request
}

// piece is how much of a text goes at a time.
func (n *x11) piece() int {
	const header, enough = 64, 1 << 18
	return min(n.longest()-header, enough)
}

func (n *x11) writeText(to xproto.Window, property, kind xproto.Atom, text string) {
	if len(text) <= n.piece() {
		n.write(to, property, kind, 8, []byte(text))
		return
	}
	const told = xproto.EventMaskPropertyChange | xproto.EventMaskStructureNotify
	xproto.ChangeWindowAttributes(n.conn, to, xproto.CwEventMask, []uint32{told})
	if b := &n.board; len(b.sending) >= manyTransfers {
		b.sending = slices.Delete(b.sending, 0, 1)
	}
	n.board.sending = append(n.board.sending, &sending{to: to, property: property, kind: kind, rest: []byte(text)})
	n.write(to, property, n.atom("INCR"), 32, long(uint32(len(text)))) //nolint:gosec // at least so much is to come
}

// sendOn: the other program has taken the piece that was there. One without anything in it is the last.
func (n *x11) sendOn(to xproto.Window, property xproto.Atom) {
	i := slices.IndexFunc(n.board.sending, func(s *sending) bool { return s.to == to && s.property == property })
	if i < 0 {
		return
	}
	s := n.board.sending[i]
	next := s.rest[:min(len(s.rest), n.piece())]
	s.rest = s.rest[len(next):]
	n.write(to, property, s.kind, 8, next)
	if len(next) > 0 {
		return
	}
	n.board.sending = slices.Delete(n.board.sending, i, i+1)
	if !slices.ContainsFunc(n.board.sending, func(s *sending) bool { return s.to == to }) {
		xproto.ChangeWindowAttributes(n.conn, to, xproto.CwEventMask, []uint32{xproto.EventMaskNoEvent})
	}
}

// handOver gives what we have on the clipboard to the desktop's clipboard manager, where there is one: else nobody could
// paste it when we are gone.
func (n *x11) handOver() {
	if !n.board.ours || n.board.text == "" {
		return
	}
	manager := n.atom("CLIPBOARD_MANAGER")
	if owner, err := xproto.GetSelectionOwner(n.conn, manager).Reply(); err != nil || owner.Owner == xproto.WindowNone {
		return
	}
	var wanted []uint32
	for _, a := range n.textTargets() {
		wanted = append(wanted, uint32(n.atom(a)))
	}
	n.setNumbers(n.atom(selectionProperty), xproto.AtomAtom, wanted...)
	xproto.ConvertSelection(n.conn, n.id, manager, n.atom("SAVE_TARGETS"), n.atom(selectionProperty), n.board.since)
	n.await(handOverTime, func(e xgb.Event) bool {
		done, ok := e.(xproto.SelectionNotifyEvent)
		return ok && done.Selection == manager
	})
}
