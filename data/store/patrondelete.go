package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"smtpgateway/data"
)

// DeletePatron removes a person: the row with guardians, loans and holds, what was done and decided, the lines of the
// ledger, the mails about the person and those that went to addresses nobody else uses, what an import kept to be undone -
// here and in the backups. Backups come first, so that it can be asked again if one of them cannot be written; what is
// deleted here is deleted at last, and once it is, a crash leaves nothing undone but a copy made that very moment.
// CodeNotFound: there is none of this number. CodeNotNow: a mail to the person is just being sent, or stands in the
// drop folder. CodeDamaged: done, but a backup that cannot be read had to be removed as a whole.
func (s *Store) DeletePatron(ctx context.Context, id int64) error {
	var who *erasure
	err := s.update(ctx, func(tx *work) (err error) {
		if who, err = s.whoIs(tx, id); err != nil {
			return err
		}
		_, err = who.messages(tx, s)
		return err
	})
	if err != nil {
		return err
	}
	done := map[string]bool{}
	lost, err := s.eraseBackups(ctx, who, done)
	if err != nil {
		return err
	}
	err = s.update(ctx, func(tx *work) error {
		now, err := s.whoIs(tx, id)
		if err != nil {
			return err
		}
		_, err = now.erase(tx, s)
		return err
	})
	if err != nil {
		return err
	}
	s.foldLog(ctx)
	removeParts(s.backups)
	more, err := s.eraseBackups(ctx, who, done) // made meanwhile
	if err != nil {
		return err
	}
	return removedBackups(append(lost, more...))
}

// erasure is what one person is known by.
type erasure struct {
	id        int64
	folded    string
	name      string          // empty: too short to look for
	addresses map[string]bool // keys of addresses that nobody else uses
	loans     []string        // keys of loans
	sort      string
	exists    bool // in the database it was asked of
	copy      bool // that is a copy, where nothing is under way
}

// shortestName is how long a name must be for lines of the journal to be looked through for it.
const shortestName = 5

// whoIs learns all that erase needs. CodeNotFound: there is no such patron.
func (s *Store) whoIs(tx *work, id int64) (*erasure, error) {
	p, err := s.patronOf(tx, id)
	if err != nil {
		return nil, noPatron(err)
	}
	who := &erasure{id: id, folded: foldedKey(p.Key), sort: sortOf(&p), addresses: map[string]bool{}, exists: true}
	if p.First != "" && p.Last != "" && len(p.Name()) >= shortestName {
		who.name = p.Name()
	}
	for _, a := range addressesOf(&p) {
		users, err := s.usersOf(tx, addressKey(a))
		if err != nil {
			return nil, err
		}
		if len(users) == 1 {
			who.addresses[addressKey(a)] = true
		}
	}
	rows, err := s.rows(tx, `SELECT key FROM loan WHERE patron = ?`, id)
	who.loans, err = collect(rows, err, oneText)
	return who, err
}

