package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"smtpgateway/data"
)

// eraseBackups removes a person from our copies in the folder of backups, but for those already done, and gives the names
// of those that had to be removed because they cannot be read. Each is made anew beside itself and takes its own place
// when it is whole, so that a crash leaves the old one or the new one.
func (s *Store) eraseBackups(ctx context.Context, who *erasure, done map[string]bool) (lost []string, err error) {
	for _, name := range backupNames(s.backups, ownCopy) {
		if done[name] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return lost, err
		}
		err := s.eraseBackup(ctx, filepath.Join(s.backups, name), who)
		if data.CodeOf(err) == data.CodeDamaged {
			if err = os.Remove(filepath.Join(s.backups, name)); err == nil {
				lost = append(lost, name)
			}
		}
		if err != nil {
			return lost, backupHolds(name, err)
		}
		done[name] = true
	}
	return lost, nil
}

// removeParts removes copies that are being made: they would come to hold the person again.
func removeParts(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.Type().IsRegular() && strings.HasPrefix(e.Name(), partName) {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

func backupHolds(name string, err error) error {
	_, next := data.Words(err)
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if next == "" {
		next = "Delete that backup by hand, then delete the person again."
	}
	return &data.Error{
		Code: data.CodeOf(err), Err: err,
		Sentence: fmt.Sprintf("The person could not be removed from the backup %s.", name), Next: next,
	}
}

func removedBackups(names []string) error {
	if len(names) == 0 {
		return nil
	}
	return &data.Error{
		Code:     data.CodeDamaged,
		Sentence: fmt.Sprintf("The person was deleted. These backups could not be read and were removed as a whole: %s.", strings.Join(names, ", ")),
		Next:     "Make a new backup.",
	}
}

// eraseBackup rewrites one copy without the person. One that never knew the person stays as it is.
func (s *Store) eraseBackup(ctx context.Context, path string, who *erasure) error {
	temp, err := duplicate(path)
	if err != nil {
		return copyFailed(path, err)
	}
	defer func() {
		for _, end := range []string{"", "-journal", "-wal", "-shm"} {
			_ = os.Remove(temp + end)
		}
	}()
	known, err := s.eraseIn(temp, who)
	if err != nil || !known {
		return mapError(err)
	}
	if err := checkCopy(ctx, temp); err != nil {
		return mapError(err)
	}
	if err := syncFile(temp); err != nil {
		return copyFailed(path, err)
	}
	if err := os.Rename(temp, path); err != nil {
		return copyFailed(path, err)
	}
	return nil
}

// duplicate copies a file beside itself.
func duplicate(path string) (name string, err error) {
	from, err := os.Open(path) //nolint:gosec // one of our backups
	if err != nil {
		return "", err
	}
	defer func() { _ = from.Close() }()
	to, err := os.CreateTemp(filepath.Dir(path), partName+"*")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, openToGroup(to), to.Close()); err != nil {
		_ = os.Remove(to.Name())
		return "", err
	}
	return to.Name(), nil
}

// eraseIn removes the person from a database file that nobody else has open, with all that is left of deleted rows.
func (s *Store) eraseIn(path string, who *erasure) (known bool, err error) {
	w, err := newWriter(s.r.Driver(), newName(path, s.busy), s.busy)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	err = w.transact(func(tx *work) error {
		there, err := s.whoIn(tx, who)
		if err != nil {
			return err
		}
		known, err = there.erase(tx, s)
		return err
	})
	if err != nil || !known {
		return false, err
	}
	if err := w.forget(); err != nil {
		return false, err
	}
	_, err = w.exec(`VACUUM`)
	return err == nil, err
}

// whoIn is the person as another database knows them. A copy older than the library's side has mails only.
func (s *Store) whoIn(tx *work, who *erasure) (*erasure, error) {
	var id, version int64
	if err := s.row(tx, `SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)`).Scan(&id, &version); err != nil {
		return nil, err
	}
	if id != ApplicationID {
		return nil, foreign("")
	}
	there := *who
	there.exists, there.copy = false, true
	if version < librarySince {
		return &there, nil
	}
	found, err := s.samePatron(tx, who)
	if err != nil || found == nil {
		return &there, err
	}
	for a := range who.addresses {
		found.addresses[a] = true
	}
	found.loans, found.copy = append(found.loans, who.loans...), true
	return found, nil
}

// librarySince is the version of the schema that brought people.
const librarySince = 2

// samePatron finds the person by key, or by number and name where the key was another one then; nil: not there.
func (s *Store) samePatron(tx *work, who *erasure) (*erasure, error) {
	rows, err := s.rows(tx, `SELECT id FROM patron WHERE folded = ?1 OR (id = ?2 AND sort = ?3) ORDER BY folded <> ?1 LIMIT 1`, who.folded, who.id, who.sort)
	ids, err := collect(rows, err, oneID)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return s.whoIs(tx, ids[0])
}
