package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// queueBench is a window that shows the queue.
type queueBench struct {
	roomBench

	p *queuePage
}

func openQueue(t *testing.T, fill func(b *screentest.Bench)) *queueBench {
	t.Helper()
	r := openRoom(t, setUp(screentest.New(t), fill), "queue")
	return &queueBench{r, pageOf[*queuePage](t, r.w, "queue")}
}

// click clicks the line of a delivery, with Ctrl held for more.
func (b *queueBench) click(t *testing.T, deliveries ...int64) {
	t.Helper()
	arrange(b.w)
	for n, id := range deliveries {
		clicked := false
		for _, r := range find[*tableRow](b.p.object) {
			if b.p.q.Row(r.i).Delivery == id {
				var held fyne.KeyModifier
				if n > 0 {
					held = fyne.KeyModifierShortcutDefault
				}
				r.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: held})
				clicked = true
			}
		}
		if !clicked {
			t.Fatalf("number %d is not in sight: %s", id, shownWords(b.w))
		}
	}
	arrange(b.w)
}

func (b *queueBench) state(t *testing.T, delivery int64) data.State {
	t.Helper()
	e, err := b.Store.Entry(t.Context(), delivery)
	if err != nil {
		t.Fatal(err)
	}
	return e.State
}

// bringToEnd brings what waits of a message to its end.
func bringToEnd(t *testing.T, b *screentest.Bench, message int64, state data.State, kind data.Kind) {
	t.Helper()
	now := time.Now()
	c, err := b.Store.Next(t.Context(), nil, &data.Want{Now: now, Server: 1, Horizon: now.Add(time.Hour), Lease: now.Add(time.Hour), Recipients: 10000, Message: message})
	if err != nil || c == nil {
		t.Fatal(c, err)
	}
	r := &data.Result{Claim: c, Host: "mail.school.test:587", Ended: now.Add(400 * time.Millisecond), Handed: true}
	for _, d := range c.Deliveries {
		o := data.Outcome{Kind: kind, Phase: data.PhaseDot, Code: 250, Enhanced: "2.0.0", Line: "2.0.0 Ok: queued as 4F1A2B3C", Sentence: "The server took it."}
		if kind != data.KindSent {
			o = data.Outcome{
				Kind: kind, Phase: data.PhaseRcpt, Code: 550, Enhanced: "5.1.1", Line: "5.1.1 <" + d.Recipient + ">: Recipient address rejected: User unknown",
				Sentence: "There is no such mailbox.", Remedy: "Correct the address and send it again.",
			}
		}
		r.Verdicts = append(r.Verdicts, data.Verdict{Delivery: d.ID, State: state, Charged: true, Due: now.Add(4 * time.Minute), Outcome: o})
	}
	if _, err := b.Store.Next(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
}

// everyState has one message in each state a person meets: 1 sent, 2 failed, 3 cancelled, 4 held, 5 and 6 waiting.
func everyState(t *testing.T) func(b *screentest.Bench) {
	t.Helper()
	return func(b *screentest.Bench) {
		bringToEnd(t, b, b.Message("Welcome to the library", "ann@school.test"), data.Sent, data.KindSent)
		bringToEnd(t, b, b.Message("Two books are overdue", "bob@school.test"), data.Failed, data.KindPermanent)
		b.Message("Your reservation", "cleo@school.test")
		b.Message("A letter to your parents", "dan@school.test")
		b.Message("Two books are overdue", "eve@school.test")
		b.Message("Three books are overdue", "fay@school.test")
		_, cancelled := b.Store.Cancel(t.Context(), []int64{3}, "Cancelled by a person.")
		_, held := b.Store.Hold(t.Context(), []int64{4}, "Held by a person.")
		if cancelled != nil || held != nil {
			t.Fatal(cancelled, held)
		}
	}
}

func TestQueue(t *testing.T) {
	t.Run("an empty queue says what it is for and what to do", func(t *testing.T) {
		b := openQueue(t, nil)
		shot(t, b.w, "queue-empty")
		if got := words(b.w); !strings.Contains(got, "There are no messages yet.") || !strings.Contains(got, "press Test in Settings") {
			t.Fatal(got)
		}
		for _, a := range screen.Actions() {
			if !b.p.bar.buttons[a].Disabled() {
				t.Errorf("%s can be pressed with nothing chosen", a)
			}
		}
	})
	t.Run("every button does in the store what it says", func(t *testing.T) {
		for _, c := range []struct {
			id          int64
			button, yes string
			want        data.State
		}{
			{5, "Send now", "", data.Waiting},
			{2, "Send again", "", data.Waiting},
			{5, "Hold", "", data.Held},
			{4, "Release", "", data.Waiting},
			{5, "Cancel sending", "Cancel sending", data.Cancelled},
		} {
			b := openQueue(t, everyState(t))
			b.click(t, c.id)
			before := b.state(t, c.id)
			b.press(t, c.button)
			if c.yes != "" {
				if b.state(t, c.id) != before {
					t.Errorf("%s was done before it was asked", c.button)
				}
				b.press(t, c.yes)
			}
			if got := b.state(t, c.id); got != c.want {
				t.Errorf("%s: %s, not %s", c.button, got, c.want)
			}
		}
	})
	t.Run("a copy is asked about, and made", func(t *testing.T) {
		b := openQueue(t, everyState(t))
		b.click(t, 1)
		b.press(t, "Send a copy")
		if !strings.Contains(words(b.w), "It goes to 1 recipient, as a new message.") {
			t.Error(words(b.w))
		}
		b.press(t, "Send a copy")
		if all, err := b.Store.Deliveries(t.Context(), 7); err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
	})
	t.Run("the Delete key asks, counts, and can be undone", func(t *testing.T) {
		b := openQueue(t, everyState(t))
		b.click(t, 6, 5, 4, 1)
		b.p.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
		b.settle()
		shot(t, b.w, "queue-cancel")
		if got := words(b.w); !strings.Contains(got, "Cancel sending 3 messages?") || !strings.Contains(got, "1 of the 4 chosen is already sent and stays as it is.") {
			t.Fatal(got)
		}
		b.press(t, "Cancel sending")
		shot(t, b.w, "queue-undo")
		if b.state(t, 4) != data.Cancelled || b.state(t, 6) != data.Cancelled || b.state(t, 1) != data.Sent {
			t.Fatal("not cancelled")
		}
		b.press(t, "Undo")
		if b.state(t, 4) != data.Held || b.state(t, 5) != data.Waiting || b.state(t, 6) != data.Waiting {
			t.Fatal("not brought back")
		}
	})
	t.Run("going back from the question changes nothing", func(t *testing.T) {
		b := openQueue(t, everyState(t))
		b.click(t, 6)
		b.p.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
		b.settle()
		b.press(t, "Go back")
		if b.state(t, 6) != data.Waiting {
			t.Fatal(b.state(t, 6))
		}
	})
	t.Run("search, state and date choose what is shown", func(t *testing.T) {
		b := openQueue(t, everyState(t))
		shot(t, b.w, "queue-busy")
		b.w.window.Canvas().Focus(b.p.search)
		test.Type(b.p.search, "fa")
		b.settle()
		if got := words(b.w); !strings.Contains(got, "Type at least three letters.") {
			t.Error(got)
		}
		test.Type(b.p.search, "y@school")
		b.settle()
		if b.p.q.Len() != 1 || b.p.q.Row(0).To != "fay@school.test" {
			t.Error(b.p.q.Len())
		}
		b.p.search.SetText("")
		b.p.states.pick(3)
		b.settle()
		if b.p.q.Len() != 1 || b.p.q.Row(0).To != "bob@school.test" {
			t.Error(b.p.q.Len())
		}
		b.w.showQueue("")
		b.settle()
		test.Type(b.p.date, "soon")
		b.press(t, "Go")
		if got := words(b.w); !strings.Contains(got, "Write the date as") || !b.p.date.wrong {
			t.Error(got)
		}
		b.p.date.SetText(b.Now().Format("2.1.2006"))
		b.p.date.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		b.settle()
		if b.p.q.Len() != 6 || b.p.date.wrong {
			t.Error(b.p.q.Len())
		}
	})
	t.Run("others open it at one state", func(t *testing.T) {
		b := openQueue(t, everyState(t))
		b.w.show("log")
		b.w.showQueue("held")
		b.settle()
		if b.p.q.Len() != 1 || b.p.states.index() != 4 {
			t.Fatal(b.p.q.Len())
		}
	})
}

func TestQueueMany(t *testing.T) {
	many := func(b *screentest.Bench) {
		to := make([]string, 1200)
		for i := range to {
			to[i] = fmt.Sprintf("reader%d@school.test", i+1)
		}
		b.Message("A letter to everybody with a subject that is longer than any column of any table in any window", to...)
	}
	t.Run("scrolling brings more and keeps the line under the eyes", func(t *testing.T) {
		b := openQueue(t, many)
		shot(t, b.w, "queue-many")
		for range 36 {
			b.p.table.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -40*rowHigh)})
			at := b.p.q.Row(b.p.table.first).Delivery
			b.Settle()
			arrange(b.w)
			if now := b.p.q.Row(b.p.table.first).Delivery; now != at || b.p.q.Len() > 500 {
				t.Fatalf("the first line was %d and is %d, %d lines", at, now, b.p.q.Len())
			}
		}
		if b.p.q.Row(b.p.q.Len()-1).Delivery != 1 {
			t.Fatal("it did not come to the end", b.p.q.Row(b.p.q.Len()-1))
		}
		for range 36 {
			b.p.table.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 40*rowHigh)})
			b.Settle()
			arrange(b.w)
		}
		if b.p.table.first != 0 || b.p.q.Row(0).Delivery != 1200 {
			t.Fatal("it did not come back", b.p.q.Row(0))
		}
	})
	t.Run("all are chosen, worked on with progress, and what is new is offered", func(t *testing.T) {
		b := openQueue(t, many)
		b.press(t, "Choose all 1,200")
		b.press(t, "Hold")
		if !strings.Contains(words(b.w), "Hold 1,200 messages?") {
			t.Fatal(words(b.w))
		}
		press(t, b.w, "Hold")
		b.Until(func() bool { return strings.HasPrefix(b.p.q.Doing(), "Working: 500") })
		shot(t, b.w, "queue-working")
		press(t, b.w, "Stop")
		b.settle()
		if n := b.Facts().Counts[data.Held]; n != 1000 {
			t.Fatal(n)
		}
		b.p.table.top(40)
		b.Message("New", "ann@school.test")
		b.settle()
		shot(t, b.w, "queue-new")
		b.press(t, "1 new above")
		if b.p.table.first != 0 || b.p.q.Row(0).Subject != "New" {
			t.Fatal(b.p.q.Row(0))
		}
	})
}

