package screen

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// writeWhole writes beside a file and renames at the end: who opens the file finds all of it, and a write that fails leaves
// what was there.
func writeWhole(path string, write func(out io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".smtp-gateway-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	out := bufio.NewWriter(f)
	if err := write(out); err != nil {
		return err
	}
	if err := errors.Join(out.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
