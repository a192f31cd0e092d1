package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"smtpgateway/data"
)

// opened are the database files this process has open, with how often. Closing any descriptor of a file drops every
// lock the process holds on it (POSIX), SQLite's too, so a file in here is never opened to be looked at.
var opened struct {
	sync.Mutex
	files []openFile
}

type openFile struct {
	info  fs.FileInfo
	count int
}

// register puts the file into the register, looking at it first if nobody has it open.
func register(path string, look func(*os.File) error) (info fs.FileInfo, release func(), err error) {
	opened.Lock()
	defer opened.Unlock()
	info, err = os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, &data.Error{
			Code: data.CodeNotFound, Err: err,
			Sentence: fmt.Sprintf("There is no database at %s.", path),
			Next:     "Start the service once, or check the data folder's name.",
		}
	case err != nil:
		return nil, nil, noAccess(err)
	case !info.Mode().IsRegular():
		return nil, nil, foreign(path)
	}
	for i := range opened.files {
		if os.SameFile(opened.files[i].info, info) {
			opened.files[i].count++
			return info, releaser(opened.files[i].info), nil
		}
	}
	// For writing too, though nothing is written: SQLite would open a file it may only read without a word.
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, noAccess(err)
	}
	if err := errors.Join(look(f), f.Close()); err != nil {
		return nil, nil, err
	}
	opened.files = append(opened.files, openFile{info, 1})
	return info, releaser(info), nil
}

func releaser(info fs.FileInfo) func() {
	return sync.OnceFunc(func() {
		opened.Lock()
		defer opened.Unlock()
		for i := range opened.files {
			if !os.SameFile(opened.files[i].info, info) {
				continue
			}
			if opened.files[i].count--; opened.files[i].count == 0 {
				opened.files = append(opened.files[:i], opened.files[i+1:]...)
			}
			return
		}
	})
}

// look refuses what must not be touched before SQLite touches it: opening alone may fold a left-over log into the
// file. It reads the header (https://sqlite.org/fileformat2.html 1.3), which is enough for a file that is empty, not a
// database, not ours, cut short, or a newer program's; damage further in is SQLite's to find.
func look(f *os.File, path string, newest int64) error {
	info, err := f.Stat()
	if err != nil {
		return noAccess(err)
	}
	head := make([]byte, 100)
	if n, err := io.ReadFull(f, head); err != nil {
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return noAccess(err)
		}
		if n == 0 {
			return damagedFile(path, "is empty")
		}
		return damagedFile(path, "was cut short")
	}
	if string(head[:16]) != "SQLite format 3\x00" {
		return damagedFile(path, "is damaged, or not a database")
	}
	number := func(at int) int64 { return int64(binary.BigEndian.Uint32(head[at:])) }
	if number(68) != ApplicationID {
		return foreign(path)
	}
	if version := number(60); version > newest {
		return newer(version, newest)
	}
	pageSize := int64(binary.BigEndian.Uint16(head[16:]))
	if pageSize == 1 {
		pageSize = 65536
	}
	// With a log beside it the file may still be shorter than its header says: the rest is in the log.
	if wal, err := os.Stat(path + "-wal"); (err != nil || wal.Size() == 0) && number(24) == number(92) &&
		number(28)*pageSize > info.Size() {
		return damagedFile(path, "was cut short")
	}
	return nil
}

func damagedFile(path, how string) error {
	return &data.Error{Code: data.CodeDamaged, Sentence: fmt.Sprintf("The database %s %s.", path, how)}
}

func foreign(path string) error {
	return &data.Error{
		Code:     data.CodeDamaged,
		Sentence: fmt.Sprintf("%s is not a database of this program.", path),
	}
}

func newer(version, ours int64) error {
	return &data.Error{
		Code: data.CodeNewer,
		Sentence: fmt.Sprintf("The database was written by a newer version of this program (it has format %d, this program knows %d).",
			version, ours),
		Next: "Install the newer version again, or go back to the backup made before it; the file was left as it is.",
	}
}
