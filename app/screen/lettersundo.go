package screen

import (
	"context"
	"fmt"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// Undo takes back those that were queued and still wait: they are cancelled, and may be queued again.
func (l *Letters) Undo() {
	if !l.CanUndo() {
		return
	}
	messages, lines := l.done.messages, l.done.lines
	ctx, j := l.begin(len(messages), func(j *letterJob) string {
		return l.desk.Say("Taking back: {{.N}} of {{.All}}", With("N", thousands(j.done), "All", thousands(j.total)))
	})
	var back []bool
	GoStore(l.desk, func(_ context.Context, s *store.Store) (n int, err error) {
		back = make([]bool, len(messages))
		for from := 0; from < len(messages) && ctx.Err() == nil; from += slice {
			some := messages[from:min(from+slice, len(messages))]
			if err := cancelLetters(context.WithoutCancel(ctx), s, some, back[from:]); err != nil {
				return n, err
			}
			for _, yes := range back[from : from+len(some)] {
				if yes {
					n++
				}
			}
			l.report(j, from+len(some), len(messages))
		}
		if n > 0 {
			err = s.Note(context.WithoutCancel(ctx), data.JournalLine{Kind: data.JournalPerson, Text: fmt.Sprintf("A person took letters back: %d messages.", n)})
		}
		return n, err
	}, func(n int, err error) {
		l.end()
		l.takenBack(n, messages, lines, back, err)
	})
}

// cancelLetters cancels messages that wait and notes which of them are cancelled.
func cancelLetters(ctx context.Context, s *store.Store, messages []int64, back []bool) error {
	var ids []int64
	of := map[int64]int{}
	for i, m := range messages {
		to, err := s.Deliveries(ctx, m)
		if err != nil {
			return err
		}
		for _, d := range to {
			if d.State == data.Waiting || d.State == data.Held {
				ids, of[d.ID] = append(ids, d.ID), i
			}
		}
	}
	taken, err := s.Step(ctx, store.StepCancel, ids, reasonCancel)
	if err != nil {
		return err
	}
	if taken.Len() == len(ids) {
		for _, i := range of {
			back[i] = true
		}
		return nil
	}
	now, err := s.Standings(ctx, ids)
	for i := range now {
		if now[i].State == data.Cancelled {
			back[of[now[i].ID]] = true
		}
	}
	return err
}

func (l *Letters) takenBack(n int, messages []int64, lines []int, back []bool, err error) {
	say := l.desk.Say
	l.done = letterDone{}
	for i, yes := range back {
		if yes && i < len(lines) && l.list != nil {
			l.list.batch.Lines[lines[i]].Queued = false
		}
	}
	words := say("{{.N}} letters are taken back. Nobody gets them.", With("N", thousands(n)))
	if n == 1 {
		words = say("1 letter is taken back. Nobody gets it.")
	}
	switch rest := len(messages) - n; {
	case err != nil:
		l.done.bad = true
		words = sentences(asError(err).Error(), words)
	case rest == 1:
		words += " " + say("1 had gone on meanwhile and stays as it is.")
	case rest > 1:
		words += " " + say("{{.N}} had gone on meanwhile and stay as they are.", With("N", thousands(rest)))
	}
	l.done.words = words
	l.desk.Wake()
	l.changed()
}
