package mailing

import (
	"cmp"
	"context"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// queuer writes letters and stores them slice by slice: while one slice is stored the next is written. The letters of one
// mail stay in one slice, so that the ledger speaks for all of them.
type queuer struct {
	store    Store
	w        *writer
	progress func(done, total int)
	most     int // letters at most; -1: all
	again    bool
	total    int

	letters []data.Letter
	storing chan stored // of the slice under way; nil: none is
	written int
	queued  int // messages stored
	known   int // the ledger had them already
	passed  int // beyond most
}

// stored is what became of a slice.
type stored struct {
	ids []int64
	err error
}

// limit says how many letters go: in practice not all, and had were queued before.
func (q *queuer) limit(all []notice.Mail, had int) int {
	q.total = len(all)
	if !Practising(q.w.s) {
		return -1
	}
	return max(0, MostPractice-had)
}

// all writes and stores mails; those that belong together stand side by side. When it returns nothing is under way.
func (q *queuer) all(ctx context.Context, mails []notice.Mail) error {
	err := q.each(ctx, mails)
	if err == nil {
		err = q.flush(ctx)
	}
	return cmp.Or(err, q.wait())
}

func (q *queuer) each(ctx context.Context, mails []notice.Mail) error {
	for i := 0; i < len(mails); {
		n := i + 1
		for n < len(mails) && mails[n].With == mails[i].With {
			n++
		}
		if err := q.add(ctx, mails[i:n]); err != nil {
			return err
		}
		i = n
	}
	return nil
}

// add writes the letters of one patron and role; a full slice is stored.
func (q *queuer) add(ctx context.Context, all []notice.Mail) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if q.most >= 0 && q.written+len(all) > q.most {
		q.passed += len(all)
		return nil
	}
	if len(q.letters) > 0 && len(q.letters)+len(all) > slice {
		if err := q.flush(ctx); err != nil {
			return err
		}
	}
	practice := Practising(q.w.s)
	for i := range all {
		l, err := q.w.write(&all[i], practice)
		if err != nil {
			return err
		}
		l.Once = l.Run == 0 && !q.again
		q.letters = append(q.letters, l)
		q.written++
	}
	return nil
}

// flush begins to store what is written, when the slice before is.
func (q *queuer) flush(ctx context.Context) error {
	if err := cmp.Or(q.wait(), ctx.Err()); err != nil || len(q.letters) == 0 {
		return err
	}
	letters, storing := q.letters, make(chan stored, 1)
	q.letters, q.storing = make([]data.Letter, 0, slice), storing
	go func() {
		ids, err := q.store.QueueLetters(context.WithoutCancel(ctx), letters) // a stop comes between two slices
		storing <- stored{ids: ids, err: err}
	}()
	return nil
}

// wait takes in what became of the slice under way.
func (q *queuer) wait() error {
	if q.storing == nil {
		return nil
	}
	s := <-q.storing
	q.storing = nil
	if s.err != nil {
		return s.err
	}
	for _, id := range s.ids {
		if id == 0 {
			q.known++
			continue
		}
		q.queued++
	}
	if q.progress != nil {
		q.progress(q.queued+q.known, q.total)
	}
	return nil
}
