package screen

import (
	"context"
	"errors"
	"sync/atomic"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// importWork does one thing of an import off the window's goroutine, with progress and a way to stop it.
func importWork[T any](im *Import, words string, work func(ctx context.Context, s *store.Store, tell func(done, total int64)) (T, error), done func(T, error)) {
	if im.job != nil || im.over {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	j := &importJob{words: words, stop: stop}
	im.job, im.said = j, Said{}
	tell := im.desk.teller(func(done, total int64) {
		if im.job == j {
			j.done, j.total = done, total
			im.changed()
		}
	})
	GoStore(im.desk, func(desk context.Context, s *store.Store) (T, error) {
		defer context.AfterFunc(desk, stop)()
		return work(ctx, s, tell)
	}, func(got T, err error) {
		stop()
		im.job = nil
		if err == nil && j.stopped && im.step < ImportPlan { // it came to its end at the same moment, and has changed nothing
			err = context.Canceled
		}
		if errors.Is(err, context.Canceled) && data.AsError(err) == nil {
			err = &data.Error{Sentence: im.desk.Say("Stopped. Nothing was changed.")}
		}
		done(got, err)
		im.changed()
	})
	im.changed()
}

// teller gives work a way to say how far it has come, as often as it likes: show is called on the window's goroutine with
// the newest, and not again before that is shown.
func (d *Desk) teller(show func(done, total int64)) func(done, total int64) {
	var done, total atomic.Int64
	var posted atomic.Bool
	return func(a, b int64) {
		done.Store(a)
		total.Store(b)
		if d.ctx.Err() == nil && posted.CompareAndSwap(false, true) {
			d.o.Post(func() {
				posted.Store(false)
				show(done.Load(), total.Load())
			})
		}
	}
}
