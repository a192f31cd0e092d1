package screen

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"smtpgateway/data/itsheet"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// ITSheet is the request a library hands to its IT department, filled in from what is stored, the last test and the last
// sender check. It holds no password.
type ITSheet struct {
	OnChange func()

	desk    *Desk
	sheet   *itsheet.Sheet
	checked bool // a sender check is part of it
	text    string
	letter  bool // paper: Letter in place of A4
	busy    bool
	said    string
	failed  bool
	path    string // written; empty: nothing
}

// NewITSheet makes an empty request.
func NewITSheet(d *Desk) *ITSheet { return &ITSheet{desk: d} }

// Load fills the request in. publicIP is the address under which others see the school; empty: not known.
func (t *ITSheet) Load(publicIP string) {
	d := t.desk
	facts := itsheet.Facts{Now: d.Now(), Version: d.Version(), PublicIP: publicIP, Check: d.report}
	t.busy = true
	GoStore(d, func(ctx context.Context, s *store.Store) (*itsheet.Facts, error) {
		var err error
		if facts.Settings, err = storedSettings(ctx, s); err != nil {
			return nil, err
		}
		if facts.Check == nil {
			if facts.Check, err = d.readReport(); err != nil {
				d.o.Log.Info("the last sender check cannot be read", "error", err)
			}
		}
		facts.Computer, facts.Addresses, facts.System = place.Computer()
		return &facts, facts.Gather(ctx, s)
	}, func(f *itsheet.Facts, err error) {
		t.busy = false
		if err != nil {
			t.said, t.failed = asError(err).Error(), true
		} else {
			sheet := itsheet.New(f)
			t.sheet, t.text, t.checked = &sheet, sheet.Text(), f.Check != nil
		}
		t.changed()
	})
}

// Text is the request as plain text; empty: it is being filled in.
func (t *ITSheet) Text() string { return t.text }

// Note says what is not in it; empty: nothing is missing.
func (t *ITSheet) Note() string {
	if t.sheet == nil || t.checked {
		return ""
	}
	return t.desk.Say("No sender check was made yet. With one the request also says what IT should publish for the school's domain.")
}

// Copy puts the request on the clipboard.
func (t *ITSheet) Copy() {
	if t.text == "" {
		return
	}
	t.desk.Desktop().Copy(t.text)
	t.said, t.failed, t.path = t.desk.Say("Copied. Paste it into a message to your IT department; it holds no password."), false, ""
	t.changed()
}

// Letter reports whether it is for Letter paper; else for A4.
func (t *ITSheet) Letter() bool { return t.letter }

// SetLetter takes a paper.
func (t *ITSheet) SetLetter(on bool) { t.letter = on }

// Can reports whether there is something to write and nothing is being written.
func (t *ITSheet) Can() bool { return t.sheet != nil && !t.busy }

// Said is what became of copying or writing; empty: nothing yet.
func (t *ITSheet) Said() (words string, failed bool) { return t.said, t.failed }

// Written is the file that was written; empty: none.
func (t *ITSheet) Written() string { return t.path }

// Path is a file name to offer.
func (t *ITSheet) Path() string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = t.desk.Place().Data
	}
	return t.PathIn(home)
}

// PathIn is the same file name in another folder.
func (t *ITSheet) PathIn(folder string) string {
	return filepath.Join(folder, "request-for-it-"+t.desk.Now().Format(time.DateOnly)+".pdf")
}

// Save writes the request as a PDF. exists is called instead when there is such a file and replace is false.
func (t *ITSheet) Save(path string, replace bool, exists func()) {
	if !t.Can() {
		return
	}
	d := t.desk
	path = strings.TrimSpace(path)
	t.path = ""
	if !filepath.IsAbs(path) {
		t.said, t.failed = d.Say("Write the whole path of the file, such as {{.Path}}.", With("Path", t.Path())), true
		t.changed()
		return
	}
	if !strings.EqualFold(filepath.Ext(path), ".pdf") {
		path += ".pdf"
	}
	size, sheet := "A4", *t.sheet
	if t.letter {
		size = "Letter"
	}
	t.busy, t.said, t.failed = true, d.Say("Writing the file."), false
	Go(d, func(ctx context.Context) (struct{}, error) {
		return patient(ctx, func(context.Context) (struct{}, error) { // a share may not answer
			if _, err := os.Stat(path); err == nil && !replace {
				return struct{}{}, fs.ErrExist
			}
			return struct{}{}, writeWhole(path, func(out io.Writer) error { return sheet.PDF(out, size) })
		})
	}, func(_ struct{}, err error) {
		t.busy, t.said = false, ""
		switch {
		case errors.Is(err, fs.ErrExist) && !replace:
			if exists != nil {
				exists()
			}
		case err != nil:
			t.said, t.failed = exportProblem(d, path, err), true
		default:
			t.path, t.said = path, d.Say("The request is in {{.Path}}. Give it to your IT department; it holds no password.", With("Path", path))
		}
		t.changed()
	})
	t.changed()
}

// ShowFolder opens the folder of the file.
func (t *ITSheet) ShowFolder() {
	d, folder := t.desk, filepath.Dir(t.path)
	Go(d, func(context.Context) (struct{}, error) { return struct{}{}, d.Desktop().Open(folder) }, func(_ struct{}, err error) {
		if err != nil {
			t.said, t.failed = d.Say("{{.Path}} cannot be opened from here. Open it yourself.", With("Path", folder)), true
			t.changed()
		}
	})
}

func (t *ITSheet) changed() {
	if t.OnChange != nil {
		t.OnChange()
	}
}
