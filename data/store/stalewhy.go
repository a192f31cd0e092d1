package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"smtpgateway/data"
)

// looking is one waiting letter under a closer look.
type looking struct {
	data.StaleLetter
	dues   []data.Date // the due dates it speaks of, one for each of Loans; 0: not known
	patron data.Patron // ID 0: deleted
	says   data.Disclosure
	tell   telling
	today  data.Date
}

// staleOf says what of a letter does not fit; nil: it fits, or something of it is being sent.
func staleOf(ctx context.Context, tx *sql.Tx, message int64, today data.Date, tell telling) (stale *data.StaleLetter, sending bool, err error) {
	l := looking{today: today, tell: tell}
	l.Message = message
	if err := l.read(ctx, tx); err != nil {
		return nil, false, fmt.Errorf("letter %d: %w", message, err)
	}
	sending, err = l.recipients(ctx, tx)
	if err != nil || sending {
		return nil, sending, err
	}
	for _, look := range []func(context.Context, *sql.Tx) error{l.atPatron, l.atAddresses, l.atTelling, l.atLoans} {
		if err := look(ctx, tx); err != nil {
			return nil, false, err
		}
		if l.Cause != "" {
			return &l.StaleLetter, false, nil
		}
	}
	return nil, false, nil
}

func (l *looking) read(ctx context.Context, tx *sql.Tx) error {
	var loans, dues string
	p := &l.patron
	err := tx.QueryRowContext(ctx, `SELECT l.patron, l.run, l.letter, l.role, l.loans, l.dues, m.practice,
			coalesce(p.id, 0), coalesce(p.left_day, 0), coalesce(p.hold_until, 0), coalesce(p.auto_overdue, 0), coalesce(p.email, ''),
			coalesce(p.grp, ''), l.disclosure
		FROM letter l CROSS JOIN message m ON m.id = l.message LEFT JOIN patron p ON p.id = l.patron WHERE l.message = ?`, l.Message).Scan(
		&l.Patron, &l.Run, &l.Letter, &l.Role, &loans, &dues, &l.Practice, &p.ID, &p.Left, &p.HoldUntil, &p.AutoOverdue, &p.Email, &p.Group, &l.says)
	if err != nil {
		return err
	}
	var days []int32 // a Date reads itself from text only
	if err := errors.Join(json.Unmarshal([]byte(loans), &l.Loans), json.Unmarshal([]byte(dues), &days)); err != nil {
		return err
	}
	l.dues = make([]data.Date, len(l.Loans))
	for i := range min(len(days), len(l.Loans)) {
		l.dues[i] = data.Date(days[i])
	}
	return nil
}

func (l *looking) recipients(ctx context.Context, tx *sql.Tx) (sending bool, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT recipient, state FROM delivery WHERE message = ? ORDER BY id`, l.Message) //nolint:rowserrcheck // collect looks at it
	_, err = collect(rows, err, func(rows scanner) (none struct{}, err error) {
		var to string
		var state data.State
		err = rows.Scan(&to, &state)
		sending = sending || state == data.Sending
		l.Open = append(l.Open, to)
		return none, err
	})
	return sending, err
}

func (l *looking) atPatron(context.Context, *sql.Tx) error {
	switch p := &l.patron; {
	case p.ID == 0:
		l.Why = "The patron was deleted."
	case p.Left != 0:
		l.Why = patronIsGone
	case p.Held(l.today):
		l.Why = "Letters to this patron rest until " + p.HoldUntil.At(12, 0, time.UTC).Format("2 January 2006") + "."
	case l.Run != 0 && !p.AutoOverdue:
		l.Why = noticesAreOff
	case l.Run != 0 && l.tell.rule(p.Group).Excluded:
		l.Why = "Automatic notices were switched off for this group."
	default:
		return nil
	}
	l.Cause = data.StalePatron
	return nil
}

// atAddresses passes over practice copies: they go to nobody's own address.
func (l *looking) atAddresses(ctx context.Context, tx *sql.Tx) error {
	if l.Practice {
		return nil
	}
	own, whose := []string{l.patron.Email}, "the patron's"
	if l.Role == data.RoleGuardian {
		rows, err := tx.QueryContext(ctx, `SELECT email FROM guardian WHERE patron = ? AND notices = 1 ORDER BY seq`, l.Patron) //nolint:rowserrcheck // collect looks at it
		own, err = collect(rows, err, func(rows scanner) (s string, err error) {
			err = rows.Scan(&s)
			return s, err
		})
		if err != nil {
			return err
		}
		whose = "that of a guardian who gets letters"
	}
	known := map[string]bool{}
	for _, a := range own {
		known[addressKey(a)] = true
	}
	for _, to := range l.Open {
		if !known[addressKey(to)] {
			l.Cause, l.Why = data.StaleAddress, "The address is no longer "+whose+"."
			return nil
		}
		var health data.AddressHealth
		switch err := tx.QueryRowContext(ctx, `SELECT health FROM address WHERE address = ?`, addressKey(to)).Scan(&health); {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return err
		case health == data.AddressRefused:
			l.Cause, l.Why = data.StaleAddress, "The owner of this address wants no mail."
		default:
			l.Cause, l.Why = data.StaleAddress, "Mail does not arrive at this address."
		}
	}
	return nil
}

// atLoans finds the loans that are not as the letter says, by the way in which they differ.
func (l *looking) atLoans(ctx context.Context, tx *sql.Tx) error {
	how := map[string]int{}
	for i, key := range l.Loans {
		var k data.Loan
		var back int64
		err := tx.QueryRowContext(ctx, `SELECT patron, due, returned_at, hold_until FROM loan WHERE key = ?`, key).Scan(&k.Patron, &k.Due, &back, &k.HoldUntil)
		switch {
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return err
		case err != nil || back != 0:
			how["back"]++
		case k.Patron != l.Patron:
			how["now lent to somebody else"]++
		case l.dues[i] != 0 && l.dues[i] != k.Due:
			how["due on another day"]++
		case k.Held(l.today):
			how["held"]++
		default:
			continue
		}
		l.Gone = append(l.Gone, key)
	}
	if len(l.Gone) == 0 {
		return nil
	}
	what := "back, held, lent to somebody else or due on another day"
	if len(how) == 1 {
		what = slices.Collect(maps.Keys(how))[0]
	}
	l.Cause = data.StaleLoan
	switch n := len(l.Gone); {
	case len(l.Loans) == 1:
		l.Why = "The loan is " + what + "."
	case n == len(l.Loans):
		l.Why = "The loans are " + what + "."
	case n == 1:
		l.Why = fmt.Sprintf("One of %d loans is %s.", len(l.Loans), what)
	default:
		l.Why = fmt.Sprintf("%d of %d loans are %s.", n, len(l.Loans), what)
	}
	return nil
}
