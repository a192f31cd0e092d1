package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"smtpgateway/data"
)

// RosterRevision is raised by every change to patrons, loans and addresses, and to what guardians of a group are told.
func (s *Store) RosterRevision(ctx context.Context) (int64, error) {
	var n int64
	err := s.r.QueryRowContext(ctx, `SELECT revision FROM library`).Scan(&n)
	return n, mapError(err)
}

// raise gives the revision of the change under way.
func (s *Store) raise(tx *work) (int64, error) {
	var n int64
	if _, err := s.exec(tx, `UPDATE library SET revision = revision + 1`); err != nil {
		return 0, err
	}
	err := s.row(tx, `SELECT revision FROM library`).Scan(&n)
	return n, err
}

// Roster gives people with guardians, what they have at home and which addresses are in trouble, from one moment. With
// days, all loans of those found come along, not only those that are due then.
func (s *Store) Roster(ctx context.Context, q data.RosterQuery) (*data.Roster, error) {
	var r *data.Roster
	err := s.bare(ctx, func(w *writer) error {
		read, err := newRosterReading(ctx, w, q)
		if err != nil {
			return err
		}
		r, err = read.all(q.Loans)
		return err
	})
	return r, err
}

// bare is view for a great many rows: it asks the driver itself, as the writer does, which takes half the time.
func (s *Store) bare(ctx context.Context, f func(w *writer) error) error {
	conn, err := s.r.Conn(ctx)
	if err != nil {
		return mapError(err)
	}
	err = conn.Raw(func(c any) (err error) {
		at, ok := c.(driver.Conn)
		if !ok {
			return driver.ErrSkip
		}
		w := &writer{conn: at, ready: map[string]statement{}}
		if _, err := w.exec(`BEGIN`); err != nil {
			return err
		}
		defer func() {
			_, end := w.exec(`ROLLBACK`)
			err = errors.Join(err, end, w.forget())
		}()
		return f(w)
	})
	return mapError(errors.Join(err, conn.Close()))
}

// rosterReading reads the patrons a condition names, and what hangs on them.
type rosterReading struct {
	ctx   context.Context //nolint:containedctx // of the reading, to stop it
	w     *writer
	where string
	args  []any
	few   bool // the condition names some: all others are not even looked at
	r     *data.Roster
}

func newRosterReading(ctx context.Context, w *writer, q data.RosterQuery) (*rosterReading, error) {
	k := &rosterReading{ctx: ctx, w: w, where: `1`}
	if !q.WithLeft {
		k.where += ` AND p.left_day = 0`
	}
	if q.Patrons != nil {
		if err := k.only(`p.id IN (SELECT value FROM json_each(?))`, q.Patrons); err != nil {
			return nil, err
		}
	}
	if len(q.Groups) > 0 {
		if err := k.only(`p.grp IN (SELECT value FROM json_each(?))`, q.Groups); err != nil {
			return nil, err
		}
	}
	if q.DueFrom != 0 || q.DueTo != 0 {
		to := int64(q.DueTo)
		if to == 0 {
			to = always
		}
		k.where += ` AND p.id IN (SELECT patron FROM loan INDEXED BY loan_due WHERE returned_at = 0 AND due BETWEEN ? AND ?)`
		k.args, k.few = append(k.args, int64(q.DueFrom), to), true
	}
	return k, nil
}

func (k *rosterReading) only(condition string, values any) error {
	list, err := json.Marshal(values)
	k.where, k.args, k.few = k.where+` AND `+condition, append(k.args, string(list)), true
	return err
}

func (k *rosterReading) all(loans bool) (*data.Roster, error) {
	k.r = &data.Roster{Loans: map[int64][]data.Loan{}, Health: map[string]data.AddressState{}}
	if err := k.patrons(); err != nil {
		return nil, err
	}
	if loans {
		if err := k.loans(); err != nil {
			return nil, err
		}
	}
	rows, err := k.w.rows(`SELECT ` + addressColumns + ` FROM address`)
	states, err := collect(rows, err, oneAddress)
	for i := range states {
		k.r.Health[states[i].Address] = states[i]
	}
	return k.r, errors.Join(err, k.ctx.Err())
}

func (k *rosterReading) patrons() error {
	rows, err := k.w.rows(`SELECT `+packedPatron+` FROM patron p WHERE `+k.where+` ORDER BY p.id`, k.args...)
	if k.r.Patrons, err = collectInto(k.room(`patron`), rows, err, new(packed).patron); err != nil {
		return err
	}
	where, args := ``, []any(nil)
	if k.few {
		where, args = ` WHERE g.patron IN (SELECT p.id FROM patron p WHERE `+k.where+`)`, k.args
	}
	rows, err = k.w.rows(`SELECT `+guardianColumns+` FROM guardian g`+where+` ORDER BY g.patron, g.seq`, args...)
	guardians, err := collectInto(k.room(`guardian`), rows, err, oneGuardian)
	giveGuardians(k.r.Patrons, guardians)
	return errors.Join(err, k.ctx.Err())
}

