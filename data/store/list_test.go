package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"smtpgateway/data"
)

func (q *queue) list(l data.ListQuery) []int64 {
	q.t.Helper()
	if l.Limit == 0 {
		l.Limit = 100
	}
	page, err := q.List(q.t.Context(), l)
	if err != nil {
		q.t.Fatal(err)
	}
	ids := make([]int64, len(page))
	for i, e := range page {
		ids[i] = e.ID
		if e.Message != e.Letter.ID || e.Letter.Subject == "" || e.Recipient == "" {
			q.t.Fatalf("%+v", e)
		}
	}
	return ids
}

// mixed is a queue of 30 deliveries, number i of 1 .. 30 queued in minute i, each third sent, each fifth failed.
func mixed(t *testing.T) *queue {
	t.Helper()
	q := newQueue(t)
	for i := 1; i <= 30; i++ {
		q.now = q.now.Add(time.Minute)
		q.accept(subject(fmt.Sprintf("Letter %d", i)), to(fmt.Sprintf("reader%d@school.org", i)))
		switch {
		case i%3 == 0:
			q.record(q.claim(func(w *data.Want) { w.Message = int64(i) }), data.Sent, data.KindSent)
		case i%5 == 0:
			q.record(q.claim(func(w *data.Want) { w.Message = int64(i) }), data.Failed, data.KindPermanent)
		}
	}
	return q
}

func down(from, to int) []int64 {
	var ids []int64
	for i := from; i >= to; i-- {
		ids = append(ids, int64(i))
	}
	return ids
}

func TestList(t *testing.T) {
	q := mixed(t)
	equal := func(t *testing.T, got, want []int64) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	t.Run("live and ended are one list, newest first", func(t *testing.T) { equal(t, q.list(data.ListQuery{}), down(30, 1)) })
	t.Run("pages follow each other without gap or overlap", func(t *testing.T) {
		var all []int64
		for before := int64(0); ; {
			page := q.list(data.ListQuery{Before: before, Limit: 7})
			all = append(all, page...)
			if len(page) < 7 {
				break
			}
			before = page[6]
		}
		equal(t, all, down(30, 1))
	})
	t.Run("a page upwards is the nearest one, and still newest first", func(t *testing.T) {
		equal(t, q.list(data.ListQuery{After: 4, Limit: 7}), down(11, 5))
		equal(t, q.list(data.ListQuery{After: 4, Before: 9}), down(8, 5))
		equal(t, q.list(data.ListQuery{After: 30}), nil)
	})
	t.Run("states are a filter", func(t *testing.T) {
		equal(t, q.list(data.ListQuery{States: []data.State{data.Failed}}), []int64{25, 20, 10, 5})
		equal(t, q.list(data.ListQuery{States: []data.State{data.Failed, data.Sent}, Limit: 4}), []int64{30, 27, 25, 24})
		equal(t, q.list(data.ListQuery{States: data.States()}), down(30, 1))
		equal(t, q.list(data.ListQuery{States: []data.State{"odd"}}), nil)
		equal(t, q.list(data.ListQuery{States: []data.State{data.Failed}, After: 5, Limit: 2}), []int64{20, 10})
	})
	t.Run("a date is a place to jump to", func(t *testing.T) {
		at := q.now.Add(-10 * time.Minute) // number 20
		equal(t, q.list(data.ListQuery{QueuedBy: at, Limit: 3}), down(20, 18))
		equal(t, q.list(data.ListQuery{QueuedBy: at, Limit: 3, Before: 15}), down(14, 12))
		equal(t, q.list(data.ListQuery{QueuedBy: at, States: []data.State{data.Sent}, Limit: 2}), []int64{18, 15})
		equal(t, q.list(data.ListQuery{QueuedBy: q.now.AddDate(-1, 0, 0)}), nil)
		equal(t, q.list(data.ListQuery{QueuedBy: q.now.AddDate(1, 0, 0), Limit: 1}), []int64{30})
	})
	t.Run("one message is a filter", func(t *testing.T) {
		equal(t, q.list(data.ListQuery{Message: 7}), []int64{7})
		equal(t, q.list(data.ListQuery{Message: 7, States: []data.State{data.Sent}}), nil)
	})
	t.Run("the limit is bounded", func(t *testing.T) {
		equal(t, q.list(data.ListQuery{Limit: -1}), []int64{30})
	})
	t.Run("the counts count", func(t *testing.T) {
		c, err := q.Counts(t.Context())
		if err != nil || c[data.Sent] != 10 || c[data.Failed] != 4 || c[data.Waiting] != 16 || c[data.Held] != 0 || len(c) != 6 {
			t.Fatal(c, err)
		}
	})
	t.Run("one line can be asked for by its number", func(t *testing.T) {
		e, err := q.Entry(t.Context(), 3)
		if err != nil || e.State != data.Sent || e.Letter.Subject != "Letter 3" {
			t.Fatalf("%+v %v", e, err)
		}
		if _, err := q.Entry(t.Context(), 99); data.CodeOf(err) != data.CodeNotFound {
			t.Fatal(err)
		}
		if _, err := q.Message(t.Context(), 99); data.CodeOf(err) != data.CodeNotFound {
			t.Fatal(err)
		}
	})
}