func TestMessagePanel(t *testing.T) {
	failed := func(b *screentest.Bench) {
		id, err := b.Store.Accept(t.Context(), &data.NewMessage{
			Message: data.Message{
				Class: data.ClassDropped, Door: data.DoorFolder, MessageID: "<1@school.test>", Sender: "library@school.test", Subject: "Two books are overdue", File: "overdue.eml",
			},
			Recipients: []string{"ann@school.test", "bob@school.test"},
			Header:     []byte("From: School library <library@school.test>\r\nTo: ann@school.test\r\nSubject: Two books are overdue\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n\r\n"),
			Body:       strings.NewReader("Dear Ann,\r\n\r\nplease bring back these two books.\r\n\r\nYour library\r\n"),
			Origin:     &data.Origin{Key: "k", Name: "overdue.eml"},
		})
		if err != nil {
			t.Fatal(err)
		}
		bringToEnd(t, b, id, data.Failed, data.KindPermanent)
		if err := os.MkdirAll(b.Place().Folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(b.Place().Folder, "overdue.eml"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opened := func(t *testing.T) *queueBench {
		t.Helper()
		b := openQueue(t, failed)
		b.click(t, 1)
		b.p.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		b.settle()
		return b
	}
	t.Run("Enter opens it, with history, text and what to do", func(t *testing.T) {
		b := opened(t)
		shot(t, b.w, "message-failed")
		got := words(b.w)
		for _, want := range []string{"could not be sent", "There is no such mailbox.", "Correct the address", "bob@school.test", "550 5.1.1", "please bring back", "School library <library@school.test>", "overdue.eml"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not shown in\n%s", want, got)
			}
		}
	})
	t.Run("Send again sends this one, and the panel shows it", func(t *testing.T) {
		b := opened(t)
		b.press(t, "Send again")
		if b.state(t, 1) != data.Waiting || b.state(t, 2) != data.Failed || !strings.Contains(words(b.w), "waiting to be sent") {
			t.Fatal(words(b.w))
		}
		shot(t, b.w, "message-waiting")
	})
	t.Run("what was done is said in the panel, and taken back there", func(t *testing.T) {
		b := opened(t)
		b.press(t, "Send again")
		b.press(t, "Hold")
		if b.state(t, 1) != data.Held || !strings.Contains(words(b.w), "1 message is held.") {
			t.Fatal(words(b.w))
		}
		b.press(t, "Undo")
		if b.state(t, 1) != data.Waiting || !strings.Contains(words(b.w), "1 message is as it was.") {
			t.Fatal(words(b.w))
		}
		b.press(t, "Cancel sending")
		b.press(t, "Cancel sending")
		if b.state(t, 1) != data.Cancelled {
			t.Fatal(b.state(t, 1))
		}
		shot(t, b.w, "message-cancelled")
	})
	t.Run("its replies are copied, its folder opened", func(t *testing.T) {
		b := opened(t)
		b.press(t, "Copy for IT")
		b.press(t, "Open folder")
		if len(b.Desktop.Copied) != 1 || !strings.Contains(b.Desktop.Copied[0], "550 5.1.1") || len(b.Desktop.Opened) != 1 {
			t.Fatal(b.Desktop.Copied, b.Desktop.Opened)
		}
	})
	t.Run("closed, it is told of nothing more", func(t *testing.T) {
		b := opened(t)
		b.press(t, "Close")
		if len(b.w.layers) != 0 {
			t.Fatal("it is still there")
		}
		b.Message("New", "ann@school.test")
		b.settle()
		if len(b.w.layers) != 0 {
			t.Fatal("it came back")
		}
	})
	t.Run("a double click opens it too", func(t *testing.T) {
		b := openQueue(t, failed)
		for _, r := range find[*tableRow](b.p.object) {
			if r.i == 0 {
				r.DoubleTapped(&fyne.PointEvent{})
			}
		}
		b.settle()
		if len(b.w.layers) != 1 {
			t.Fatal("nothing opened")
		}
	})
	t.Run("a message that is gone is a sentence", func(t *testing.T) {
		b := openQueue(t, nil)
		newMessagePanel(b.w, 99)
		b.settle()
		if got := words(b.w); !strings.Contains(got, "Number 99 is not in the queue or its history.") {
			t.Fatal(got)
		}
	})
}
