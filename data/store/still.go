package store

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"smtpgateway/data"
)

// There reports whether the file at Path is still the one that is open: who keeps a store open for long asks before
// believing it, as SQLite goes on reading and writing a file that was removed or set aside, and says that all is well.
// Errors: CodeNotFound nothing is there any more; CodeConflict another file is; CodeNoAccess it cannot be looked at. It
// asks the file system once, and no file is opened.
func (s *Store) There() error {
	info, err := os.Stat(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &data.Error{
			Code: data.CodeNotFound, Err: err,
			Sentence: "The database " + s.path + " is no longer there.",
			Next:     "Put it back, or connect the disk it lies on.",
		}
	case err != nil:
		return noAccess(err)
	case !os.SameFile(info, s.file):
		return &data.Error{
			Code:     data.CodeConflict,
			Sentence: "Another database was put in the place of the one that was open.",
			Next:     "Look at what it holds, and try again.",
		}
	}
	return nil
}

// Known reports whether the database is still of a version this program knows: a newer program may have brought it up
// to date since it was opened. Error: CodeNewer.
func (s *Store) Known(ctx context.Context) error {
	var version int64
	if err := s.r.QueryRowContext(ctx, `SELECT user_version FROM pragma_user_version`).Scan(&version); err != nil {
		return mapError(err)
	}
	if version > s.newest {
		return newer(version, s.newest)
	}
	return nil
}
