package place

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const counterFile = "counter"

// ReadCounter gives the number of checks this computer has seen, kept beside the keys, outside the database: a
// database that lies behind it is an older one, put back. No counter yet is 0. One that cannot be read as a number
// has the code "damaged".
func (p Place) ReadCounter() (int64, error) {
	path := filepath.Join(p.Key, counterFile)
	raw, err := os.ReadFile(path) //nolint:gosec // the path is ours
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, noAccess(p.Key, err)
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(raw)), 10, 64)
	if err != nil || n < 0 {
		return 0, &Error{
			Code: "damaged", Sentence: fmt.Sprintf("The file %s is damaged, so it is not certain which messages were sent already.", path),
			Next: "Look through the waiting messages, then delete that file and start again.", Err: err,
		}
	}
	return n, nil
}

// WriteCounter keeps the number durably; at any power cut either the old or the new one is there.
func (p Place) WriteCounter(n int64) error {
	return WriteFile(filepath.Join(p.Key, counterFile), []byte(strconv.FormatInt(n, 10)+"\n"), 0o640)
}

// WriteFile puts content into a file so that at any moment, a power cut included, either the old content or the new
// one is there and nothing between. The file belongs to the owner of its folder when root writes it. The folder must
// be one in which only its owner can write.
func WriteFile(path string, content []byte, mode fs.FileMode) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*")
	if err != nil {
		return noAccess(dir, err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(mode), inherit(f, dir), f.Sync())
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return noAccess(dir, err)
	}
	return SyncDir(dir)
}
