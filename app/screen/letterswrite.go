package screen

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/notice"
	"smtpgateway/data/store"
)

// errPoor says that a PDF would lack characters.
var errPoor = errors.New("the PDF lacks characters")

// mostPoor is how many letters are named that a PDF cannot print.
const mostPoor = 5

// letterWriting writes pages into a file, off the window's goroutine.
type letterWriting struct {
	p             *LettersPrint
	j             *letterJob
	path          string
	html          bool
	poor, replace bool
	pages         pagesOf
	problems      []string
}

func (w *letterWriting) write(ctx context.Context, s *store.Store) (int, error) {
	if _, err := os.Stat(w.path); err == nil && !w.replace {
		return 0, fs.ErrExist
	}
	set, err := storedSettings(ctx, s)
	if err != nil {
		return 0, err
	}
	pages, err := w.pages(ctx, s, &set)
	if err != nil {
		return 0, err
	}
	if !w.html && !w.poor {
		for _, p := range letter.PDFProblems(pages) {
			if w.problems = append(w.problems, p.Sentence); len(w.problems) > mostPoor {
				break
			}
		}
		if len(w.problems) > 0 {
			return 0, errPoor
		}
	}
	return len(pages), w.file(ctx, pages)
}

// file writes beside the file and renames at the end: who opens the file finds all of it.
func (w *letterWriting) file(ctx context.Context, pages []letter.Page) (err error) {
	f, err := os.CreateTemp(filepath.Dir(w.path), ".smtp-gateway-letters-*")
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
	if w.html {
		err = letter.PrintHTML(out, pages)
	} else {
		err = letter.PrintPDF(out, pages)
	}
	if err = errors.Join(err, ctx.Err()); err != nil {
		return err
	}
	if err := errors.Join(out.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), w.path)
}

// listing is what lists of loans are made of.
type listing struct {
	which  notice.Which
	days   int
	groups []string
	today  data.Date
}

// listing says which loans are listed by a choice; held ones are among them: somebody says they are back, so they are to
// be looked for.
func (l *Letters) listing(c letterChoice) listing {
	of := *l
	of.choice = c
	n, _ := of.number()
	return listing{which: c.which, days: n, groups: of.groups(), today: l.desk.today()}
}

func (g *listing) lines(ctx context.Context, s *store.Store) ([]letter.ListLine, error) {
	r, err := s.Roster(ctx, data.RosterQuery{Loans: true})
	if err != nil {
		return nil, err
	}
	var lines []letter.ListLine
	for i := range r.Patrons {
		p := &r.Patrons[i]
		if len(g.groups) > 0 && !slices.ContainsFunc(g.groups, func(name string) bool { return strings.EqualFold(name, p.Group) }) {
			continue
		}
		for _, loan := range r.Loans[p.ID] {
			if g.wants(&loan) {
				lines = append(lines, letter.ListLine{Patron: p, Loan: loan})
			}
		}
	}
	if len(lines) == 0 {
		return nil, &data.Error{Code: data.CodeNotFound, Sentence: "There is nothing to list: no loan fits.", Next: "Choose other groups or other loans."}
	}
	return lines, nil
}

func (g *listing) wants(loan *data.Loan) bool {
	late := loan.DaysLate(g.today)
	switch g.which {
	case notice.WhichOverdue:
		return late >= max(1, g.days)
	case notice.WhichDue:
		return late <= 0 && -late <= g.days
	case notice.WhichAll, notice.WhichNone:
	}
	return true
}
