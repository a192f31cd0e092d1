package screen

import (
	"context"

	"smtpgateway/data/store"
)

// asking is what a list keeps of its last question.
type asking struct {
	asked int64              // its number
	stop  context.CancelFunc // gives up on it; nil: nothing is asked
}

// askLast asks the store off the window's goroutine. An answer to a question that is not the last any more is dropped, and
// the store need not finish it.
func askLast[T any](d *Desk, a *asking, work func(ctx context.Context, s *store.Store) (T, error), done func(T, error)) {
	a.asked++
	number := a.asked
	if a.stop != nil {
		a.stop()
	}
	ctx, stop := context.WithCancel(d.ctx)
	a.stop = stop
	GoStore(d, func(_ context.Context, s *store.Store) (T, error) { return work(ctx, s) }, func(got T, err error) {
		stop()
		if number != a.asked {
			return
		}
		a.stop = nil
		done(got, err)
	})
}
