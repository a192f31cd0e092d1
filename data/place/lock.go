package place

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// Lock is the right to be the one service on a place. The system gives it back when the program ends, however it
// ends; the file stays and means nothing by itself.
type Lock struct{ file *flock.Flock }

// Lock takes the right to run on this place, without waiting: the error has the code "in-use" while another program
// has it, "no-access" when the lock file cannot be made.
func (p Place) Lock(ctx context.Context) (*Lock, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path := filepath.Join(p.Data, "gateway.lock")
	if err := makeLockFile(path); err != nil {
		return nil, noAccess(p.Data, err)
	}
	file := flock.New(path, flock.SetFlag(os.O_RDWR))
	got, err := file.TryLock()
	if err != nil {
		return nil, noAccess(p.Data, err)
	}
	if !got {
		_ = file.Close()
		return nil, &Error{
			Code: "in-use", Sentence: fmt.Sprintf("Another SMTP Gateway already works on %s.", p.Data),
			Next: "Stop that one first, or name another folder with --data.",
		}
	}
	return &Lock{file: file}, nil
}

// makeLockFile creates the file with the rights of the database, for whoever comes later: a command that root ran
// first must not lock the service out.
func makeLockFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o660) //nolint:gosec // the group may take the lock too
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	err = errors.Join(f.Chmod(0o660), inherit(f, filepath.Dir(path)))
	return errors.Join(err, f.Close())
}

// Unlock gives the right back.
func (l *Lock) Unlock() error { return l.file.Close() }
