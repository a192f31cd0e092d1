package store

import (
	"context"
	"time"

	"smtpgateway/data"
)

// ledgerYears is how long after its due date a loan may still be told of, at the very most: until then the ledger knows
// what was told.
const ledgerYears = 2

// maintainLibrary is Maintain for the library's side. Loans that came back before a moment are deleted, then people who left
// before it and have no loans any more; what runs decided; what was done to patrons; what undoing an import would need.
func (s *Store) maintainLibrary(ctx context.Context, m *data.Maintained, now, before time.Time) error {
	rows := func(query string, bound int64) func() (int64, error) {
		return func() (int64, error) { return s.dropRows(ctx, query, bound) }
	}
	for _, job := range []struct {
		count *int64
		do    func() (int64, error)
	}{
		{&m.Loans, func() (int64, error) { return s.dropLoans(ctx, before) }},
		{&m.Patrons, func() (int64, error) { return s.dropPatrons(ctx, data.DateOf(before)) }},
		{new(int64), rows(dropDecisions, millis(before))},
		{&m.Runs, rows(dropRuns, millis(before))},
		{new(int64), rows(dropEvents, millis(before))},
		{new(int64), rows(dropLedger, int64(data.DateOf(now.AddDate(-ledgerYears, 0, 0))))},
		{new(int64), rows(`UPDATE import SET kept = 0 WHERE id IN (SELECT id FROM import WHERE kept = 1 AND at < ? LIMIT ?)`, millis(before))},
		{new(int64), rows(dropImportRows, millis(before))},
		{new(int64), rows(dropImports, millis(before))},
	} {
		n, err := job.do()
		*job.count = n
		if err != nil {
			return err
		}
	}
	return nil
}

const (
	// A run with many decisions must not take them all along in one transaction: they go before it.
	dropDecisions = `DELETE FROM decision WHERE (run, seq) IN (SELECT d.run, d.seq FROM run r CROSS JOIN decision d ON d.run = r.id
		WHERE r.began_at < ?1 LIMIT ?2)`
	dropRuns = `DELETE FROM run WHERE id IN (SELECT id FROM run WHERE began_at < ?1 LIMIT ?2)`
	// Numbers are given out in the order of time: the first one that is young ends the search.
	dropEvents = `DELETE FROM patron_event WHERE id IN (SELECT id FROM patron_event
		WHERE id < coalesce((SELECT id FROM patron_event WHERE at >= ?1 ORDER BY id LIMIT 1), 9223372036854775807) ORDER BY id LIMIT ?2)`
	dropLedger = `DELETE FROM ledger WHERE (loan, due, stage, role, practice) IN
		(SELECT loan, due, stage, role, practice FROM ledger INDEXED BY ledger_due WHERE due < ?1 LIMIT ?2)`
	dropImportRows = `DELETE FROM import_row WHERE (import, what, id) IN (SELECT r.import, r.what, r.id FROM import i
		CROSS JOIN import_row r ON r.import = i.id WHERE i.kept = 0 AND i.at < ?1 LIMIT ?2)`
	// The last one of its kind that stands says how old the lists are.
	dropImports = `DELETE FROM import WHERE id IN (SELECT i.id FROM import i WHERE i.at < ?1 AND NOT EXISTS (SELECT 1 FROM import_row r WHERE r.import = i.id)
		AND (i.undone_at <> 0 OR EXISTS (SELECT 1 FROM import o WHERE o.kind = i.kind AND o.id > i.id AND o.undone_at = 0)) LIMIT ?2)`
)

func (s *Store) dropLoans(ctx context.Context, before time.Time) (int64, error) {
	return s.slices(ctx, func(tx *work) (n int64, more bool, err error) {
		n, err = changed(s.exec(tx, `DELETE FROM loan WHERE id IN (SELECT id FROM loan INDEXED BY loan_back
			WHERE returned_at <> 0 AND returned_at < ? LIMIT ?)`, millis(before), sliceRows))
		if err == nil && n > 0 {
			_, err = s.raise(tx)
		}
		return n, n == sliceRows, err
	})
}

// dropPatrons forgets people who left before a day: with their adults and what was done to them, and with what runs decided
// about them. Who has something at home is not forgotten.
func (s *Store) dropPatrons(ctx context.Context, before data.Date) (int64, error) {
	return s.slices(ctx, func(tx *work) (int64, bool, error) {
		rows, err := s.rows(tx, `SELECT p.id FROM patron p INDEXED BY patron_left WHERE p.left_day <> 0 AND p.left_day < ?
			AND NOT EXISTS (SELECT 1 FROM loan l WHERE l.patron = p.id) LIMIT ?`, int64(before), sliceRows)
		gone, err := collect(rows, err, oneID)
		if err != nil || len(gone) == 0 {
			return 0, false, err
		}
		w, err := s.patronWriter(tx)
		if err != nil {
			return 0, false, err
		}
		for _, id := range gone {
			if _, err := s.exec(tx, `DELETE FROM decision WHERE patron = ?`, id); err != nil {
				return 0, false, err
			}
			if err := w.remove(id); err != nil {
				return 0, false, err
			}
		}
		return int64(len(gone)), len(gone) == sliceRows, w.close()
	})
}
