package store

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"smtpgateway/data"
)

// ioerrShmSize is SQLITE_IOERR_SHMSIZE: the index of the write-ahead log could not grow, most often a full disk.
const ioerrShmSize = sqlite3.SQLITE_IOERR | 19<<8

// mapError turns what SQLite says into what a person can use. An error that is already a *data.Error, that of a
// context, and one that no person can mend stay as they are.
func mapError(err error) error {
	if err == nil {
		return nil
	}
	var ours *data.Error
	var theirs *sqlite.Error
	if errors.As(err, &ours) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) ||
		!errors.As(err, &theirs) {
		return err
	}
	if theirs.Code() == ioerrShmSize {
		return diskFull(err)
	}
	switch theirs.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return diskFull(err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return &data.Error{
			Code: data.CodeBusy, Err: err,
			Sentence: "The database is in use by another program and did not become free.",
			Next:     "Try again in a minute; if it stays so, close programs that copy or scan the data folder (backup, antivirus).",
		}
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return &data.Error{
			Code: data.CodeDamaged, Err: err,
			Sentence: "The database is damaged.",
			Next:     "Stop the service, set the database aside and put the newest backup in its place.",
		}
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_AUTH:
		return noAccess(err)
	}
	return fmt.Errorf("database: %w", err)
}

func diskFull(err error) error {
	return &data.Error{
		Code: data.CodeDiskFull, Err: err,
		Sentence: "The disk with the data folder is full.",
		Next:     "Free some space on it; nothing is lost, and work goes on by itself.",
	}
}

func noAccess(err error) error {
	return &data.Error{
		Code: data.CodeNoAccess, Err: err,
		Sentence: "The database cannot be read or written.",
		Next:     "Check that the data folder is there, that its disk is well, and that this account may write in it.",
	}
}

// isBusy reports whether another program's transaction was in the way.
func isBusy(err error) bool {
	var theirs *sqlite.Error
	return errors.As(err, &theirs) && theirs.Code()&0xff == sqlite3.SQLITE_BUSY
}