// room is how many rows of a table are to be expected at most, so that what they are read into need not grow.
func (k *rosterReading) room(table string) (n int) {
	if k.few || k.w.row(`SELECT count(*) FROM `+table).Scan(&n) != nil {
		return 0
	}
	return n
}

// Patrons and loans in few columns: each column costs as much as all the rest of the row.
const (
	packedPatron = `p.id, p.auto_overdue, p.left_day, p.changed_at, concat_ws(x'1e', p.key, p.card, p.first_name, p.last_name, p.grp, p.level,
		p.email, p.language, p.hold_until, p.hold_reason, p.by_hand, p.address)`
	packedLoan = `l.id, l.patron, l.due, l.issued, concat_ws(x'1e', l.key, l.barcode, l.title, l.author, l.call_number, l.price, l.hold_until, l.hold_reason)`
	packedGap  = "\x1e" // no text of a list has it: see plain
)

func (k *rosterReading) loans() error {
	// Without being told, SQLite would go by the index of due dates and look up every row by itself.
	query, args := `SELECT `+packedLoan+` FROM loan l NOT INDEXED WHERE l.returned_at = 0`, []any(nil)
	if k.few {
		query = `SELECT ` + packedLoan + ` FROM loan l INDEXED BY loan_patron WHERE l.returned_at = 0 AND l.patron IN (SELECT p.id FROM patron p WHERE ` + k.where + `)`
		args = k.args
	}
	rows, err := k.w.rows(query, args...)
	all, err := collectInto(k.room(`loan`), rows, err, new(packed).loan)
	if err := errors.Join(err, k.ctx.Err()); err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b data.Loan) int {
		if a.Patron != b.Patron {
			return int(a.Patron - b.Patron)
		}
		if a.Due != b.Due {
			return int(a.Due - b.Due)
		}
		return int(a.ID - b.ID)
	})
	have := k.r.Patrons
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].Patron == all[0].Patron {
			n++
		}
		for len(have) > 0 && have[0].ID < all[0].Patron {
			have = have[1:]
		}
		if len(have) > 0 && have[0].ID == all[0].Patron {
			k.r.Loans[all[0].Patron] = all[:n:n]
		}
		all = all[n:]
	}
	return nil
}

// packed is a row under way. It is used again for the next one: what a row is read into would else be made anew each time.
type packed struct {
	numbers [4]int64
	text    string
	places  []any
}

func (k *packed) scan(rows scanner) error {
	if k.places == nil {
		for i := range k.numbers {
			k.places = append(k.places, &k.numbers[i])
		}
		k.places = append(k.places, &k.text)
	}
	return rows.Scan(k.places...)
}

// loan reads packedLoan.
func (k *packed) loan(rows scanner) (l data.Loan, err error) {
	if err := k.scan(rows); err != nil {
		return l, err
	}
	l.ID, l.Patron, l.Due, l.Issued = k.numbers[0], k.numbers[1], data.Date(k.numbers[2]), data.Date(k.numbers[3]) //nolint:gosec // days
	text := unpack(k.text, &l.Key, &l.Barcode, &l.Title, &l.Author, &l.CallNumber, &l.Price)
	l.HoldUntil, err = unpackHold(text, &l.HoldReason)
	return l, err
}

// patron reads packedPatron.
func (k *packed) patron(rows scanner) (p data.Patron, err error) {
	if err := k.scan(rows); err != nil {
		return p, err
	}
	var hold, marks string
	p.ID, p.AutoOverdue, p.Left, p.Changed = k.numbers[0], k.numbers[1] != 0, data.Date(k.numbers[2]), moment(k.numbers[3]) //nolint:gosec // days
	p.Address = unpack(k.text, &p.Key, &p.Card, &p.First, &p.Last, &p.Group, &p.Level, &p.Email, &p.Language, &hold, &p.HoldReason, &marks)
	p.ByHand = marksOf(marks)
	p.HoldUntil, err = unpackHold(hold, new(string))
	return p, err
}

// unpack gives the parts of a text to where they are wanted, and what is left of it.
func unpack(text string, to ...*string) string {
	for _, at := range to {
		*at, text, _ = strings.Cut(text, packedGap)
	}
	return text
}

// unpackHold reads the day of a hold, and the reason behind it.
func unpackHold(text string, reason *string) (data.Date, error) {
	day, rest, _ := strings.Cut(text, packedGap)
	*reason = rest
	if day == "0" {
		return 0, nil
	}
	n, err := strconv.ParseInt(day, 10, 32)
	return data.Date(n), err
}
