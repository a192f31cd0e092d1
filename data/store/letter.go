package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"smtpgateway/data"
)

// QueueLetters stores letters, notices and direct mails about patrons in one transaction, each with the rows of the
// ledger it fulfils: all of it is on the disk when it returns, or nothing is. The numbers of the messages come back in the
// order of the letters. A letter of which the ledger has one notice already is not stored and its number is 0, so that
// neither a restart nor a second program tells anything twice; and so is that of a letter that is to
// be queued once (Letter.Once) and that its reader has already. The keys of a practice copy are entered as practice. Some
// hundred letters at a time leave others their turn. After an error the same letters may be given again, if their bodies
// can be rewound. CodeUsage: a class that is none of those three.
func (s *Store) QueueLetters(ctx context.Context, letters []data.Letter) (ids []int64, err error) {
	parcels := make([]*parcel, len(letters))
	defer func() {
		if err != nil {
			rewind(letters)
		}
	}()
	for i := range letters {
		if parcels[i], err = packLetter(&letters[i]); err != nil {
			return nil, err
		}
	}
	err = s.update(ctx, func(tx *work) error {
		ids = make([]int64, len(letters))
		for i := range letters {
			if ids[i], err = s.queueLetter(tx, parcels[i], &letters[i], 0); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

func packLetter(l *data.Letter) (*parcel, error) {
	if l.Message == nil || !slices.Contains([]data.Class{data.ClassDirect, data.ClassNotice, data.ClassLetter}, l.Message.Class) {
		return nil, &data.Error{Code: data.CodeUsage, Sentence: "This message is neither a letter nor a notice nor a direct e-mail."}
	}
	return pack(l.Message)
}

// rewind makes bodies that were read ready to be read again: given once more as they are, they would be stored empty.
func rewind(letters []data.Letter) {
	for _, l := range letters {
		if l.Message == nil {
			continue
		}
		if body, ok := l.Message.Body.(io.Seeker); ok {
			_, _ = body.Seek(0, io.SeekStart) // in memory
		}
	}
}

// queueLetter stores one letter, unless one of its notices was told by another message than except.
func (s *Store) queueLetter(tx *work, p *parcel, l *data.Letter, except int64) (int64, error) {
	keys := slices.Clone(l.Notices)
	for i := range keys {
		keys[i].Practice = p.Practice
		by, ok, err := s.toldBy(tx, keys[i])
		if err != nil {
			return 0, err
		}
		if ok && (by != except || by == 0) {
			return 0, nil
		}
	}
	if has, err := s.hasAlready(tx, p, l); err != nil || has {
		return 0, err
	}
	id, err := s.accept(tx, p)
	if err != nil {
		return 0, err
	}
	if err := s.insertLetter(tx, id, l, keys); err != nil {
		return 0, err
	}
	now := millis(s.now())
	for _, k := range keys {
		_, err := s.exec(tx, `INSERT INTO ledger (loan, due, stage, role, practice, message, run, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
			ON CONFLICT DO UPDATE SET message = ?6, run = ?7, at = ?8`,
			k.Loan, int64(k.Due), k.Stage, string(k.Role), k.Practice, id, l.Run, now)
		if err != nil {
			return 0, fmt.Errorf("ledger: %w", err)
		}
	}
	return id, nil
}

// hasAlready reports whether a letter is to be queued once and its reader has it: a batch that was stopped and begun anew,
// or two windows at once, tell nobody twice. Practice may be looked at again and again.
func (s *Store) hasAlready(tx *work, p *parcel, l *data.Letter) (has bool, err error) {
	if !l.Once || p.Practice || len(p.Recipients) != 1 {
		return false, nil
	}
	role, to := string(cmp.Or(l.Role, data.RolePatron)), p.Recipients[0]
	if len(l.Loans) > 0 {
		loans, err := list(l.Loans)
		if err != nil {
			return false, err
		}
		if err := s.row(tx, waitsAlready, l.Patron, l.Run, l.Letter, role, loans, to).Scan(&has); err != nil || has {
			return has, err
		}
	}
	if l.Digest == "" {
		return false, nil
	}
	now := s.now()
	morning := min(millis(data.DateOf(now.Local()).At(0, 0, time.Local)), millis(now)-oneBatch)
	err = s.row(tx, saidAlready, l.Patron, l.Run, l.Digest, role, to, morning).Scan(&has)
	return has, err
}

const (
	waitsAlready = `SELECT EXISTS (SELECT 1 FROM letter l INDEXED BY letter_patron CROSS JOIN delivery d ON d.message = l.message
		WHERE l.patron = ? AND l.run = ? AND l.letter = ? AND l.role = ? AND l.loans = ? AND d.practice = 0 AND d.recipient = ?)`
	saidAlready = `SELECT EXISTS (SELECT 1 FROM letter l INDEXED BY letter_patron CROSS JOIN message m ON m.id = l.message
		WHERE l.patron = ?1 AND l.run = ?2 AND l.digest = ?3 AND l.role = ?4 AND (
			EXISTS (SELECT 1 FROM delivery d WHERE d.message = l.message AND d.practice = 0 AND d.recipient = ?5)
			OR m.queued_at >= ?6 AND EXISTS (SELECT 1 FROM history h WHERE h.message = l.message AND h.practice = 0 AND h.recipient = ?5 AND h.state = 'sent')))`
)

// insertLetter remembers what a message speaks of, with the due dates it names: those of its notices, and for the rest
// what is known now.
func (s *Store) insertLetter(tx *work, id int64, l *data.Letter, keys []data.NoticeKey) error {
	loans := slices.Clone(l.Loans)
	named := make(map[string]data.Date, len(keys))
	for _, k := range keys {
		named[k.Loan] = k.Due
		if !slices.Contains(loans, k.Loan) {
			loans = append(loans, k.Loan)
		}
	}
	dues := make([]int64, len(loans))
	for i, loan := range loans {
		if due, ok := named[loan]; ok {
			dues[i] = int64(due)
			continue
		}
		err := s.row(tx, `SELECT due FROM loan WHERE key = ?`, loan).Scan(&dues[i])
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	role := cmp.Or(l.Role, data.RolePatron)
	loansJSON, err := list(loans)
	if err != nil {
		return err
	}
	duesJSON, err := list(dues)
	if err != nil {
		return err
	}
	_, err = s.exec(tx, `INSERT INTO letter (message, patron, run, letter, role, loans, dues, disclosure, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, l.Patron, l.Run, l.Letter, string(role), loansJSON, duesJSON, string(l.Disclosure), l.Digest)
	return err
}

// list is a JSON list, never null.
func list[T any](all []T) (string, error) {
	if len(all) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal(all)
	return string(text), err
}
