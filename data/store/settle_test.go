package store_test

import (
	"testing"
	"time"

	"smtpgateway/data"
)

func (q *queue) unsettled() []data.Ended {
	q.t.Helper()
	e, err := q.Unsettled(q.t.Context(), 10)
	if err != nil {
		q.t.Fatal(err)
	}
	return e
}

func TestUnsettled(t *testing.T) {
	t.Run("a message is carried home when its last delivery has ended", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept(origin("k", "a.eml"), to("a@school.org", "b@school.org"))
		one := func(w *data.Want) { w.Recipients = 1 }
		q.record(q.claim(one), data.Sent, data.KindSent)
		if e := q.unsettled(); len(e) != 0 {
			t.Fatalf("too early: %+v", e)
		}
		q.record(q.claim(one), data.Sent, data.KindSent)
		e := q.unsettled()
		if len(e) != 1 || e[0].Message.ID != id || e[0].Message.File != "a.eml" || e[0].Origin == nil || e[0].Origin.Key != "k" ||
			len(e[0].Ended) != 2 || e[0].Open != 0 || e[0].Sent != 2 || len(e[0].Failed) != 0 {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("a failure is told at once, and known of until the end", func(t *testing.T) {
		q := newQueue(t)
		q.accept(file("a.eml"), to("a@school.org", "b@school.org"))
		r := q.verdict(q.claim(), data.Waiting, data.KindTemporary)
		r.Verdicts[0].State, r.Verdicts[0].Outcome.Kind = data.Failed, data.KindPermanent
		q.next(r, nil)
		e := q.unsettled()
		if len(e) != 1 || len(e[0].Ended) != 1 || len(e[0].Failed) != 1 || e[0].Open != 1 || e[0].Origin != nil {
			t.Fatalf("%+v", e)
		}
		if err := q.Settle(t.Context(), []int64{e[0].Ended[0].ID}, nil, nil); err != nil {
			t.Fatal(err)
		}
		if e := q.unsettled(); len(e) != 0 {
			t.Fatalf("%+v", e)
		}
		q.pass(time.Hour)
		q.record(q.claim(), data.Sent, data.KindSent)
		if e = q.unsettled(); len(e) != 1 || len(e[0].Ended) != 1 || len(e[0].Failed) != 1 || e[0].Sent != 1 {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("messages still on their way do not hide those behind them", func(t *testing.T) {
		q := newQueue(t)
		for range 12 {
			q.accept(file("a.eml"), to("a@school.org", "b@school.org"))
			r := q.verdict(q.claim(), data.Sent, data.KindSent)
			r.Verdicts[1].State = data.Waiting
			q.next(r, nil)
		}
		id := q.accept()
		q.record(q.claim(), data.Failed, data.KindPermanent)
		if e := q.unsettled(); len(e) != 1 || e[0].Message.ID != id {
			t.Fatalf("%+v", e)
		}
	})
}

func TestSettle(t *testing.T) {
	t.Run("the word of a failure is queued with the mark that it was told", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		q.record(q.claim(), data.Failed, data.KindPermanent)
		mail := newMessage(class(data.ClassReturn), func(n *data.NewMessage) { n.Sender, n.NoReturn, n.Door = "", true, data.DoorOwn })
		line := data.JournalLine{Kind: data.JournalMail, Message: id, Text: "Told."}
		err := q.Settle(t.Context(), []int64{q.only(id).ID}, []*data.NewMessage{mail}, []data.JournalLine{line})
		if err != nil || !q.state(id, data.Failed).Settled || len(q.unsettled()) != 0 {
			t.Fatal(err)
		}
		if c := q.claim(); c.Message.Class != data.ClassReturn || c.Message.Sender != "" || !c.Message.NoReturn {
			t.Fatalf("%+v", c)
		}
		lines, err := q.Journal(t.Context(), 0, 0, 10)
		if err != nil || len(lines) != 1 || lines[0].Text != "Told." || lines[0].Message != id {
			t.Fatal(lines, err)
		}
	})
	t.Run("a failure is told once, and not at all when it was sent again meanwhile", func(t *testing.T) {
		q := newQueue(t)
		ids := []int64{q.accept(), q.accept()}
		for i := range ids {
			q.record(q.claim(), data.Failed, data.KindPermanent)
			ids[i] = q.only(ids[i]).ID
		}
		q.does(1, q.Retry, ids[1])
		err := q.Settle(t.Context(), ids, []*data.NewMessage{newMessage(class(data.ClassReturn))}, nil)
		if data.CodeOf(err) != data.CodeConflict {
			t.Fatal(err)
		}
		if n := q.number(`SELECT count(*) FROM message`); n != 2 {
			t.Fatal("told all the same")
		}
		if e := q.unsettled(); len(e) != 1 || e[0].Ended[0].ID != ids[0] {
			t.Fatalf("%+v", e)
		}
	})
}
