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
	t.Run("a list that ends nothing cancels nothing", func(t *testing.T) {
		l, _, _ := lent(t)
		n, err := l.CancelledBy(t.Context(), l.set(data.RosterLoans))
		ok(t, err)
		wantEqual(t, "told", n, 0)
	})
}
