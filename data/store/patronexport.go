package store

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"smtpgateway/data"
)

// ExportPatron gives everything that is known about a person, from one moment: the row, guardians, loans, what was done
// and decided, what the ledger says was told, and the mails about them or to addresses nobody else uses. CodeNotFound: there
// is none of this number.
func (s *Store) ExportPatron(ctx context.Context, id int64) (data.PatronFile, error) {
	f := data.PatronFile{Made: moment(millis(s.now()))}
	err := s.bare(ctx, func(w *writer) error {
		e := &exporting{s: s, tx: &work{writer: w}, f: &f}
		var err error
		if f.Patron, err = s.patronOf(e.tx, id); err != nil {
			return noPatron(err)
		}
		if e.who, err = s.whoIs(e.tx, id); err != nil {
			return err
		}
		for _, part := range []func() error{e.loans, e.addresses, e.events, e.decisions, e.told, e.mails} {
			if err := part(); err != nil {
				return err
			}
		}
		return nil
	})
	return f, err
}

type exporting struct {
	s   *Store
	tx  *work
	who *erasure
	f   *data.PatronFile
}

func (e *exporting) loans() error {
	rows, err := e.s.rows(e.tx, `SELECT `+loanColumns+` FROM loan l WHERE l.patron = ? ORDER BY l.due, l.id`, e.who.id)
	e.f.Loans, err = collect(rows, err, oneLoan)
	return err
}

func (e *exporting) addresses() error {
	keys := addressesOf(&e.f.Patron)
	for i := range keys {
		keys[i] = addressKey(keys[i])
	}
	rows, err := e.s.rows(e.tx, `SELECT `+addressColumns+` FROM address ORDER BY address`)
	all, err := collect(rows, err, oneAddress)
	for i := range all {
		if slices.Contains(keys, all[i].Address) {
			e.f.Addresses = append(e.f.Addresses, all[i])
		}
	}
	return err
}

func (e *exporting) events() error {
	rows, err := e.s.rows(e.tx, `SELECT at, kind, text FROM patron_event WHERE patron = ? ORDER BY at, id`, e.who.id)
	e.f.Events, err = collect(rows, err, func(rows scanner) (l data.TimelineLine, err error) {
		var at int64
		err = rows.Scan(&at, &l.Kind, &l.Text)
		l.At = moment(at)
		return l, err
	})
	return err
}

func (e *exporting) decisions() error {
	rows, err := e.s.rows(e.tx, `SELECT run, at, patron, loan, title, due, stage, role, ruling, detail, message
		FROM decision WHERE patron = ? ORDER BY run, seq`, e.who.id)
	e.f.Decisions, err = collect(rows, err, func(rows scanner) (d data.Decision, err error) {
		var at int64
		err = rows.Scan(&d.Run, &at, &d.Patron, &d.Loan, &d.Title, &d.Due, &d.Stage, &d.Role, &d.Ruling, &d.Detail, &d.Message)
		d.At = moment(at)
		return d, err
	})
	return err
}

func (e *exporting) told() error {
	loans, err := json.Marshal(e.who.loans)
	if err != nil {
		return err
	}
	rows, err := e.s.rows(e.tx, `SELECT loan, due, stage, role, practice, at FROM ledger
		WHERE loan IN (SELECT value FROM json_each(?)) OR (loan >= ? AND loan < ?) ORDER BY at, loan, stage`,
		string(loans), e.who.folded+"\x1f", e.who.folded+"\x20")
	e.f.Told, err = collect(rows, err, func(rows scanner) (l data.ToldLine, err error) {
		var at int64
		err = rows.Scan(&l.Loan, &l.Due, &l.Stage, &l.Role, &l.Practice, &at)
		l.At = moment(at)
		return l, err
	})
	return err
}

// mails gives one line for each recipient that is the person's; the text only once.
func (e *exporting) mails() error {
	messages, err := e.who.mails(e.tx, e.s)
	if err != nil {
		return err
	}
	for _, m := range messages {
		rows, err := e.s.rows(e.tx, `SELECT d.recipient, d.state, d.reason, d.changed_at, m.subject, m.queued_at, coalesce(l.letter, '')
			FROM (SELECT id, message, recipient, state, reason, changed_at FROM delivery WHERE message = ?1
				UNION ALL SELECT id, message, recipient, state, reason, changed_at FROM history WHERE message = ?1) d
			JOIN message m ON m.id = d.message LEFT JOIN letter l ON l.message = m.id ORDER BY d.id`, m)
		lines, err := collect(rows, err, func(rows scanner) (p data.PatronMail, err error) {
			var changed, queued int64
			err = rows.Scan(&p.Recipient, &p.State, &p.Reason, &changed, &p.Subject, &queued, &p.Letter)
			p.Message, p.Changed, p.Queued = m, moment(changed), moment(queued)
			return p, err
		})
		if err != nil {
			return err
		}
		text, err := e.text(m)
		if err != nil {
			return err
		}
		if len(lines) > 0 {
			lines[0].Text = text
		}
		e.f.Mails = append(e.f.Mails, lines...)
	}
	return nil
}

func (e *exporting) text(message int64) (string, error) {
	rows, err := e.s.rows(e.tx, wholeBody, message)
	parts, err := collect(rows, err, func(rows scanner) (string, error) {
		var b []byte
		err := rows.Scan(&b)
		return string(b), err
	})
	return strings.Join(parts, ""), err
}
