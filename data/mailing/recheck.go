package mailing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// Rechecked is what a look at the waiting letters changed.
type Rechecked struct {
	Cancelled int `json:"cancelled"` // nothing goes in their place
	Rewritten int `json:"rewritten"` // one about what remains does
	Reworded  int `json:"reworded"`  // they waited since an earlier day, and are in the words of today now
}

// Recheck looks at every letter and notice that waits, and takes back what no longer fits: the loan is back, has another
// date or is held, the patron is gone, the address does not take mail. Where something remains to be told, a new letter
// tells that, in the words of today; and so does one in place of a letter that has waited since an earlier day. It costs
// next to nothing where nothing changed since it last looked.
func (m *Mailer) Recheck(ctx context.Context, s *data.Settings) (Rechecked, error) {
	today := m.today()
	stale, err := m.o.Store.StaleLetters(ctx, today)
	if err != nil {
		return Rechecked{}, err
	}
	done, err := m.replace(ctx, s, stale, today)
	err = errors.Join(err, m.reword(ctx, s, today, &done))
	if done == (Rechecked{}) {
		return done, err
	}
	return done, errors.Join(err, m.o.Store.Note(ctx, data.JournalLine{At: m.o.Now(), Kind: data.JournalNotices, Text: done.String() + "."}))
}

// replace takes back letters that no longer fit.
func (m *Mailer) replace(ctx context.Context, s *data.Settings, stale []data.StaleLetter, today data.Date) (done Rechecked, err error) {
	if len(stale) == 0 {
		return done, nil
	}
	r, err := m.rechecker(ctx, s, stale, today)
	if err != nil {
		return done, err
	}
	var unwritten error
	for i := range stale {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		l := &stale[i]
		if err := r.others(ctx, m.o.Store, l); err != nil {
			return done, err
		}
		with, err := r.instead(l)
		if err != nil {
			if with = nil; data.CodeOf(err) != data.CodeNotFound { // else there is no text any more to write another with
				unwritten = cmp.Or(unwritten, err)
			}
		}
		switch err := m.o.Store.ReplaceLetter(ctx, l.Message, with, r.why(l, with)); {
		case data.CodeOf(err) == data.CodeConflict: // it left meanwhile
		case err != nil:
			return done, err
		case with == nil:
			done.Cancelled++
		default:
			done.Rewritten++
		}
	}
	return done, unwritten
}

// String is what was done in words.
func (r Rechecked) String() string {
	var parts []string
	if r.Cancelled > 0 {
		parts = append(parts, fmt.Sprintf("%d cancelled", r.Cancelled))
	}
	if r.Rewritten > 0 {
		parts = append(parts, fmt.Sprintf("%d written anew", r.Rewritten))
	}
	if r.Reworded > 0 {
		parts = append(parts, fmt.Sprintf("%d put into the words of today", r.Reworded))
	}
	if len(parts) == 0 {
		return "Waiting letters: nothing changed"
	}
	return "Waiting letters: " + strings.Join(parts, ", ")
}

// rechecker knows what is out now.
type rechecker struct {
	s       *data.Settings
	write   writer
	patrons map[int64]*data.Patron
	roster  *data.Roster
	keys    map[int64][]data.NoticeKey // by message
	stages  []data.Stage
	rules   []data.GroupRule
	today   data.Date
	told    []string // addresses of the others who were told what the letter at hand says
}

// others finds out who else was told, where a letter may need another reader.
func (r *rechecker) others(ctx context.Context, store Store, l *data.StaleLetter) (err error) {
	r.told = nil
	if l.Cause == data.StaleAddress && l.Role == data.RoleGuardian && !l.Practice {
		r.told, err = store.AlsoTold(ctx, l.Message)
	}
	return err
}

func (m *Mailer) rechecker(ctx context.Context, s *data.Settings, stale []data.StaleLetter, today data.Date) (*rechecker, error) {
	r := &rechecker{
		s: s, today: today, stages: s.Overdue.StageList(), patrons: make(map[int64]*data.Patron), keys: make(map[int64][]data.NoticeKey),
	}
	var who []int64
	for i := range stale {
		if stale[i].Cause != data.StalePatron {
			who = append(who, stale[i].Patron)
		}
	}
	slices.Sort(who)
	who = slices.Compact(who)
	if len(who) == 0 {
		return r, nil
	}
	texts, err := m.texts(ctx, s)
	if err != nil {
		return nil, err
	}
	r.write = writer{s: s, texts: texts, now: m.o.Now()}
	if r.rules, err = m.o.Store.GroupRules(ctx); err != nil {
		return nil, err
	}
	if r.roster, err = m.o.Store.Roster(ctx, data.RosterQuery{Patrons: who, Loans: true}); err != nil {
		return nil, err
	}
	first, last := data.Date(0), data.Date(0)
	for i := range r.roster.Patrons {
		p := &r.roster.Patrons[i]
		r.patrons[p.ID] = p
		for _, l := range r.roster.Loans[p.ID] {
			if first == 0 || l.Due < first {
				first = l.Due
			}
			last = max(last, l.Due)
		}
	}
	if first == 0 || !slices.ContainsFunc(stale, func(l data.StaleLetter) bool { return l.Run != 0 }) {
		return r, nil
	}
	ledger, err := m.o.Store.Ledger(ctx, first, last)
	for k, message := range ledger {
		if message != 0 {
			r.keys[message] = append(r.keys[message], k)
		}
	}
	return r, err
}

// instead is the letter that goes in the place of one that no longer fits; nil: none does. Practice stays practice, and
// what was queued for real stays so.
func (r *rechecker) instead(l *data.StaleLetter) (*data.Letter, error) {
	p := r.patrons[l.Patron]
	if l.Cause == data.StalePatron || p == nil || l.Practice && r.s.TestTo == "" {
		return nil, nil //nolint:nilnil // nothing goes in its place
	}
	m := r.remaining(l, p)
	if m == nil {
		return nil, nil //nolint:nilnil // nothing is left to tell
	}
	w := r.writer(l)
	with, err := w.write(m, l.Practice)
	if err != nil {
		return nil, err
	}
	return &with, nil
}

// writer writes letters of the kind of l.
func (r *rechecker) writer(l *data.StaleLetter) writer {
	w := r.write
	w.run, w.class, w.door = l.Run, data.ClassLetter, data.DoorLetter
	if l.Run != 0 {
		w.class, w.door = data.ClassNotice, data.DoorNotice
	}
	return w
}
