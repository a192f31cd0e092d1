package store_test

import (
	"testing"
	"time"

	"smtpgateway/data"
)

func TestCancelledBy(t *testing.T) {
	t.Run("the letters an import would cancel are counted before, as it does it then", func(t *testing.T) {
		l, all, loans := lent(t)
		l.letter(&all[0], loans[0].Key)
		l.letter(&all[0], loans[0].Key, loans[1].Key)
		l.letter(&all[0])
		l.letter(&all[1], loans[2].Key)
		l.pass(time.Hour)
		for _, back := range [][]data.Loan{{loans[0]}, {loans[1], loans[2]}} {
			set := l.set(data.RosterLoans)
			for i := range back {
				set.Gone = append(set.Gone, data.Changed{Was: &back[i]})
			}
			n, err := l.CancelledBy(t.Context(), set)
			ok(t, err)
			wantEqual(t, "told before", n, l.back(back...).Notices)
			if n == 0 {
				t.Error("none")
			}
		}
	})
	t.Run("so are those of patrons whom a list drops, or whose notices it switches off", func(t *testing.T) {
		l, all, loans := lent(t)
		l.letter(&all[0], loans[0].Key)
		l.letter(&all[1], loans[2].Key) // a person's: it does not end with the notices
		l.notice(&all[1], loans[2])
		off := all[1]
		off.AutoOverdue = false
		for _, n := range []int{1, 1} {
			set := l.set(data.RosterPatrons)
			set.Gone = []data.Changed{{Before: &all[0]}}
			if all[0].Left != 0 {
				set.Gone = nil
				set.Changed = []data.Changed{{Before: &all[1], After: &off}}
			}
			told, err := l.CancelledBy(t.Context(), set)
			ok(t, err)
			wantEqual(t, "told before", told, n)
			wantEqual(t, "cancelled", l.take(set).Notices, n)
			all[0] = l.patron(all[0].ID)
		}
	})
	t.Run("a list that ends nothing cancels nothing", func(t *testing.T) {
		l, _, _ := lent(t)
		n, err := l.CancelledBy(t.Context(), l.set(data.RosterLoans))
		ok(t, err)
		wantEqual(t, "told", n, 0)
	})
}
