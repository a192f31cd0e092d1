package screen_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// desk of the queue: a bench with a queue whose place a test sets.
type queueBench struct {
	*screentest.Bench
	q       *screen.Queue
	place   int
	notices []string
	undo    func()
}

func newQueueBench(t *testing.T) *queueBench {
	t.Helper()
	b := &queueBench{Bench: screentest.New(t)}
	b.q = screen.NewQueue(b.Desk)
	b.q.Place = func() int { return b.place }
	b.q.OnNotice = func(text string, undo func()) { b.notices, b.undo = append(b.notices, text), undo }
	return b
}

// crowd stores one message to n readers, which is n lines of the queue.
func (b *queueBench) crowd(subject string, n int) {
	to := make([]string, n)
	for i := range to {
		to[i] = fmt.Sprintf("reader%d@school.test", i+1)
	}
	b.Message(subject, to...)
}

// show makes the desk look and the queue read, and settles.
func (b *queueBench) show() {
	b.Look()
	b.q.Refresh(screen.Change{Store: true})
	b.Settle()
}

func (b *queueBench) ids() []int64 {
	ids := make([]int64, b.q.Len())
	for i := range ids {
		ids[i] = b.q.Row(i).Delivery
	}
	return ids
}

func (b *queueBench) mustBe(t *testing.T, from, to int64) {
	t.Helper()
	ids := b.ids()
	if len(ids) == 0 || ids[0] != from || ids[len(ids)-1] != to || len(ids) != int(from-to)+1 {
		t.Fatalf("%d lines, %v; not %d to %d", len(ids), ids[:min(len(ids), 3)], from, to)
	}
}

func (b *queueBench) older(n int) {
	for range n {
		b.q.Older()
		b.Settle()
	}
}

// choose chooses the lines of these deliveries.
func (b *queueBench) choose(ids ...int64) {
	var rows []int
	for i, id := range b.ids() {
		if slices.Contains(ids, id) {
			rows = append(rows, i)
		}
	}
	b.q.Choose(rows)
}

func (b *queueBench) state(t *testing.T, delivery int64) data.State {
	t.Helper()
	e, err := b.Store.Entry(t.Context(), delivery)
	if err != nil {
		t.Fatal(err)
	}
	return e.State
}

