package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"smtpgateway/data"
)

// importPause is how many rows an import writes between two looks at whether it shall stop.
const importPause = 500

// Import does what a set of changes says, in one transaction: a program that dies, a full disk or a context that ends
// leave everything as it was. Fields the list does not speak of (Batch.Known) stay as they are, and so do holds. Waiting
// letters that speak only of loans that came back, or whose patron left or gets no notices any more, are cancelled with it. The import before it of the same kind cannot be
// undone any more. progress is told rows now and then; it must not ask the store for anything. CodeConflict: patrons, loans or
// addresses changed since the set was made, or the file (Batch.Origin) was taken in before.
func (s *Store) Import(ctx context.Context, set *data.ChangeSet, progress func(done, total int)) (data.ImportRecord, error) {
	if set == nil || set.Batch == nil {
		return data.ImportRecord{}, &data.Error{Code: data.CodeUsage, Sentence: "There is no list to take in."}
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	newer := inOrder(set)
	var record data.ImportRecord
	err := s.large(ctx, func(tx *work) error {
		im := &importing{s: s, tx: tx, ctx: ctx, set: set, newer: newer, progress: progress, total: len(set.New) + len(set.Changed) + len(set.Settled) + len(set.Gone)}
		var err error
		record, err = im.run()
		return err
	})
	return record, err
}

// importing is one import under way.
type importing struct {
	s           *Store
	tx          *work
	ctx         context.Context //nolint:containedctx // of the import, to stop it
	set         *data.ChangeSet
	newer       []*data.Changed // set.New in order
	progress    func(done, total int)
	done, total int
	record      data.ImportRecord
	now         int64
	waiting     []data.Loan               // new ones, to be inserted together
	letters     map[int64][]waitingLetter // by patron; nil: not looked for yet
}

// inOrder are the new rows in the order of their keys: written so, they fill the file from one end to the other, where in
// the order of the list each would go to another place of it.
func inOrder(set *data.ChangeSet) []*data.Changed {
	type keyed struct {
		key string
		at  *data.Changed
	}
	all := make([]keyed, 0, len(set.New))
	for i := range set.New {
		switch c := &set.New[i]; {
		case c.Is != nil:
			all = append(all, keyed{c.Is.Key, c})
		case c.After != nil:
			all = append(all, keyed{c.After.Key, c})
		}
	}
	slices.SortStableFunc(all, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	ordered := make([]*data.Changed, len(all))
	for i := range all {
		ordered[i] = all[i].at
	}
	return ordered
}

func (im *importing) run() (data.ImportRecord, error) {
	set, b := im.set, im.set.Batch
	at := im.s.now()
	im.now = millis(at)
	im.record = data.ImportRecord{
		At: moment(im.now), Kind: b.Kind, File: data.Clean(b.File, 200), Mapping: b.Mapping.Name, Taken: moment(millis(b.Taken)), Complete: b.Complete,
		Origin: b.Origin, Rows: b.Rows, Same: set.Same, Problems: len(set.Problems) + set.More, Undoable: true,
	}
	var revision int64
	if err := im.s.row(im.tx, `SELECT revision FROM library`).Scan(&revision); err != nil {
		return im.record, err
	}
	if err := im.once(); err != nil {
		return im.record, err
	}
	if revision != set.Base {
		return im.record, &data.Error{
			Code: data.CodeConflict, Sentence: "Patrons or loans were changed since this list was compared with them.",
			Next: "Look at the changes once more, then take them in.",
		}
	}
	if err := im.begin(); err != nil {
		return im.record, err
	}
	before, err := im.highest()
	if err != nil {
		return im.record, err
	}
	switch {
	case im.total == 0:
	case b.Kind == data.RosterLoans:
		err = im.loans()
	default:
		err = im.patrons()
	}
	if err != nil {
		return im.record, err
	}
	im.progress(im.total, im.total)
	return im.record, im.end(before)
}

// once refuses a file of the folder for lists that was taken in before.
func (im *importing) once() error {
	if im.record.Origin == "" {
		return nil
	}
	var was bool
	if err := im.s.row(im.tx, `SELECT EXISTS (SELECT 1 FROM import WHERE origin = ?)`, im.record.Origin).Scan(&was); err != nil || !was {
		return err
	}
	return &data.Error{Code: data.CodeConflict, Sentence: "This file was taken in already.", Next: "Export a new list."}
}

// begin writes the row of the import and lets go of what undoing the one before needs.
func (im *importing) begin() error {
	kind := string(im.record.Kind)
	if _, err := im.s.exec(im.tx, `DELETE FROM import_row WHERE import IN (SELECT id FROM import WHERE kind = ? AND kept = 1)`, kind); err != nil {
		return err
	}
	if _, err := im.s.exec(im.tx, `UPDATE import SET kept = 0 WHERE kind = ? AND kept = 1`, kind); err != nil {
		return err
	}
	r := &im.record
	res, err := im.s.exec(im.tx, `INSERT INTO import (at, kind, file, mapping, taken_at, complete, origin, counts) VALUES (?, ?, ?, ?, ?, ?, ?, '{}')`,
		im.now, kind, r.File, r.Mapping, millis(r.Taken), r.Complete, r.Origin)
	if err != nil {
		return err
	}
	r.ID, err = res.LastInsertId()
	return err
}

// importCounts is what the column counts holds.
type importCounts struct {
	Rows     int `json:"rows"`
	New      int `json:"new"`
	Changed  int `json:"changed"`
	Gone     int `json:"gone"`
	Same     int `json:"same"`
	Problems int `json:"problems"`
	Notices  int `json:"notices"`
	Kept     int `json:"kept,omitempty"`
}

// highest is the highest number that was ever given out in the table of this list. Nobody else writes while an import does,
// so the rows it made are those with a higher one.
func (im *importing) highest() (n int64, err error) {
	table := "patron"
	if im.record.Kind == data.RosterLoans {
		table = "loan"
	}
	err = im.s.row(im.tx, `SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0)`, table).Scan(&n)
	return n, err
}

func (im *importing) end(before int64) error {
	r := &im.record
	after, err := im.highest()
	if err != nil {
		return err
	}
	counts, err := json.Marshal(importCounts{r.Rows, r.New, r.Changed, r.Gone, r.Same, r.Problems, r.Notices, 0})
	if err != nil {
		return err
	}
	_, err = im.s.exec(im.tx, `UPDATE import SET counts = ?, revision = (SELECT revision FROM library), new_first = ?, new_last = ? WHERE id = ?`,
		string(counts), before+1, after, r.ID)
	if err != nil || r.Origin == "" {
		return err
	}
	// With it, so that the log tells of it whatever becomes of the program next. What a person did, the person's program tells.
	return im.s.note(im.tx, []data.JournalLine{{At: r.At, Kind: data.JournalImport, Text: "List of " + string(r.Kind) + " taken in by itself: " + r.Counts()}})
}

// step is called after each row, or after several.
func (im *importing) step(rows int) error {
	before := im.done / importPause
	if im.done += rows; im.done/importPause > before {
		if err := im.ctx.Err(); err != nil {
			return err
		}
		im.progress(im.done, im.total)
	}
	return nil
}

// before keeps what a row was.
func (im *importing) before(what string, id int64, row any) error {
	text, err := json.Marshal(row)
	if err != nil {
		return err
	}
	_, err = im.s.exec(im.tx, `INSERT INTO import_row (import, what, id, before) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		im.record.ID, what, id, string(text))
	return err
}

const importColumns = `id, at, kind, file, mapping, taken_at, complete, origin, counts, undone_at,
	kept = 1 AND undone_at = 0 AND id = (SELECT max(o.id) FROM import o WHERE o.kind = import.kind AND o.undone_at = 0)`

func oneImport(rows scanner) (data.ImportRecord, error) {
	var r data.ImportRecord
	var at, taken, undone int64
	var text string
	if err := rows.Scan(&r.ID, &at, &r.Kind, &r.File, &r.Mapping, &taken, &r.Complete, &r.Origin, &text, &undone, &r.Undoable); err != nil {
		return r, err
	}
	r.At, r.Taken, r.Undone = moment(at), moment(taken), moment(undone)
	var c importCounts
	err := json.Unmarshal([]byte(text), &c)
	r.Rows, r.New, r.Changed, r.Gone, r.Same, r.Problems, r.Notices, r.Kept = c.Rows, c.New, c.Changed, c.Gone, c.Same, c.Problems, c.Notices, c.Kept
	return r, err
}

// Imports gives the imports that were done, the newest first.
func (s *Store) Imports(ctx context.Context, limit int) ([]data.ImportRecord, error) {
	var all []data.ImportRecord
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+importColumns+` FROM import ORDER BY id DESC LIMIT ?`, min(max(limit, 1), 500)) //nolint:rowserrcheck // collect looks at it
		all, err = collect(rows, err, oneImport)
		return err
	})
	return all, err
}

// ImportOf gives the import of a file of the folder for lists (data.Batch.Origin), undone or not; false: it was never taken in,
// or so long ago that history has let go of it.
func (s *Store) ImportOf(ctx context.Context, origin string) (data.ImportRecord, bool, error) {
	return s.oneImportBy(ctx, `origin = ? AND origin <> ''`, origin)
}

// ImportByItself gives the last import that the folder for lists brought and that stands; false: there is none.
func (s *Store) ImportByItself(ctx context.Context) (data.ImportRecord, bool, error) {
	return s.oneImportBy(ctx, `origin <> ? AND undone_at = 0`, "")
}

// LastImport gives the last import of a kind that was not undone; false: there is none.
func (s *Store) LastImport(ctx context.Context, kind data.RosterKind) (data.ImportRecord, bool, error) {
	return s.oneImportBy(ctx, `kind = ? AND undone_at = 0`, string(kind))
}

// oneImportBy gives the last import for which a condition with one value holds.
func (s *Store) oneImportBy(ctx context.Context, where, value string) (data.ImportRecord, bool, error) {
	var r data.ImportRecord
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		r, err = oneImport(tx.QueryRowContext(ctx, `SELECT `+importColumns+` FROM import WHERE `+where+` ORDER BY id DESC LIMIT 1`, value))
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}
