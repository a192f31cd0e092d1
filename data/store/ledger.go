package store

import (
	"context"
	"database/sql"
	"errors"
	"math"

	"smtpgateway/data"
)

// ledgerPage is how many rows of the ledger are read in one snapshot.
const ledgerPage = 5000

// Ledger is what was told about loans due in these days, both included; to 0: no end. Rows entered while it is read may
// be missing: QueueLetters looks again.
func (s *Store) Ledger(ctx context.Context, from, to data.Date) (data.Ledger, error) {
	if to == 0 {
		to = math.MaxInt32
	}
	all := data.Ledger{}
	last := told{key: data.NoticeKey{Due: from}}
	for {
		var page []told
		err := s.view(ctx, func(tx *sql.Tx) error {
			k := &last.key
			rows, err := tx.QueryContext(ctx, ledgerBetween, int64(to), int64(k.Due), k.Loan, k.Stage, string(k.Role), k.Practice, ledgerPage) //nolint:rowserrcheck // collect looks at it
			page, err = collect(rows, err, oneTold)
			return err
		})
		if err != nil {
			return nil, err
		}
		for i := range page {
			all[page[i].key] = page[i].message
		}
		if len(page) < ledgerPage {
			return all, nil
		}
		last = page[len(page)-1]
	}
}

const ledgerBetween = `SELECT loan, due, stage, role, practice, message FROM ledger INDEXED BY ledger_due
	WHERE due <= ?1 AND (due, loan, stage, role, practice) > (?2, ?3, ?4, ?5, ?6)
	ORDER BY due, loan, stage, role, practice LIMIT ?7`

// told is one row of the ledger.
type told struct {
	key     data.NoticeKey
	message int64
}

func oneTold(rows scanner) (t told, err error) {
	k := &t.key
	err = rows.Scan(&k.Loan, &k.Due, &k.Stage, &k.Role, &k.Practice, &t.message)
	return t, err
}

// EnterLedger counts notices as told without a mail: a person decided that nobody is to get them. What the ledger has
// already stays as it is.
func (s *Store) EnterLedger(ctx context.Context, keys []data.NoticeKey, run int64) error {
	for len(keys) > 0 {
		some := keys[:min(slice, len(keys))]
		keys = keys[len(some):]
		err := s.update(ctx, func(tx *work) error {
			now := millis(s.now())
			for _, k := range some {
				if err := s.enter(tx, k, 0, run, now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) enter(tx *work, k data.NoticeKey, message, run, now int64) error {
	_, err := s.exec(tx, `INSERT INTO ledger (loan, due, stage, role, practice, message, run, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, k.Loan, int64(k.Due), k.Stage, string(k.Role), k.Practice, message, run, now)
	return err
}

// toldBy is the message that told a notice, 0 without one; ok: the ledger has it.
func (s *Store) toldBy(tx *work, k data.NoticeKey) (message int64, ok bool, err error) {
	err = s.row(tx, `SELECT message FROM ledger WHERE loan = ? AND due = ? AND stage = ? AND role = ? AND practice = ?`,
		k.Loan, int64(k.Due), k.Stage, string(k.Role), k.Practice).Scan(&message)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return message, err == nil, err
}
