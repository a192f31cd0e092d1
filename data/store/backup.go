package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"smtpgateway/data"
)

// Backup writes a copy of the database, as it is at one moment, to a file that must not exist yet; other work goes
// on meanwhile. The copy is checked and on the disk when Backup returns; a copy that is not good is not left behind.
// It holds no usable password: those are sealed with a key that lies elsewhere.
func (s *Store) Backup(ctx context.Context, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return noAccess(err)
	}
	if _, err := os.Lstat(path); err == nil {
		return taken(path)
	}
	removeStale(filepath.Dir(path), partName)
	// SQLite takes an empty file as its target, and so the copy is never open to others, not for a moment.
	f, err := os.CreateTemp(filepath.Dir(path), partName+"*")
	if err != nil {
		return copyFailed(path, err)
	}
	temp := f.Name()
	defer func() {
		for _, end := range []string{"", "-journal", "-wal", "-shm"} {
			_ = os.Remove(temp + end)
		}
	}()
	if err := errors.Join(openToGroup(f), f.Close()); err != nil {
		return copyFailed(path, err)
	}
	if err := s.copyTo(ctx, temp); err != nil {
		return mapError(err)
	}
	if err := checkCopy(ctx, temp); err != nil {
		return mapError(err)
	}
	if err := syncFile(temp); err != nil {
		return copyFailed(path, err)
	}
	if err := giveName(temp, path); err != nil {
		if errors.Is(err, os.ErrExist) {
			return taken(path)
		}
		return copyFailed(path, err)
	}
	return nil
}

func taken(path string) error {
	return &data.Error{
		Code: data.CodeNoAccess, Err: os.ErrExist,
		Sentence: fmt.Sprintf("There is already a file %s.", path),
		Next:     "Choose another name for the backup.",
	}
}

func copyFailed(path string, err error) error {
	if isFull(err) {
		return diskFull(err)
	}
	return &data.Error{
		Code: data.CodeNoAccess, Err: err,
		Sentence: fmt.Sprintf("The backup %s cannot be written.", path),
		Next:     "Check that its folder is there and that this account may write in it.",
	}
}

func (s *Store) copyTo(ctx context.Context, path string) error {
	db, err := pool(copierName(s.path, s.busy), 1, 0)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
	return errors.Join(err, db.Close())
}

// checkCopy reads a copy through and through. The database itself is never checked like this: it would keep the first
// delivery waiting.
func checkCopy(ctx context.Context, path string) error {
	db, err := pool(copyName(path), 1, 0)
	if err != nil {
		return err
	}
	var word string
	err = db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&word)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if word != "ok" {
		return &data.Error{
			Code: data.CodeDamaged, Err: errors.New(word),
			Sentence: "The copy of the database is damaged, and so may be the database.",
			Next:     "Keep the backups there are and ask for help.",
		}
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// The names of our own copies: a time that sorts, and what it was made for. The time is that of this computer's
// clock in UTC.
const (
	partName  = "gateway-part-" // of one that is being made
	dailyName = "gateway-20060102-150405.db"
	stampName = "gateway-20060102-150405"
)

// DailyBackup makes a copy in dir and removes the oldest of its own beyond keep; it makes dir if it is not there. With
// less than three times the size of the database free nothing is written (CodeDiskFull): the copy must not be what
// fills the disk.
func (s *Store) DailyBackup(ctx context.Context, dir string, keep int) (string, error) {
	if err := os.MkdirAll(dir, 0o770); err != nil { //nolint:gosec // the group reads and restores backups
		return "", copyFailed(dir, err)
	}
	if err := s.roomFor(dir); err != nil {
		return "", err
	}
	path := filepath.Join(dir, s.now().UTC().Format(dailyName))
	if err := s.Backup(ctx, path); err != nil {
		return "", err
	}
	return path, s.prune(dir, keep, daily)
}

func (s *Store) roomFor(dir string) error {
	var size uint64
	for _, end := range []string{"", "-wal"} {
		if info, err := os.Stat(s.path + end); err == nil {
			size += uint64(info.Size()) //nolint:gosec // never negative
		}
	}
	free, err := s.free(dir)
	if err != nil {
		return copyFailed(dir, err)
	}
	if free < 3*size {
		return &data.Error{
			Code:     data.CodeDiskFull,
			Sentence: fmt.Sprintf("No backup was made: %d MB are free in %s, and %d MB are needed.", free>>20, dir, 3*size>>20+1),
			Next:     "Free some space on that disk.",
		}
	}
	return nil
}

// backupBeforeMigration copies a database to the backups before its schema changes.
func (s *Store) backupBeforeMigration(ctx context.Context, version int64) error {
	if err := os.MkdirAll(s.backups, 0o770); err != nil { //nolint:gosec // the group reads and restores backups
		return copyFailed(s.backups, err)
	}
	path := filepath.Join(s.backups, fmt.Sprintf("%s-format-%d.db", s.now().UTC().Format(stampName), version))
	if err := s.Backup(ctx, path); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return s.prune(s.backups, 3, func(name string) bool { return ownCopy(name) && !daily(name) })
}

func daily(name string) bool { return ownCopy(name) && len(name) == len(dailyName) }
func ownCopy(name string) bool {
	return len(name) >= len(dailyName) && strings.HasPrefix(name, "gateway-2") && strings.HasSuffix(name, ".db")
}

// backupNames are the names of our copies in dir that match, oldest first.
func backupNames(dir string, match func(string) bool) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() && match(e.Name()) {
			names = append(names, e.Name())
		}
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(a[:len(stampName)], b[:len(stampName)]) })
	return names
}

func (s *Store) prune(dir string, keep int, match func(string) bool) error {
	names := backupNames(dir, match)
	var err error
	for len(names) > max(keep, 1) {
		err = errors.Join(err, os.Remove(filepath.Join(dir, names[0])))
		names = names[1:]
	}
	if err != nil {
		return copyFailed(dir, err)
	}
	return nil
}

// newestBackup is the path of the newest of our copies in dir; empty: there is none.
func newestBackup(dir string) string {
	names := backupNames(dir, ownCopy)
	if len(names) == 0 {
		return ""
	}
	return filepath.Join(dir, names[len(names)-1])
}
