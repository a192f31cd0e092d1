package screen

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// Piling is how the letters on paper come out.
type Piling struct {
	Web  bool // a page for the web browser, in place of PDF
	Slip bool // small slips, folded with the name outside
}

func (p Piling) format() string {
	if p.Web {
		return "html"
	}
	return "pdf"
}

// PilePath is a file name to offer for the letters on paper of this run.
func (v *RunView) PilePath(p Piling) string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = v.notices.desk.Place().Data
	}
	return v.PileIn(home, p)
}

// PileIn is the same file name in another folder.
func (v *RunView) PileIn(folder string, p Piling) string {
	return filepath.Join(folder, "notices-"+v.run.Day.String()+"."+p.format())
}

// Piling reports whether the file is being written.
func (v *RunView) Piling() bool { return v.export.running }

// Piled is how that ended, one sentence; empty: it was not begun.
func (v *RunView) Piled() (said string, failed bool) { return v.export.said, v.export.failed }

// Pile writes the letters of those whom no mail can reach into a file. exists is called instead when there is such a file
// and replace is false.
func (v *RunView) Pile(path string, p Piling, replace bool, exists func()) {
	if v.export.running {
		return
	}
	d, run := v.notices.desk, v.run
	path = strings.TrimSpace(path)
	if path == "" || !filepath.IsAbs(path) {
		v.export = exporting{said: d.Say("Write the whole path of the file, such as {{.Path}}.", With("Path", v.PilePath(p))), failed: true}
		v.changed()
		return
	}
	v.export = exporting{running: true}
	GoStore(d, func(ctx context.Context, s *store.Store) (n int, err error) {
		if _, err := os.Stat(path); err == nil && !replace {
			return 0, fs.ErrExist
		}
		set, err := storedSettings(ctx, s)
		if err != nil {
			return 0, err
		}
		m := mailing.New(mailing.Options{Store: s, Now: d.Now})
		b, err := m.Pile(ctx, &set, run)
		if err != nil {
			return 0, err
		}
		err = writeWhole(path, func(out io.Writer) error {
			n, err = m.Print(ctx, &set, out, b, mailing.Printing{Format: p.format(), Slip: p.Slip, Way: mailing.OnPaper})
			return err
		})
		return n, err
	}, func(n int, err error) {
		v.export = exporting{}
		switch {
		case errors.Is(err, fs.ErrExist) && !replace:
			if exists != nil {
				exists()
			}
		case err != nil:
			v.export.said, v.export.failed = exportProblem(d, path, err), true
		case n == 1:
			v.export.said = d.Say("1 letter is in {{.Path}}. Open the file and print it.", With("Path", path))
		default:
			v.export.said = d.Say("{{.N}} letters are in {{.Path}}. Open the file and print it.", With("N", thousands(n), "Path", path))
		}
		v.changed()
	})
	v.changed()
}

// ShowFolder opens the folder a file lies in.
func (v *RunView) ShowFolder(path string) {
	d := v.notices.desk
	Go(d, func(context.Context) (struct{}, error) { return struct{}{}, d.Desktop().Open(filepath.Dir(path)) }, func(_ struct{}, err error) {
		if err != nil {
			v.notices.notice(asError(err).Error(), nil)
		}
	})
}
