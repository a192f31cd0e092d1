package screen

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// ExportPath is a file name to offer for everything known of the person. It names the number, not the child: names of
// files are seen by many.
func (p *Patron) ExportPath() string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = p.desk.Place().Data
	}
	return filepath.Join(home, "patron-"+strconv.FormatInt(p.id, 10)+".json")
}

// ExportIn is the same file name in another folder.
func (p *Patron) ExportIn(folder string) string {
	return filepath.Join(folder, filepath.Base(p.ExportPath()))
}

// Exporting reports whether a file is being written. Exported is how the last one ended; empty: there was none.
func (p *Patron) Exporting() bool { return p.export.running }

// Exported is how the last export ended, one sentence; empty: there was none.
func (p *Patron) Exported() (said string, failed bool) { return p.export.said, p.export.failed }

// Export writes everything known of the person into a file of JSON (RFC 8259). exists is called instead when there is
// such a file and replace is false.
func (p *Patron) Export(path string, replace bool, exists func()) {
	if p.export.running || p.id == 0 {
		return
	}
	d, id := p.desk, p.id
	path = strings.TrimSpace(path)
	if path == "" || !filepath.IsAbs(path) {
		p.export = exporting{said: d.Say("Write the whole path of the file, such as {{.Path}}.", With("Path", p.ExportPath())), failed: true}
		p.changed()
		return
	}
	p.export = exporting{running: true}
	GoStore(d, func(ctx context.Context, s *store.Store) (struct{}, error) {
		if _, err := os.Stat(path); err == nil && !replace {
			return struct{}{}, fs.ErrExist
		}
		all, err := s.ExportPatron(ctx, id)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, writePatron(path, &all)
	}, func(_ struct{}, err error) {
		p.export = exporting{}
		switch {
		case errors.Is(err, fs.ErrExist) && !replace:
			if exists != nil {
				exists()
			}
		case err != nil:
			p.export.said, p.export.failed = exportProblem(d, path, err), true
		default:
			p.export.said = d.Say("Everything known of this patron is in {{.Path}}.", With("Path", path))
		}
		p.changed()
	})
	p.changed()
}

func writePatron(path string, all *data.PatronFile) error {
	return writeWhole(path, func(out io.Writer) error {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(all)
	})
}

// DeleteWords say what deleting the person takes away.
func (p *Patron) DeleteWords() (title, text string) {
	say := p.desk.Say
	loans := say("what is known of the loans")
	switch n := len(p.loans); {
	case n == 1:
		loans = say("1 loan")
	case n > 1:
		loans = say("{{.N}} loans", With("N", n))
	}
	text = say("Deleted are name, addresses and guardians, {{.Loans}}, everything that was decided and sent about this person, and the texts of the letters, from the backups too. What waits to be sent to them is not sent. This cannot be undone.", With("Loans", loans))
	if p.seen.Left == 0 {
		text += "\n\n" + say("If the library system still has this person, the next list brings them back.")
	}
	return say("Delete {{.Name}}?", With("Name", p.Title())), text
}

// Delete takes the person out of the store and its backups; then gets how it ended.
func (p *Patron) Delete(then func(ok bool)) {
	if p.busy != "" || p.id == 0 {
		return
	}
	id := p.id
	p.busy, p.said = p.desk.Say("Deleting, from the backups too."), Said{}
	p.changed()
	GoStore(p.desk, func(ctx context.Context, s *store.Store) (struct{}, error) {
		return struct{}{}, s.DeletePatron(ctx, id)
	}, func(_ struct{}, err error) {
		p.busy = ""
		if err != nil && data.CodeOf(err) != data.CodeNotFound {
			p.said = Said{Words: asError(err).Error(), Bad: true}
			p.changed()
			then(false)
			return
		}
		p.gone = true
		p.desk.Wake()
		then(true)
	})
}