// end brings what waits of a message to its end.
func (b *queueBench) end(t *testing.T, message int64, state data.State, kind data.Kind) {
	t.Helper()
	now := time.Now()
	c, err := b.Store.Next(t.Context(), nil, &data.Want{Now: now, Server: 1, Horizon: now.Add(time.Hour), Lease: now.Add(time.Hour), Recipients: 10000, Message: message})
	if err != nil || c == nil {
		t.Fatal(c, err)
	}
	r := &data.Result{Claim: c, Host: "mail.school.test:587", Ended: now.Add(400 * time.Millisecond), Handed: true}
	for _, d := range c.Deliveries {
		r.Verdicts = append(r.Verdicts, data.Verdict{Delivery: d.ID, State: state, Charged: true, Due: now.Add(4 * time.Minute), Outcome: data.Outcome{
			Kind: kind, Phase: data.PhaseRcpt, Code: 550, Enhanced: "5.1.1", Line: "5.1.1 <" + d.Recipient + "> told boss@school.test: no",
			Sentence: "There is no such mailbox.", Remedy: "Correct the address.",
		}})
	}
	if _, err := b.Store.Next(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
}

func TestQueueWindow(t *testing.T) {
	b := newQueueBench(t)
	b.crowd("Letter", 1200)
	b.show()
	t.Run("it begins with the newest", func(t *testing.T) { b.mustBe(t, 1200, 1101) })
	t.Run("it grows to 500 lines and never beyond, and says by how much it moved", func(t *testing.T) {
		b.q.Moved()
		b.older(4)
		b.mustBe(t, 1200, 701)
		if m := b.q.Moved(); m != (screen.Move{}) {
			t.Fatal(m)
		}
		b.older(1)
		b.mustBe(t, 1100, 601)
		if m := b.q.Moved(); m.By != -100 || m.Jump {
			t.Fatal(m)
		}
	})
	t.Run("it comes to the oldest and stays there", func(t *testing.T) {
		b.older(20)
		b.mustBe(t, 500, 1)
	})
	t.Run("it comes back up to the newest", func(t *testing.T) {
		for range 20 {
			b.q.Newer()
			b.Settle()
			if b.q.Len() > 500 {
				t.Fatal(b.q.Len())
			}
		}
		b.mustBe(t, 1200, 701)
		if m := b.q.Moved(); m.By <= 0 {
			t.Fatal(m)
		}
	})
	t.Run("what is chosen stays chosen while it is out of sight", func(t *testing.T) {
		b.choose(1150, 1149)
		b.older(20)
		if words := b.q.ChosenWords(); words != "2 messages are chosen" || len(b.q.Chosen()) != 0 {
			t.Fatal(words, b.q.Chosen())
		}
		b.choose(300, 301)
		if words := b.q.ChosenWords(); words != "4 messages are chosen" {
			t.Fatal(words)
		}
		b.choose(300)
		if words := b.q.ChosenWords(); words != "1 message is chosen" {
			t.Fatal(words)
		}
	})
	t.Run("a person who looks elsewhere keeps the place, and is told of new ones", func(t *testing.T) {
		b.q.ShowNews()
		b.Settle()
		b.older(2)
		b.place = 150 // number 1050
		b.q.Moved()
		b.Message("New", "ann@school.test", "bob@school.test")
		if _, err := b.Store.Cancel(t.Context(), []int64{1200}, "x"); err != nil {
			t.Fatal(err)
		}
		b.show()
		if b.q.News() != "2 new above" || b.q.Row(150).Delivery != 1050 || b.q.Moved().By != 0 {
			t.Fatal(b.q.News(), b.q.Row(150).Delivery)
		}
		b.q.Newer()
		b.Settle()
		if m := b.q.Moved(); m.By != 2 || b.q.Row(152).Delivery != 1050 || b.q.News() != "" {
			t.Fatal(m, b.q.News())
		}
	})
	t.Run("a person at the top sees new ones come", func(t *testing.T) {
		b.place = 0
		b.q.ShowNews()
		b.Settle()
		id := b.Message("Newest", "ann@school.test")
		b.show()
		if b.q.Row(0).Subject != "Newest" || b.q.News() != "" {
			t.Fatal(b.q.Row(0), id)
		}
	})
	t.Run("lines that leave the filter move the others, and the place with them", func(t *testing.T) {
		b.q.SetFilter(1) // waiting
		b.Settle()
		b.older(2)
		b.place = 150
		b.q.Moved()
		at := b.q.Row(150).Delivery
		if _, err := b.Store.Hold(t.Context(), []int64{b.q.Row(0).Delivery, b.q.Row(3).Delivery, b.q.Row(200).Delivery}, "x"); err != nil {
			t.Fatal(err)
		}
		b.show()
		if m := b.q.Moved(); m.By != -2 || b.q.Row(148).Delivery != at {
			t.Fatal(m, b.q.Row(148).Delivery, at)
		}
		b.place = 0
	})
	t.Run("all of it leaving the filter shows an empty list and no harm", func(t *testing.T) {
		b.q.ShowState(data.Held)
		b.Settle()
		if b.q.Len() != 3 {
			t.Fatal(b.q.Len())
		}
		b.place = 1
		if _, err := b.Store.Release(t.Context(), nil, "x"); err != nil {
			t.Fatal(err)
		}
		b.show()
		if what, _ := b.q.Empty(); b.q.Len() != 0 || what != "Nothing is held." {
			t.Fatal(b.q.Len(), what)
		}
		b.show()
	})
}

func TestQueueSearch(t *testing.T) {
	b := newQueueBench(t)
	b.crowd("Overdue books", 30)
	b.Message("Welcome", "ann@school.test")
	b.show()
	t.Run("a text is found in addresses and subjects", func(t *testing.T) {
		for text, want := range map[string]int{"reader17": 1, "WELC": 1, "books": 30, "nowhere": 0, "ann welcome": 1} {
			b.q.SetSearch(text)
			b.Settle()
			if b.q.Len() != want {
				t.Errorf("%s: %d lines, not %d", text, b.q.Len(), want)
			}
		}
		if what, next := b.q.Empty(); what == "" || next == "" {
			t.Error("nothing is said of an empty list")
		}
	})
	t.Run("fewer than three letters look for nothing and say so", func(t *testing.T) {
		b.q.SetSearch("an")
		b.Settle()
		if b.q.SearchHint() != "Type at least three letters." || b.q.Len() != 31 {
			t.Fatal(b.q.SearchHint(), b.q.Len())
		}
		b.q.SetSearch("")
		if b.q.SearchHint() != "" {
			t.Fatal(b.q.SearchHint())
		}
	})
	t.Run("an answer that comes late is dropped", func(t *testing.T) {
		b.q.SetSearch("books")
		b.q.SetSearch("welcome")
		b.q.SetSearch("welcome x")
		b.q.SetSearch("welcome")
		seen := 0
		b.q.OnChange = func() {
			if !b.q.Reading() {
				seen++
				if b.q.Len() != 1 || b.q.Row(0).Subject != "Welcome" {
					t.Errorf("%d lines shown", b.q.Len())
				}
			}
		}
		b.Settle()
		b.q.OnChange = nil
		if seen != 1 {
			t.Errorf("%d answers were shown", seen)
		}
	})
	t.Run("a state shows only its own, and counts", func(t *testing.T) {
		b.end(t, 2, data.Failed, data.KindPermanent)
		b.Look()
		b.q.ShowState(data.Failed)
		b.Settle()
		if b.q.Len() != 1 || b.q.Row(0).State != "could not be sent" || b.q.Row(0).Mark != screen.MarkBad || b.q.Search() != "" {
			t.Fatal(b.q.Row(0))
		}
		if f := b.q.Filters(); f[0] != "All (31)" || f[b.q.Filter()] != "Failed (1)" {
			t.Fatal(f)
		}
	})
	t.Run("a closed store is a sentence", func(t *testing.T) {
		c := newQueueBench(t)
		c.q.Refresh(screen.Change{Store: true})
		c.Settle()
		if what, _ := c.q.Empty(); c.q.Problem() == nil || what == "" {
			t.Fatal(what)
		}
		c.show()
		if c.q.Problem() != nil {
			t.Fatal("it does not recover")
		}
	})
}

func TestQueueDate(t *testing.T) {
	b := newQueueBench(t)
	b.crowd("Letter", 250)
	b.show()
	today := time.Now()
	t.Run("a date is understood as people write it", func(t *testing.T) {
		for _, layout := range []string{"2.1.2006", "02.01.2006", "2006-01-02", "2 Jan 2006", "Mon 2 Jan 2006", "January 2, 2006", " 2  Jan 2006 "} {
			b.q.GoTo(today.Format(layout))
			b.Settle()
			if b.q.DateError() != "" || b.q.Len() != 100 || !b.q.Moved().Jump {
				t.Errorf("%s: %s, %d lines", layout, b.q.DateError(), b.q.Len())
			}
		}
	})
	t.Run("what may be two dates is asked for again", func(t *testing.T) {
		for _, text := range []string{"1/2/2026", "32.1.2026", "soon"} {
			if b.q.GoTo(text); b.q.DateError() == "" {
				t.Error(text)
			}
		}
	})
	t.Run("a day before all is said, and the list stays", func(t *testing.T) {
		b.q.GoTo("1.1.2001")
		b.Settle()
		if b.q.DateError() == "" || b.q.Len() == 0 {
			t.Fatal(b.q.DateError(), b.q.Len())
		}
		b.q.GoTo("")
		b.Settle()
		if b.q.DateError() != "" {
			t.Fatal(b.q.DateError())
		}
	})
}

func TestQueueWords(t *testing.T) {
	b := newQueueBench(t)
	b.Message("", "ann@school.test")
	b.show()
	t.Run("nothing is promised while no service runs", func(t *testing.T) {
		if r := b.q.Row(0); r.Next != "service stopped" || r.Subject != "(no subject)" || r.Source != "folder" || !strings.Contains(r.Queued, ":") {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("the next try is the next check, or when it is due if that is later", func(t *testing.T) {
		b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
		if err := b.Store.Beat(t.Context(), data.Heartbeat{NextCheck: time.Now().Add(110 * time.Second)}); err != nil {
			t.Fatal(err)
		}
		b.show()
		if r := b.q.Row(0); r.Next != "in 2 minutes" {
			t.Fatalf("%+v", r)
		}
		b.end(t, 1, data.Waiting, data.KindTemporary)
		b.show()
		if r := b.q.Row(0); r.Next != "in 4 minutes" || r.Reason != "There is no such mailbox." {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("the words for a state are data's", func(t *testing.T) {
		for i, state := range []data.State{data.Waiting, data.Held, data.Cancelled} {
			switch i {
			case 1:
				_, _ = b.Store.Hold(t.Context(), nil, "x")
			case 2:
				_, _ = b.Store.Cancel(t.Context(), nil, "x")
			}
			b.show()
			if got := b.q.Row(0).State; got != state.Words() {
				t.Errorf("%q, not %q", got, state.Words())
			}
		}
	})
}
