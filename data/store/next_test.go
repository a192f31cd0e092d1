package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func TestNext(t *testing.T) {
	t.Run("a claim is on the disk with attempt and lease before anyone is dialled", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		q.running = time.Hour
		c := q.claim()
		if c.Message.ID != id || len(c.Deliveries) != 1 || !c.Started.Equal(q.now) || c.Message.MessageID != "<1@school.org>" {
			t.Fatalf("%+v", c)
		}
		d := q.state(id, data.Sending)
		if !d.Due.Equal(q.now.Add(75*time.Minute)) || d.FirstTried != time.Hour || d != c.Deliveries[0] {
			t.Fatalf("stored %+v, claimed %+v", d, c.Deliveries[0])
		}
		a, err := q.Attempts(t.Context(), d.ID)
		if err != nil || len(a) != 1 || !a[0].Started.Equal(q.now) || !a[0].Ended.IsZero() || a[0].Server != 1 {
			t.Fatalf("%+v %v", a, err)
		}
	})
	t.Run("one call records the last outcome and claims the next message", func(t *testing.T) {
		q := newQueue(t)
		one, two := q.accept(), q.accept()
		c := q.claim()
		c = q.next(q.verdict(c, data.Sent, data.KindSent), q.want())
		if c == nil || c.Message.ID != two {
			t.Fatalf("%+v", c)
		}
		d := q.state(one, data.Sent)
		if d.Attempts != 1 || !d.Settled || d.Reason != "The server said sent." || d.Code != 250 {
			t.Fatalf("%+v", d)
		}
		a, _ := q.Attempts(t.Context(), d.ID)
		if len(a) != 1 || !a[0].Ended.Equal(q.now) || a[0].Host != "mail.school.org:587" || a[0].Outcome.Kind != data.KindSent || !a[0].Charged {
			t.Fatalf("%+v", a)
		}
		q.state(two, data.Sending)
	})
	t.Run("nothing is claimed twice and nothing before it is due", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		c := q.claim()
		q.nothing()
		q.record(c, data.Waiting, data.KindTemporary)
		q.nothing()
		q.pass(5 * time.Minute)
		if q.claim().Message.ID != id {
			t.Fatal("not due")
		}
	})
	t.Run("the more urgent class goes first", func(t *testing.T) {
		q := newQueue(t)
		var want []data.Class
		for _, c := range slices.Backward(data.Classes()) {
			q.accept(class(c))
			want = append([]data.Class{c}, want...)
		}
		for _, c := range want {
			if got := q.claim().Message.Class; got != c {
				t.Fatalf("%s before %s", got, c)
			}
		}
	})
	t.Run("new and deferred take turns within a class, and one goes when the other is missing", func(t *testing.T) {
		q := newQueue(t)
		old := q.accept()
		q.record(q.claim(), data.Waiting, data.KindTemporary)
		q.pass(time.Hour)
		fresh := q.accept()
		if got := q.claim(deferred).Message.ID; got != old {
			t.Fatalf("message %d went in the turn of the deferred", got)
		}
		if got := q.claim(deferred).Message.ID; got != fresh {
			t.Fatalf("message %d went", got)
		}
		urgent := q.accept(class(data.ClassNotice))
		if got := q.claim(deferred).Message.ID; got != urgent {
			t.Fatal("a deferred letter went before a new notice")
		}
	})
	t.Run("a message takes its open, due and allowed recipients along, no more than wanted", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept(to(readers(10)...))
		c := q.claim(func(w *data.Want) { w.Recipients = 4 })
		if len(c.Deliveries) != 4 || c.Deliveries[0].Recipient != "reader0@school.org" || c.Deliveries[3].Recipient != "reader3@school.org" {
			t.Fatalf("%+v", c.Deliveries)
		}
		q.record(c, data.Waiting, data.KindTemporary)
		c = q.claim()
		if len(c.Deliveries) != 6 || c.Message.ID != id {
			t.Fatalf("%d recipients", len(c.Deliveries))
		}
	})
	t.Run("each recipient has a verdict of its own", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept(to(readers(3)...), file("a.eml"))
		c := q.claim()
		r := q.verdict(c, data.Sent, data.KindSent)
		r.Verdicts[1].State, r.Verdicts[1].Outcome.Kind, r.Verdicts[1].Outcome.Code = data.Failed, data.KindPermanent, 550
		r.Verdicts[2].State, r.Verdicts[2].Outcome.Kind = data.Waiting, data.KindTemporary
		q.next(r, nil)
		d := q.deliveries(id)
		if d[0].State != data.Sent || d[1].State != data.Failed || d[1].Code != 550 || d[2].State != data.Waiting || d[0].Settled || d[1].Settled {
			t.Fatalf("%+v", d)
		}
	})
	t.Run("a delivery tried in this check is passed over by the rest of it", func(t *testing.T) {
		q := newQueue(t)
		id, start := q.accept(), q.now
		once := func(w *data.Want) { w.TriedLast = start }
		c := q.claim(once)
		q.record(c, data.Waiting, data.KindTemporary, func(v *data.Verdict) { v.Due = q.now })
		q.nothing(once)
		if q.claim().Message.ID != id {
			t.Fatal("gone")
		}
	})
	t.Run("what the server's trouble left open goes to the other server in the same check, uncharged and still new", func(t *testing.T) {
		q := newQueue(t)
		start := q.now
		once := func(w *data.Want) { w.TriedLast = start }
		for _, kind := range []data.Kind{data.KindServer, data.KindUntouched} {
			id := q.accept()
			q.record(q.claim(once), data.Waiting, kind, func(v *data.Verdict) { v.Due = q.now })
			if d := q.state(id, data.Waiting); d.Attempts != 0 {
				t.Fatalf("%+v", d)
			}
			c := q.claim(once, func(w *data.Want) { w.Server = 2 })
			if c.Message.ID != id || c.Server != 2 {
				t.Fatalf("%+v", c)
			}
			q.record(c, data.Sent, data.KindSent)
		}
	})
	t.Run("a delivery that was not offered keeps what was last known of it", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		q.record(q.claim(), data.Waiting, data.KindTemporary, func(v *data.Verdict) { v.Outcome.Code, v.Due = 451, q.now })
		q.pass(time.Minute)
		q.record(q.claim(), data.Waiting, data.KindUntouched, func(v *data.Verdict) { v.Outcome = data.Outcome{Kind: data.KindUntouched} })
		if d := q.state(id, data.Waiting); d.Reason != "The server said temporary." || d.Code != 451 || d.Attempts != 1 {
			t.Fatalf("%+v", d)
		}
	})
	t.Run("send now takes what is not due, each once, but does not hurry what may have arrived", func(t *testing.T) {
		q := newQueue(t)
		var all []int64
		for range 5 {
			all = append(all, q.accept())
		}
		for range all {
			q.record(q.claim(), data.Waiting, data.KindTemporary, func(v *data.Verdict) { v.Due = q.now.Add(time.Hour) })
		}
		lost := q.accept()
		q.record(q.claim(), data.Waiting, data.KindUncertain, func(v *data.Verdict) { v.Due = q.now.Add(90 * time.Minute) })
		q.pass(time.Minute)
		start := q.now
		now := func(w *data.Want) { w.Horizon, w.TriedLast = q.now.AddDate(100, 0, 0), start }
		var got []int64
		for c := q.next(nil, q.want(now)); c != nil; c = q.next(q.verdict(c, data.Waiting, data.KindTemporary), q.want(now)) {
			got = append(got, c.Message.ID)
			q.pass(time.Second)
		}
		if !slices.Equal(got, all) {
			t.Fatalf("went %v, want %v", got, all)
		}
		late := q.accept()
		if c := q.claim(now); c.Message.ID != late {
			t.Fatalf("message %d", c.Message.ID)
		}
		q.pass(90 * time.Minute)
		if c := q.claim(deferred); c.Message.ID == lost {
			t.Fatal("out of its turn") // five were due before it
		}
	})
	t.Run("a test goes alone, due or not", func(t *testing.T) {
		q := newQueue(t)
		q.accept()
		id := q.accept(class(data.ClassTest))
		q.record(q.claim(), data.Waiting, data.KindTemporary)
		if c := q.claim(func(w *data.Want) { w.Message = id }); c.Message.ID != id {
			t.Fatalf("%+v", c)
		}
		q.nothing(func(w *data.Want) { w.Message = id })
	})
	t.Run("in practice mode only practice copies and the program's own mails leave", func(t *testing.T) {
		q := newQueue(t)
		q.accept()
		q.accept(class(data.ClassNotice))
		own := q.accept(class(data.ClassLog))
		copied := q.accept(practice, class(data.ClassDropped))
		practicing := func(w *data.Want) { w.Practice = true }
		for _, id := range []int64{own, copied} {
			if c := q.claim(practicing); c.Message.ID != id {
				t.Fatalf("message %d left", c.Message.ID)
			}
		}
		q.nothing(practicing)
		q.nothing(practicing, func(w *data.Want) { w.Horizon = q.now.AddDate(100, 0, 0) })
	})
	t.Run("while letters are practised, real ones stay and everything else leaves", func(t *testing.T) {
		q := newQueue(t)
		notice, letter := q.accept(class(data.ClassNotice)), q.accept(class(data.ClassLetter))
		dropped := q.accept(class(data.ClassDropped))
		copied := q.accept(practice, class(data.ClassLetter))
		practising := func(w *data.Want) { w.Letters = true }
		for _, id := range []int64{dropped, copied} {
			if c := q.claim(practising); c.Message.ID != id {
				t.Fatalf("message %d left", c.Message.ID)
			}
		}
		q.nothing(practising)
		q.nothing(practising, func(w *data.Want) { w.Horizon = q.now.AddDate(100, 0, 0) })
		for _, id := range []int64{notice, letter} { // it is over
			if c := q.claim(); c.Message.ID != id {
				t.Fatalf("message %d left", c.Message.ID)
			}
		}
	})
	t.Run("10,000 recipients go a hundred at a time", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept(to(readers(10_000)...))
		var r *data.Result
		for i := range 100 {
			c := q.next(r, q.want())
			if c == nil || len(c.Deliveries) != 100 || c.Message.ID != id || c.Deliveries[0].Recipient != fmt.Sprintf("reader%d@school.org", 100*i) {
				t.Fatalf("%d: %+v", i, c)
			}
			r = q.verdict(c, data.Sent, data.KindSent)
		}
		if c := q.next(r, q.want()); c != nil {
			t.Fatal("more than all")
		}
		if n := q.number(`SELECT count(*) FROM history WHERE state = 'sent'`); n != 10_000 {
			t.Fatalf("%d sent", n)
		}
	})
	t.Run("a stopped context leaves neither record nor claim half done", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		c := q.claim()
		ctx, cancel := contextCancelled(t)
		defer cancel()
		if _, err := q.Next(ctx, q.verdict(c, data.Sent, data.KindSent), q.want()); err == nil {
			t.Fatal("no error")
		}
		q.state(id, data.Sending)
		q.record(c, data.Sent, data.KindSent)
		q.state(id, data.Sent)
	})
}

func TestTwoStoresNeverClaimTheSameDelivery(t *testing.T) {
	q := newQueue(t)
	const n = 120
	for range n {
		q.accept()
	}
	other := q.another()
	defer func() { _ = other.Close() }()
	var mu sync.Mutex
	seen := map[int64]int{}
	var wg sync.WaitGroup
	for _, s := range []*store.Store{q.Store, q.Store, other, other} {
		wg.Go(func() {
			var r *data.Result
			for {
				c, err := s.Next(t.Context(), r, q.want())
				if err != nil {
					t.Error(err)
					return
				}
				if c == nil {
					return
				}
				mu.Lock()
				for _, d := range c.Deliveries {
					seen[d.ID]++
				}
				mu.Unlock()
				r = q.verdict(c, data.Sent, data.KindSent)
			}
		})
	}
	wg.Wait()
	if len(seen) != n {
		t.Fatalf("%d of %d claimed", len(seen), n)
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("delivery %d was claimed %d times", id, times)
		}
	}
}
