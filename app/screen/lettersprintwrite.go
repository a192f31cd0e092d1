package screen

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// Asks are what Write comes back with in place of a file.
type Asks struct {
	Exists func()               // there is a file of this name
	Poor   func(words []string) // the PDF would lack characters
}

// Write writes the file. With replace a file of this name is replaced; with poor a PDF is written though it lacks
// characters.
func (p *LettersPrint) Write(path string, replace, poor bool, ask Asks) {
	d := p.l.desk
	if !p.Can() {
		return
	}
	path = strings.TrimSpace(path)
	p.path = ""
	if path == "" || !filepath.IsAbs(path) {
		p.said, p.failed = d.Say("Write the whole path of the file, such as {{.Path}}.", With("Path", p.Path())), true
		p.changed()
		return
	}
	ctx, stop := context.WithCancel(d.ctx)
	j := &letterJob{stop: stop, words: func(j *letterJob) string {
		if j.total == 0 {
			return d.Say("Writing the file.")
		}
		return d.Say("Writing letters: {{.N}} of {{.All}}", With("N", thousands(j.done), "All", thousands(j.total)))
	}}
	p.job, p.said, p.failed = j, "", false
	w := &letterWriting{p: p, j: j, path: path, html: p.html, poor: poor, replace: replace, pages: p.pages(j)}
	GoStore(d, func(_ context.Context, s *store.Store) (int, error) { return w.write(ctx, s) }, func(n int, err error) {
		stopped := ctx.Err() != nil
		stop()
		p.job = nil
		switch {
		case errors.Is(err, fs.ErrExist) && !replace:
			ask.Exists()
		case errors.Is(err, errPoor):
			ask.Poor(w.problems)
		case stopped && err != nil:
			p.said = d.Say("Stopped. No file was written.")
		case err != nil:
			p.said, p.failed = exportProblem(d, path, err), true
		default:
			p.path = path
			p.said = p.writtenWords(n, path)
		}
		p.changed()
	})
	p.changed()
}

func (p *LettersPrint) writtenWords(n int, path string) string {
	say, with := p.l.desk.Say, With("N", thousands(n), "Path", path)
	switch {
	case !p.Letters():
		return say("The list is in {{.Path}}.", with)
	case n == 1:
		return say("1 letter is in {{.Path}}.", with)
	}
	return say("{{.N}} letters are in {{.Path}}.", with)
}

// pagesOf makes what is printed, on a work goroutine.
type pagesOf func(ctx context.Context, s *store.Store, set *data.Settings) ([]letter.Page, error)

// pages is what to print with the choices in force.
func (p *LettersPrint) pages(j *letterJob) pagesOf {
	paper := letter.PaperA4
	if p.letter {
		paper = letter.PaperLetter
	}
	l, choice, what := p.l, p.listChoice(), p.what
	if !p.Letters() {
		wanted := l.listing(choice)
		return func(ctx context.Context, s *store.Store, set *data.Settings) ([]letter.Page, error) {
			lines, err := wanted.lines(ctx, s)
			if err != nil {
				return nil, err
			}
			lists := letter.Lists{Library: set.Library, Today: l.desk.today(), Paper: paper}
			if what == printShelf {
				return []letter.Page{lists.ShelfCheck(lines)}, nil
			}
			return lists.ClassLists(lines, what == printClasses), nil
		}
	}
	batch := *l.list.batch
	batch.Lines = slices.Clone(batch.Lines)
	printing := mailing.Printing{Slip: what == printSlips, Paper: paper, Progress: func(done, total int) { p.report(j, done, total) }}
	if p.onlyPaper {
		printing.Way = mailing.OnPaper
	}
	return func(ctx context.Context, s *store.Store, set *data.Settings) ([]letter.Page, error) {
		m, _ := l.mailerOf(s, &choice)
		return m.Pages(ctx, set, &batch, printing)
	}
}

func (p *LettersPrint) report(j *letterJob, done, total int) {
	p.l.desk.o.Post(func() {
		if p.job == j && p.l.desk.ctx.Err() == nil {
			j.done, j.total = done, total
			p.changed()
		}
	})
}
