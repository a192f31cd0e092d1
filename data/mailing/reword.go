package mailing

import (
	"cmp"
	"context"
	"slices"

	"smtpgateway/data"
)

// tooLong is the reason of a notice that something is due soon, and now it is late.
const tooLong = "It waited until it was no longer true."

// reword gives what waits since an earlier day the words of today: "due tomorrow" is wrong the day after.
func (m *Mailer) reword(ctx context.Context, s *data.Settings, today data.Date, done *Rechecked) error {
	const page = 1000
	var unwritten error
	midnight := today.At(0, 0, m.o.Now().Location())
	for after := int64(0); ; {
		aged, err := m.o.Store.AgedLetters(ctx, midnight, after, page)
		if err != nil || len(aged) == 0 {
			return cmp.Or(err, unwritten)
		}
		after = aged[len(aged)-1].Message
		old := make([]data.StaleLetter, len(aged))
		for i := range aged {
			old[i] = aged[i].StaleLetter
		}
		r, err := m.rechecker(ctx, s, old, today)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(aged, slice) {
			if err := ctx.Err(); err != nil {
				return err
			}
			unwritten = cmp.Or(unwritten, m.rewordSlice(ctx, r, some, done))
		}
	}
}

func (m *Mailer) rewordSlice(ctx context.Context, r *rechecker, aged []data.AgedLetter, done *Rechecked) error {
	var fresh []data.Reworded
	var unwritten error
	for i := range aged {
		a := &aged[i]
		with, err := r.anew(a)
		if data.CodeOf(err) == data.CodeNotFound { // written for this once, or its text was deleted since: it goes as it is
			continue
		}
		if err != nil { // it goes as it is
			unwritten = cmp.Or(unwritten, err)
			continue
		}
		if with != nil {
			fresh = append(fresh, *with)
			continue
		}
		switch err := m.o.Store.ReplaceLetter(ctx, a.Message, nil, tooLong); {
		case data.CodeOf(err) == data.CodeConflict:
		case err != nil:
			return err
		default:
			done.Cancelled++
		}
	}
	n, err := m.o.Store.RewordLetters(ctx, fresh)
	done.Reworded += n
	return cmp.Or(err, unwritten)
}

// anew is a letter in the words of today; nil: nothing of it is true any more.
func (r *rechecker) anew(a *data.AgedLetter) (*data.Reworded, error) {
	p := r.patrons[a.Patron]
	if p == nil {
		return nil, nil //nolint:nilnil // the patron is gone
	}
	m := r.remaining(&a.StaleLetter, p)
	if m == nil {
		return nil, nil //nolint:nilnil // nothing is left to tell
	}
	m.Also = slices.DeleteFunc(m.Also, func(l data.Loan) bool { return !slices.Contains(a.Loans, l.Key) })
	w := r.writer(&a.StaleLetter)
	w.id = a.MessageID
	l, err := w.write(m, a.Practice)
	if err != nil {
		return nil, err
	}
	return &data.Reworded{Message: a.Message, With: l.Message, Disclosure: l.Disclosure, Digest: l.Digest}, nil
}
