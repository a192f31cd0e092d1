package place

import (
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// BallastSize is what is kept in reserve, in bytes: enough for the outcomes of a check to be recorded on a full disk.
const BallastSize = 16 << 20

// MakeBallast fills a file of BallastSize that DropBallast gives back to a full disk. One that is whole is left
// alone. The content is noise, as file systems that compress would keep nothing in reserve for zeros. When it does
// not fit, nothing stays behind and the error has the code "disk-full" or "no-access".
func (p Place) MakeBallast() error {
	path := p.ballast()
	if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() && info.Size() == BallastSize {
		return nil
	}
	if err := p.DropBallast(); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o660) //nolint:gosec // as the database beside it
	if err != nil {
		return noAccess(p.Data, err)
	}
	_, err = io.CopyN(f, rand.NewChaCha8([32]byte{}), BallastSize)
	err = errors.Join(err, inherit(f, p.Data), f.Sync())
	if err = errors.Join(err, f.Close()); err == nil {
		return nil
	}
	_ = os.Remove(path)
	if isFull(err) {
		return &Error{
			Code: "disk-full", Sentence: "The disk is full.", Next: "Make room on the disk that holds " + p.Data + ".", Err: err,
		}
	}
	return noAccess(p.Data, err)
}

// DropBallast gives the reserve back. None there is fine.
func (p Place) DropBallast() error {
	if err := os.Remove(p.ballast()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return noAccess(p.Data, err)
	}
	return nil
}

func (p Place) ballast() string { return filepath.Join(p.Data, "ballast") }
