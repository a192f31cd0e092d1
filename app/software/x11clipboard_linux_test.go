package software

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// letters of two bytes and of four, so many bytes in all.
func longText(size int) string {
	const line = "Müller, Zoë: 1 Buch überfällig 📚\n"
	return strings.Repeat(line, size/len(line)+1)
}

// xCopies has another program own the clipboard until the test ends.
func xCopies(t *testing.T, text string, options ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), "xclip", append([]string{"-selection", "clipboard", "-in", "-quiet"}, options...)...)
	c.Stdin = strings.NewReader(text)
	beginX(t, c)
	return c
}

// xPastes is what another program finds on the clipboard.
func xPastes(t *testing.T, options ...string) (string, error) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "xclip", append([]string{"-selection", "clipboard", "-out"}, options...)...).Output()
	return string(out), err
}

func (w *watched) pastes() (text string) {
	w.t.Helper()
	w.do(func() { text = w.n.clipboard() })
	return text
}

func TestX11Clipboard(t *testing.T) {
	xDisplay(t)
	w := openX11(t, opening{title: "clipboard", class: "clipboard"})
	copies := func(t *testing.T, text string) {
		t.Helper()
		w.do(func() { w.n.setClipboard(text) })
	}

	t.Run("an empty clipboard is empty", func(t *testing.T) {
		if got := w.pastes(); got != "" {
			t.Errorf("%q", got)
		}
	})
	for name, text := range map[string]string{"a word": "Grüße 📚", "five million letters": longText(5 << 20), "a quarter of a million": longText(1 << 18)} {
		t.Run("another program pastes what we copied: "+name, func(t *testing.T) {
			copies(t, text)
			for _, kind := range []string{"UTF8_STRING", textPlainUTF8, "TEXT"} {
				if got, err := xPastes(t, "-target", kind); err != nil || got != text {
					t.Errorf("as %s: %v, %d bytes of %d", kind, err, len(got), len(text))
				}
			}
			if got := w.pastes(); got != text {
				t.Error("and we do not")
			}
		})
		t.Run("we paste what another program copied: "+name, func(t *testing.T) {
			copies(t, "before")
			xCopies(t, text)
			untilX(t, "the other program's text", func() bool { got, err := xPastes(t); return err == nil && got == text })
			if got := w.pastes(); got != text {
				t.Errorf("%d bytes of %d", len(got), len(text))
			}
		})
	}
	t.Run("an old program gets the letters it knows", func(t *testing.T) {
		copies(t, "Zoë 📚")
		if got, err := xPastes(t, "-target", "STRING"); err != nil || got != "Zo\xeb ?" {
			t.Errorf("%q, %v", got, err)
		}
		if got, err := xPastes(t, "-target", "TARGETS"); err != nil || !strings.Contains(got, "UTF8_STRING") || !strings.Contains(got, "text/plain;charset=utf-8") {
			t.Errorf("%q, %v", got, err)
		}
		if got, err := xPastes(t, "-target", "image/png"); err == nil {
			t.Errorf("as a picture: %q", got)
		}
	})
	t.Run("a picture is no text", func(t *testing.T) {
		xCopies(t, "PNG", "-target", "image/png")
		untilX(t, "the other program's picture", func() bool { got, err := xPastes(t, "-target", "image/png"); return err == nil && got == "PNG" })
		if got := w.pastes(); got != "" {
			t.Errorf("%q", got)
		}
	})
	t.Run("a program that does not answer does not hold us up for ever", func(t *testing.T) {
		c := xCopies(t, "asleep")
		untilX(t, "the other program's text", func() bool { got, err := xPastes(t); return err == nil && got == "asleep" })
		if err := c.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		if got := w.pastes(); got != "" {
			t.Errorf("%q", got)
		}
		if err := c.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		if got := w.pastes(); got != "asleep" {
			t.Errorf("awake again: %q", got)
		}
	})
	t.Run("a program that ends while it is given a long text is forgotten", func(t *testing.T) {
		copies(t, longText(1<<20))
		n := newNative().(*x11)
		if err := n.open(opening{title: "hasty", class: "hasty", width: 10, height: 10}, nil); err != nil {
			t.Fatal(err)
		}
		sending := func() (many int) {
			w.do(func() { many = len(w.n.board.sending) })
			return many
		}
		xproto.ConvertSelection(n.conn, n.id, n.atom("CLIPBOARD"), n.atom("UTF8_STRING"), n.atom(selectionProperty), n.now())
		n.await(patience, func(e xgb.Event) bool { _, ok := e.(xproto.SelectionNotifyEvent); return ok })
		if sending() != 1 {
			t.Errorf("%d texts are on their way", sending())
		}
		n.close()
		untilX(t, "the end of it", func() bool { return sending() == 0 })
	})
	t.Run("two windows of ours give to each other", func(t *testing.T) {
		other := openX11(t, opening{title: "other", class: "clipboard"})
		text := longText(3 << 20)
		copies(t, text)
		if got := other.pastes(); got != text {
			t.Errorf("%d bytes of %d", len(got), len(text))
		}
	})
}

// TestX11ClipboardManager stands in for the desktop's clipboard manager.
func TestX11ClipboardManager(t *testing.T) {
	xDisplay(t)
	w := openX11(t, opening{title: "clipboard", class: "clipboard"})
	w.do(func() { w.n.setClipboard("kept") })

	n := newNative().(*x11)
	if err := n.open(opening{title: "manager", class: "manager", width: 10, height: 10}, nil); err != nil {
		t.Fatal(err)
	}
	defer n.close()
	xproto.SetSelectionOwner(n.conn, n.id, n.atom("CLIPBOARD_MANAGER"), n.now())
	if owner, err := xproto.GetSelectionOwner(n.conn, n.atom("CLIPBOARD_MANAGER")).Reply(); err != nil || owner.Owner != n.id {
		t.Fatal("this is not the clipboard manager")
	}
	w.later(w.n.close)
	asked, ok := n.await(patience, func(e xgb.Event) bool { _, ok := e.(xproto.SelectionRequestEvent); return ok }).(xproto.SelectionRequestEvent)
	if !ok || asked.Target != n.atom("SAVE_TARGETS") {
		t.Fatalf("nothing was handed over: %v", asked)
	}
	// As such programs ask: for two kinds at once, one of which there is not.
	pairs, there, lacking := n.atom("PAIRS"), n.atom("THERE"), n.atom("LACKING")
	n.setNumbers(pairs, n.atom("ATOM_PAIR"), uint32(n.atom("UTF8_STRING")), uint32(there), uint32(n.atom("image/png")), uint32(lacking))
	xproto.ConvertSelection(n.conn, n.id, n.atom("CLIPBOARD"), n.atom("MULTIPLE"), pairs, n.now())
	n.await(patience, func(e xgb.Event) bool { _, ok := e.(xproto.SelectionNotifyEvent); return ok })
	if left := n.numbers(n.id, pairs, xproto.GetPropertyTypeAny); len(left) != 4 || left[1] == 0 || left[3] != 0 {
		t.Errorf("the pairs came back as %v", left)
	}
	if got := string(n.property(n.id, there, n.atom("UTF8_STRING"))); got != "kept" {
		t.Errorf("kept is %q", got)
	}
	select {
	case <-w.ended:
		t.Error("the window ended before its text was kept")
	default:
	}
	done := xproto.SelectionNotifyEvent{Time: asked.Time, Requestor: asked.Requestor, Selection: asked.Selection, Target: asked.Target, Property: asked.Property}
	xproto.SendEvent(n.conn, false, asked.Requestor, 0, string(done.Bytes()))
	<-w.ended
}
