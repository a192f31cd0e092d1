package screen_test

import (
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/data"
)

// plan asks what an action would mean for what is chosen.
func (b *queueBench) plan(t *testing.T, a screen.Action) screen.Plan {
	t.Helper()
	var got *screen.Plan
	b.q.Plan(a, func(p screen.Plan) { got = &p })
	b.Settle()
	if got == nil {
		t.Fatal("no plan", b.notices)
	}
	return *got
}

// do plans and does it, and gives the notice at the end.
func (b *queueBench) do(t *testing.T, a screen.Action) string {
	t.Helper()
	b.q.Do(b.plan(t, a))
	b.Settle()
	b.show()
	if len(b.notices) == 0 {
		t.Fatal("nothing was said")
	}
	return b.notices[len(b.notices)-1]
}

// mixed has one message in each state a person meets: 1 sent, 2 failed, 3 cancelled, 4 held, 5 and 6 waiting.
func mixedQueue(t *testing.T) *queueBench {
	t.Helper()
	b := newQueueBench(t)
	b.end(t, b.Message("Sent", "a@school.test"), data.Sent, data.KindSent)
	b.end(t, b.Message("Failed", "b@school.test"), data.Failed, data.KindPermanent)
	for i := 3; i <= 6; i++ {
		b.Message("Letter", "c@school.test")
	}
	for _, err := range []error{func() error { _, err := b.Store.Cancel(t.Context(), []int64{3}, "x"); return err }(), func() error { _, err := b.Store.Hold(t.Context(), []int64{4}, "Look first."); return err }()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	b.show()
	return b
}

func TestActions(t *testing.T) {
	t.Run("each is offered for the states it means something for, and says why not else", func(t *testing.T) {
		b := mixedQueue(t)
		for id, want := range map[int64]string{1: "send a copy", 2: "send again", 3: "send again", 4: "send again,release,cancel", 5: "send now,hold,cancel"} {
			b.choose(id)
			var can []string
			for _, o := range b.q.Actions() {
				if o.Possible {
					can = append(can, string(o.Action))
				} else if o.Why == "" {
					t.Errorf("%d: no word why not %s", id, o.Action)
				}
			}
			if got := strings.Join(can, ","); got != want {
				t.Errorf("%d: %s, not %s", id, got, want)
			}
		}
		b.q.Choose(nil)
		for _, o := range b.q.Actions() {
			if o.Possible || o.Why != "Choose one or more messages first." {
				t.Error(o)
			}
		}
	})
	t.Run("each does in the store what it says", func(t *testing.T) {
		for _, c := range []struct {
			action screen.Action
			id     int64
			want   data.State
			said   string
			undo   bool
		}{
			{screen.ActNow, 5, data.Waiting, "1 message goes out now. They go out when the service is started.", false},
			{screen.ActAgain, 2, data.Waiting, "1 message is sent again. They go out when the service is started.", false},
			{screen.ActAgain, 3, data.Waiting, "1 message is sent again. They go out when the service is started.", false},
			{screen.ActAgain, 4, data.Waiting, "1 message is sent again. They go out when the service is started.", false},
			{screen.ActHold, 5, data.Held, "1 message is held.", true},
			{screen.ActRelease, 4, data.Waiting, "1 message is released.", true},
			{screen.ActCancel, 4, data.Cancelled, "1 message is cancelled.", true},
			{screen.ActCancel, 5, data.Cancelled, "1 message is cancelled.", true},
		} {
			b := mixedQueue(t)
			b.choose(c.id)
			before := b.state(t, c.id)
			said := b.do(t, c.action)
			if got := b.state(t, c.id); got != c.want || said != c.said || (b.undo != nil) != c.undo {
				t.Errorf("%s %d: %s, %q, undo %v", c.action, c.id, got, said, b.undo != nil)
			}
			lines, err := b.Store.Journal(t.Context(), 0, 0, 10)
			if err != nil || len(lines) != 1 || lines[0].Kind != data.JournalPerson {
				t.Errorf("%s: the journal says %v %v", c.action, lines, err)
			}
			if c.undo {
				b.undo()
				b.Settle()
				if got := b.state(t, c.id); got != before || b.notices[len(b.notices)-1] != "1 message is as it was." {
					t.Errorf("%s taken back: %s, %q", c.action, got, b.notices)
				}
			}
		}
	})
	t.Run("the running service is asked for a check, a stopped one is not", func(t *testing.T) {
		b := mixedQueue(t)
		b.choose(5)
		b.do(t, screen.ActNow)
		if r, err := b.Store.TakeRequest(t.Context()); err != nil || r != nil {
			t.Fatal(r, err)
		}
		b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
		b.show()
		b.choose(5)
		if said := b.do(t, screen.ActNow); said != "1 message goes out now." {
			t.Error(said)
		}
		if r, err := b.Store.TakeRequest(t.Context()); err != nil || r == nil || r.Kind != data.RequestCheck {
			t.Fatal(r, err)
		}
	})
	t.Run("a copy goes to all recipients as a new message, and that is said before", func(t *testing.T) {
		b := newQueueBench(t)
		b.Configured()
		b.end(t, b.Message("Letter", "a@school.test", "b@school.test", "c@school.test"), data.Sent, data.KindSent)
		b.show()
		b.choose(1, 2)
		p := b.plan(t, screen.ActCopy)
		if p.Count != 1 || !p.Ask || p.Title != "Send a copy of 1 message?" || p.Text != "Copies go to all recipients, 3 in all, as new messages." {
			t.Fatalf("%+v", p)
		}
		b.q.Do(p)
		b.Settle()
		if all, err := b.Store.Deliveries(t.Context(), 2); err != nil || len(all) != 3 || b.undo != nil {
			t.Fatal(all, err)
		}
	})
}

func TestPlan(t *testing.T) {
	t.Run("the question counts what it would be done to, and what stays", func(t *testing.T) {
		b := mixedQueue(t)
		b.choose(1, 2, 3, 4, 5, 6)
		p := b.plan(t, screen.ActCancel)
		if p.Count != 3 || p.Title != "Cancel sending 3 messages?" || !p.Danger || !p.Ask ||
			p.Text != "1 of the 6 chosen has failed and stays as it is. 1 of the 6 chosen is already sent and stays as it is. 1 of the 6 chosen is cancelled and stays as it is." {
			t.Fatalf("%+v", p)
		}
	})
	t.Run("it counts what stands in the store now, not what was seen", func(t *testing.T) {
		b := mixedQueue(t)
		b.choose(5, 6)
		b.end(t, 5, data.Sent, data.KindSent)
		if p := b.plan(t, screen.ActHold); p.Count != 1 || p.Title != "Hold 1 message?" || p.Text != "1 of the 2 chosen is already sent and stays as it is." {
			t.Fatalf("%+v", p)
		}
		b.end(t, 6, data.Sent, data.KindSent)
		if p := b.plan(t, screen.ActHold); p.Count != 0 || p.Title == "" {
			t.Fatalf("%+v", p)
		}
	})
	t.Run("one message that can be taken back is not asked about; a cancellation always is", func(t *testing.T) {
		b := mixedQueue(t)
		b.choose(5)
		if b.plan(t, screen.ActHold).Ask || !b.plan(t, screen.ActCancel).Ask {
			t.Fatal("wrong")
		}
	})
	t.Run("what may have arrived is warned of before it goes again", func(t *testing.T) {
		b := newQueueBench(t)
		b.Configured()
		b.end(t, b.Message("Letter", "a@school.test", "b@school.test"), data.Waiting, data.KindUncertain)
		b.show()
		b.choose(1)
		if p := b.plan(t, screen.ActNow); !p.Ask || !strings.HasPrefix(p.Text, "It may have arrived already") {
			t.Fatalf("%+v", p)
		}
		b.choose(1, 2)
		if p := b.plan(t, screen.ActNow); !strings.HasPrefix(p.Text, "2 of them may have arrived already") {
			t.Fatalf("%+v", p)
		}
		if p := b.plan(t, screen.ActHold); p.Text != "" {
			t.Fatalf("%+v", p)
		}
	})
	t.Run("all that match are gathered beyond the window, and only they", func(t *testing.T) {
		b := newQueueBench(t)
		b.crowd("Letter", 1300)
		b.Message("Other", "ann@school.test")
		b.show()
		b.q.SetSearch("letter")
		b.Settle()
		b.q.ChooseAll()
		p := b.plan(t, screen.ActCancel)
		if p.Count != 1300 {
			t.Fatalf("%+v", p.Count)
		}
		b.q.Do(p)
		b.Settle()
		b.show()
		c := b.Facts().Counts
		if c[data.Cancelled] != 1300 || c[data.Waiting] != 1 || b.undo == nil {
			t.Fatal(c, b.notices)
		}
		b.undo()
		b.Settle()
		b.show()
		if c := b.Facts().Counts; c[data.Waiting] != 1301 || b.notices[len(b.notices)-1] != "1,300 messages are as they were." {
			t.Fatal(c, b.notices)
		}
	})
	t.Run("all of one state are sent again", func(t *testing.T) {
		b := newQueueBench(t)
		b.crowd("Letter", 312)
		b.end(t, 1, data.Failed, data.KindPermanent)
		b.Message("Other", "ann@school.test")
		b.show()
		b.q.ShowState(data.Failed)
		b.Settle()
		b.q.ChooseAll()
		if words := b.q.ChosenWords(); words != "All 312 are chosen" {
			t.Error(words)
		}
		if p := b.plan(t, screen.ActAgain); p.Title != "Send 312 messages again?" || p.Text != "" {
			t.Errorf("%+v", p)
		}
		b.do(t, screen.ActAgain)
		if c := b.Facts().Counts; c[data.Waiting] != 313 {
			t.Fatal(c)
		}
	})
}

func TestDoing(t *testing.T) {
	t.Run("much tells how far it is and can be stopped; what was done stays and is said", func(t *testing.T) {
		b := newQueueBench(t)
		b.crowd("Letter", 1300)
		b.show()
		b.q.ChooseAll()
		b.q.Do(b.plan(t, screen.ActCancel))
		if b.q.Doing() != "Working: 0 of 1,300 messages" {
			t.Error(b.q.Doing())
		}
		b.Until(func() bool { return b.q.Doing() == "Working: 500 of 1,300 messages" })
		b.q.StopDoing()
		b.Settle()
		b.show()
		if c := b.Facts().Counts; c[data.Cancelled] != 1000 || b.notices[len(b.notices)-1] != "Stopped. 1,000 messages are cancelled." || b.q.Doing() != "" {
			t.Fatal(c, b.notices)
		}
		b.undo()
		b.Settle()
		b.show()
		if c := b.Facts().Counts; c[data.Waiting] != 1300 {
			t.Fatal(c)
		}
	})
	t.Run("one thing is done at a time", func(t *testing.T) {
		b := mixedQueue(t)
		b.choose(5)
		p := b.plan(t, screen.ActCancel)
		b.q.Do(p)
		b.q.Plan(screen.ActHold, func(screen.Plan) { t.Error("planned while something is done") })
		b.q.Do(p)
		b.Settle()
		if len(b.notices) != 2 {
			t.Fatal(b.notices)
		}
	})
	t.Run("taking back passes over what was sent in between, and says so", func(t *testing.T) {
		b := mixedQueue(t)
		b.choose(4)
		b.do(t, screen.ActRelease)
		undo := b.undo
		b.end(t, 4, data.Sent, data.KindSent)
		undo()
		b.Settle()
		if said := b.notices[len(b.notices)-1]; said != "0 messages are as they were. 1 had gone on meanwhile and stays as it is." || b.state(t, 4) != data.Sent {
			t.Fatal(said)
		}
	})
	t.Run("what changed while the person thought is passed over, and said", func(t *testing.T) {
		b := mixedQueue(t)
		b.choose(5, 6)
		p := b.plan(t, screen.ActCancel)
		b.end(t, 5, data.Sent, data.KindSent)
		b.q.Do(p)
		b.Settle()
		if said := b.notices[len(b.notices)-1]; said != "1 message is cancelled. 1 had changed meanwhile and stays as it is." {
			t.Fatal(said)
		}
	})
}
