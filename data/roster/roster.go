// Package roster is in charge of the lists other systems export: rows out of CSV, TSV, UTF-16, Windows-1252, Excel workbooks,
// OneRoster, School Data Sync and Clever files become patrons and loans. It finds out what a file is (Open), proposes what its
// columns mean, asks what only a person knows (Look), reads and checks the rows (Read), and says what an import would change
// (Diff). It writes nothing but the export of patrons. Columns a notice does not need are never kept.
package roster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"smtpgateway/data"
)

// Limits of a list. A school has hundreds or thousands of people; these keep a wrong file from filling the memory.
const (
	maxBytes = 256 << 20
	maxRows  = 1_000_000
)

// Options say what a person, or a saved mapping, knows better than looking at the file does.
type Options struct {
	Encoding  string                 // one of Encodings; empty: found by looking
	Separator string                 // between columns of a text file, one character; empty: found by looking
	Sheet     string                 // of a workbook; empty: the one with the most columns known here
	HeaderRow int                    // row with the names of the columns, of the first 25; -1: there is none; 0: found by looking
	MaxBytes  int64                  // largest file taken; 0: 256 MB
	Progress  func(read, size int64) // called while the file is read, by Open and Read; nil: nobody watches
}

// File is a list that was opened: what it is has been found out, its rows are read by Read. It holds no open file between
// calls, so it need not be closed. Its methods must not be called at the same time.
type File struct {
	path    string
	options Options
	limit   int64
	stamps  []stamp // what was opened, to see that it did not change
	form    string  // "CSV", "Excel workbook", ...
	rows    walker
	text    sniffed  // of a text file
	sheets  []string // of a workbook
	sheet   string
	above   []string // lines above the header
	header  int      // row of the header, from 1; 0: there is none
	bare    bool     // the file names no columns
	derived []derived
	width   int      // columns of the file itself; those behind are derived
	headers []string // as Mapping.Columns names them
	samples [][]string
	foreign [][]string
	layout  *layout
	partial bool // the file says that it holds changes only
	notes   []string
}

// walker goes through the rows of a table, from row 1. cells are the row's, valid until take returns; those of columns want
// does not want are empty, those beyond want come as they are. want nil: all.
type walker interface {
	walk(ctx context.Context, want []bool, take func(row int, cells []string) error) error
}

// breaker is a walker that can tell, while take has a row, whether the file ends behind it without a line end.
type breaker interface{ breaksOff() bool }

// errEnough ends a walk early; walkers hand it through.
var errEnough = errors.New("enough rows")

func refuse(sentence, next string) error {
	return &data.Error{Code: data.CodeBadList, Sentence: sentence, Next: next}
}

// stamp is what a file looked like.
type stamp struct {
	path string
	size int64
	at   time.Time
}

func stampOf(path string) (stamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}, unreadable(err)
	}
	return stamp{path: path, size: info.Size(), at: info.ModTime()}, nil
}

func unreadable(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &data.Error{Code: data.CodeNotFound, Sentence: "The file is not there.", Next: "Choose it again.", Err: err}
	case errors.Is(err, fs.ErrPermission):
		return &data.Error{Code: data.CodeNoAccess, Sentence: "The file may not be read.", Next: "Copy it to a folder of yours and choose it there.", Err: err}
	}
	return &data.Error{Code: data.CodeBusy, Sentence: "The file cannot be read just now.", Next: "Close it in other programs and try again.", Err: err}
}

// steady tells whether the file is still the one that was opened.
func (f *File) steady() error {
	for _, was := range f.stamps {
		is, err := stampOf(was.path)
		if err != nil {
			return err
		}
		if is.size != was.size || !is.at.Equal(was.at) {
			return &data.Error{Code: data.CodeBusy, Sentence: "The file was changed while it was read.", Next: "Wait until the other program has saved it, and try again."}
		}
	}
	return nil
}

// Open finds out what a file or folder is: its kind, how its text is written, where its columns begin and which systems'
// layout they have. The errors are *data.Error: CodeBadList for what is no list that can be read, CodeTooLarge,
// CodeNotFound, CodeNoAccess, and CodeBusy when another program is writing the file.
func Open(path string, o Options) (*File, error) {
	f := &File{path: path, options: o, limit: maxBytes}
	if o.MaxBytes > 0 {
		f.limit = o.MaxBytes
	}
	if err := f.open(context.Background()); err != nil {
		if data.AsError(err) == nil {
			err = unreadable(err)
		}
		return nil, err
	}
	return f, nil
}

func (f *File) open(ctx context.Context) error {
	s, err := stampOf(f.path)
	if err != nil {
		return err
	}
	f.stamps = []stamp{s}
	if err := f.recognise(ctx); err != nil {
		return err
	}
	if err := f.survey(ctx); err != nil {
		return err
	}
	return f.steady()
}

func (f *File) tooLarge(size int64) error {
	if size <= f.limit {
		return nil
	}
	return &data.Error{
		Code: data.CodeTooLarge, Sentence: fmt.Sprintf("The file is %d MB; lists of up to %d MB are read.", size>>20, f.limit>>20),
		Next: "Export only people or loans, without pictures and history.",
	}
}

// Name is the file's name without a path.
func (f *File) Name() string { return filepath.Base(f.path) }

// Taken is when the list was made: the newest time of its files.
func (f *File) Taken() time.Time {
	var at time.Time
	for _, s := range f.stamps {
		if s.at.After(at) {
			at = s.at
		}
	}
	return at
}
