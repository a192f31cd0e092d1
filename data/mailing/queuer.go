package mailing

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// queuer writes letters and stores them slice by slice. The letters of one mail stay in one slice, so that the ledger
// speaks for all of them.
type queuer struct {
	store    Store
	w        *writer
	progress func(done, total int)
	most     int // letters at most; -1: all
	total    int

	letters []data.Letter
	queued  int // messages stored
	known   int // the ledger had them already
	passed  int // beyond most
}

// limit says how many letters go: in practice not all, and had were queued before.
func (q *queuer) limit(all []notice.Mail, had int) int {
	q.total = len(all)
	if !Practising(q.w.s) {
		return -1
	}
	return max(0, MostPractice-had)
}

// all writes and stores mails; those that belong together stand side by side.
func (q *queuer) all(ctx context.Context, mails []notice.Mail) error {
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
	return q.flush(ctx)
}

// add writes the letters of one patron and role; a full slice is stored.
func (q *queuer) add(ctx context.Context, all []notice.Mail) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if q.most >= 0 && q.queued+len(q.letters)+len(all) > q.most {
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
		q.letters = append(q.letters, l)
	}
	return nil
}

// flush stores what is written.
func (q *queuer) flush(ctx context.Context) error {
	if len(q.letters) == 0 {
		return nil
	}
	ids, err := q.store.QueueLetters(context.WithoutCancel(ctx), q.letters) // a stop comes between two slices
	if err != nil {
		return err
	}
	for _, id := range ids {
		if id == 0 {
			q.known++
			continue
		}
		q.queued++
	}
	q.letters = q.letters[:0]
	if q.progress != nil {
		q.progress(q.queued+q.known, q.total)
	}
	return nil
}