func TestSearch(t *testing.T) {
	q := mixed(t)
	special := map[string]int64{}
	for _, s := range []string{`50% "off" books_now`, `OR NOT near(a* b)`, `Überfällige Bücher`, `back\slash ^-:{}`, "図書館からのお知らせ"} {
		special[s] = q.only(q.accept(subject(s), to("someone@elsewhere.net"))).ID
	}
	several := q.deliveries(q.accept(subject("Two readers"), to("amy@pond.org", "rory@pond.org"), func(n *data.NewMessage) { n.To = "Undisclosed" }))
	search := func(t *testing.T, text string, l data.ListQuery, want ...int64) {
		t.Helper()
		l.Search = text
		if got := q.list(l); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
	t.Run("a part of an address or a subject is found, whatever its case", func(t *testing.T) {
		search(t, "reader17@school", data.ListQuery{}, 17)
		search(t, "LETTER 17", data.ListQuery{}, 17)
		search(t, "etter 17", data.ListQuery{}, 17)
		search(t, "überfällig", data.ListQuery{}, special[`Überfällige Bücher`])
		search(t, "ÜBERFÄLLIG", data.ListQuery{}, special[`Überfällige Bücher`])
		search(t, "からの", data.ListQuery{}, special["図書館からのお知らせ"])
	})
	t.Run("every word must be there, in any order", func(t *testing.T) {
		search(t, "17 letter", data.ListQuery{}, 17)
		search(t, "reader17 nonsense", data.ListQuery{})
	})
	t.Run("signs are text and never a command", func(t *testing.T) {
		for s, id := range special {
			search(t, s, data.ListQuery{}, id)
		}
		for _, s := range []string{`"`, `""""`, `'; DROP TABLE words; --`, `subject:x`, "%", `\`, "\x00abc\x00", "*", `"a" OR "b`} {
			if _, err := q.List(t.Context(), data.ListQuery{Search: s, Limit: 10}); err != nil {
				t.Errorf("%q: %v", s, err)
			}
		}
		search(t, "%", data.ListQuery{}, special[`50% "off" books_now`])
		search(t, "_", data.ListQuery{}, special[`50% "off" books_now`])
	})
	t.Run("one or two letters are found too", func(t *testing.T) {
		search(t, "17", data.ListQuery{}, 17)
		search(t, "図書", data.ListQuery{}, special["図書館からのお知らせ"])
	})
	t.Run("one recipient of a message is found without the others", func(t *testing.T) {
		search(t, "rory@pond", data.ListQuery{}, several[1].ID)
		search(t, "pond.org", data.ListQuery{}, several[1].ID, several[0].ID)
	})
	t.Run("a search goes by pages, states and dates like any list", func(t *testing.T) {
		search(t, "Letter", data.ListQuery{Limit: 3}, 30, 29, 28)
		search(t, "Letter", data.ListQuery{Limit: 3, Before: 28}, 27, 26, 25)
		search(t, "Letter", data.ListQuery{Limit: 3, After: 4}, 7, 6, 5)
		search(t, "Letter", data.ListQuery{States: []data.State{data.Failed}}, 25, 20, 10, 5)
		search(t, "Letter", data.ListQuery{QueuedBy: q.now.Add(-10 * time.Minute), Limit: 2}, 20, 19)
		search(t, "Letter", data.ListQuery{Message: 9}, 9)
	})
	t.Run("what moved to the history is still found, and what was sent again too", func(t *testing.T) {
		q.does(1, q.Retry, 25)
		search(t, "reader25@", data.ListQuery{}, 25)
	})
	t.Run("a search in many states goes by the index of words", func(t *testing.T) {
		if err := q.Fill(t.Context(), 2500, func(i int) *data.NewMessage { return newMessage(subject(fmt.Sprintf("Mass %d", i))) }); err != nil {
			t.Fatal(err)
		}
		search(t, "reader17@school", data.ListQuery{States: []data.State{data.Waiting}}, 17)
		if got := q.list(data.ListQuery{Search: "Mass", States: []data.State{data.Waiting}, Limit: 500}); len(got) != 500 {
			t.Fatal(len(got))
		}
	})
}