// messages finds the mails that go with the person, and refuses where one of them is under way.
func (e *erasure) messages(tx *work, s *Store) ([]int64, error) {
	all, err := e.mails(tx, s)
	if err != nil {
		return nil, err
	}
	told, err := e.tellingMails(tx, s)
	if err != nil {
		return nil, err
	}
	for _, m := range told {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	if e.copy {
		return all, nil
	}
	return all, e.underWay(tx, s, all)
}

// mails are those about the person, and those to nobody else.
func (e *erasure) mails(tx *work, s *Store) ([]int64, error) {
	var all []int64
	if e.exists {
		rows, err := s.rows(tx, `SELECT message FROM letter WHERE patron = ? ORDER BY message`, e.id)
		if all, err = collect(rows, err, oneID); err != nil {
			return nil, err
		}
	}
	seen := map[int64]bool{}
	for _, m := range all {
		seen[m] = true
	}
	for address := range e.addresses {
		rows, err := s.rows(tx, `SELECT rowid FROM words WHERE words MATCH ?`, `"`+strings.ReplaceAll(address, `"`, `""`)+`"`)
		found, err := collect(rows, err, oneID)
		if err != nil {
			return nil, err
		}
		for _, m := range found {
			if seen[m] {
				continue
			}
			seen[m] = true
			theirs, err := e.only(tx, s, m)
			if err != nil {
				return nil, err
			}
			if theirs {
				all = append(all, m)
			}
		}
	}
	slices.Sort(all)
	return all, nil
}

// only reports whether a message went to nobody else.
func (e *erasure) only(tx *work, s *Store, message int64) (bool, error) {
	rows, err := s.rows(tx, `SELECT recipient FROM delivery WHERE message = ?1 UNION SELECT recipient FROM history WHERE message = ?1`, message)
	to, err := collect(rows, err, oneText)
	for _, r := range to {
		if !e.addresses[addressKey(r)] {
			return false, err
		}
	}
	return len(to) > 0, err
}

// tellingMails are the program's own mails about mails, ended, whose text names an address or the person.
func (e *erasure) tellingMails(tx *work, s *Store) ([]int64, error) {
	rows, err := s.rows(tx, `SELECT m.id FROM message m WHERE m.door = ?1 AND `+strings.ReplaceAll(ended, "?1", "?2"),
		string(data.DoorOwn), always)
	mails, err := collect(rows, err, oneID)
	if err != nil {
		return nil, err
	}
	var all []int64
	for _, m := range mails {
		rows, err := s.rows(tx, wholeBody, m)
		texts, err := collect(rows, err, func(rows scanner) (string, error) {
			var b []byte
			err := rows.Scan(&b)
			return strings.ToLower(string(b)), err
		})
		if err != nil {
			return nil, err
		}
		if e.namedIn(strings.Join(texts, "")) {
			all = append(all, m)
		}
	}
	return all, nil
}

// namedIn reports whether a text in small letters holds an address or the name.
func (e *erasure) namedIn(text string) bool {
	for a := range e.addresses {
		if strings.Contains(text, a) {
			return true
		}
	}
	return e.name != "" && strings.Contains(text, strings.ToLower(e.name))
}

// underWay refuses where somebody has one of these mails in the hand.
func (e *erasure) underWay(tx *work, s *Store, messages []int64) error {
	for _, m := range messages {
		var sending, inFolder bool
		err := s.row(tx, `SELECT EXISTS (SELECT 1 FROM delivery WHERE message = ?1 AND state = 'sending'),
			m.file <> '' AND (EXISTS (SELECT 1 FROM delivery WHERE message = ?1) OR EXISTS (SELECT 1 FROM history WHERE message = ?1 AND settled = 0))
			FROM message m WHERE m.id = ?1`, m).Scan(&sending, &inFolder)
		switch {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return err
		case sending:
			return &data.Error{Code: data.CodeNotNow, Sentence: "A mail to this person is being sent at this moment; nothing was deleted.", Next: "Try again in a minute."}
		case inFolder:
			return &data.Error{
				Code: data.CodeNotNow, Sentence: "A mail to this person still stands in the folder the library system writes to; nothing was deleted.",
				Next: "Cancel it in the Queue, and delete the person after the next check.",
			}
		}
	}
	return nil
}

// erase removes the person from one database and says whether anything was there.
func (e *erasure) erase(tx *work, s *Store) (bool, error) {
	messages, err := e.messages(tx, s)
	if err != nil {
		return false, err
	}
	for _, m := range messages {
		if err := s.eraseMessage(tx, m); err != nil {
			return false, err
		}
	}
	lines, err := e.eraseJournal(tx, s)
	if err != nil {
		return false, err
	}
	known := false
	if e.exists {
		if known, err = e.eraseRows(tx, s); err != nil {
			return false, err
		}
	}
	return known || lines || len(messages) > 0, nil
}

func (s *Store) eraseMessage(tx *work, id int64) error {
	for _, query := range [...]string{
		`DELETE FROM journal WHERE message = ?`, `UPDATE origin SET name = '' WHERE message = ?`,
		`DELETE FROM words WHERE rowid = ?`, `DELETE FROM message WHERE id = ?`,
	} {
		if _, err := s.exec(tx, query, id); err != nil {
			return err
		}
	}
	return nil
}

// eraseJournal removes the lines that name the person or an address.
func (e *erasure) eraseJournal(tx *work, s *Store) (bool, error) {
	var gone int64
	for text := range e.addresses {
		n, err := changed(s.exec(tx, `DELETE FROM journal WHERE instr(lower(text), ?) > 0`, text))
		if err != nil {
			return false, err
		}
		gone += n
	}
	if e.name == "" {
		return gone > 0, nil
	}
	n, err := changed(s.exec(tx, `DELETE FROM journal WHERE instr(text, ?) > 0`, e.name))
	return gone+n > 0, err
}

// eraseRows removes the patron and what is kept by number or key.
func (e *erasure) eraseRows(tx *work, s *Store) (bool, error) {
	w, err := s.patronWriter(tx)
	if err != nil {
		return false, err
	}
	type step struct {
		query string
		args  []any
	}
	steps := []step{
		{`DELETE FROM decision WHERE patron = ?`, []any{e.id}},
		{`DELETE FROM import_row WHERE what = 'patron' AND id = ?`, []any{e.id}},
		{`DELETE FROM import_row WHERE what = 'loan' AND (id IN (SELECT id FROM loan WHERE patron = ?1) OR json_extract(before, '$.patron') = ?1)`, []any{e.id}},
		// Loans that were forgotten long ago still stand in the ledger; their keys begin with the patron's.
		{`DELETE FROM ledger WHERE loan >= ? AND loan < ?`, []any{e.folded + "\x1f", e.folded + "\x20"}},
	}
	for _, key := range e.loans {
		steps = append(steps, step{`DELETE FROM ledger WHERE loan = ?`, []any{key}})
	}
	for a := range e.addresses {
		steps = append(steps, step{`DELETE FROM address WHERE address = ?`, []any{a}})
	}
	for _, st := range steps {
		if _, err := s.exec(tx, st.query, st.args...); err != nil {
			return false, err
		}
	}
	if err := w.remove(e.id); err != nil {
		return false, err
	}
	return true, w.close()
}

// foldLog folds the write-ahead log into the file and cuts it to nothing: what was deleted still stands in it. A reader
// that stays in the way for long leaves it to the next who folds.
func (s *Store) foldLog(ctx context.Context) {
	err := s.alone(ctx, func(w *writer) error {
		for end := time.Now().Add(s.busy); ; {
			var busy, pages, folded int64
			if err := w.row(`PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &folded); err != nil && !isBusy(err) || busy == 0 {
				return err
			}
			if !time.Now().Before(end) {
				return nil
			}
		}
	})
	if err != nil {
		s.log.Warn("The log of the database could not be folded in.", "error", err)
	}
}
