package mailing

import (
	"context"
	"fmt"
	"io"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/notice"
)

// Printing is how letters come out on paper.
type Printing struct {
	Format string // "pdf" or "html"
	Slip   bool   // small ones, folded with the name outside
	Paper  letter.Paper
	Way    Way // only lines of this way; empty: by mail and on paper alike

	Progress func(done, total int) // told of letters written; nil: nobody
}

// Print writes the ticked letters of a batch for the printer and gives how many. Practice means nothing to paper. Errors:
// CodeNotFound when nothing is ticked, CodeUsage for another format.
func (m *Mailer) Print(ctx context.Context, s *data.Settings, out io.Writer, b *Batch, p Printing) (int, error) {
	write, err := printer(p.Format)
	if err != nil {
		return 0, err
	}
	pages, err := m.Pages(ctx, s, b, p)
	if err != nil {
		return 0, err
	}
	return len(pages), write(out, pages)
}

// Pages are the ticked letters of a batch as they would be printed, for letter.PDFProblems and then letter.PrintPDF or
// letter.PrintHTML. Errors: CodeNotFound when nothing is ticked.
func (m *Mailer) Pages(ctx context.Context, s *data.Settings, b *Batch, p Printing) ([]letter.Page, error) {
	w, err := m.previewer(ctx, s)
	if err != nil {
		return nil, err
	}
	var lines []*Line
	for i := range b.Lines {
		if l := &b.Lines[i]; l.Ticked && l.Way != LeftOut && (p.Way == "" || l.Way == p.Way) {
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 {
		return nil, &data.Error{Code: data.CodeNotFound, Sentence: "There is no letter to print.", Next: "Choose other groups or another letter."}
	}
	pages := make([]letter.Page, len(lines))
	for i, l := range lines {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if pages[i], err = w.page(&l.Mail, p); err != nil {
			return nil, err
		}
		if p.Progress != nil && ((i+1)%slice == 0 || i+1 == len(lines)) {
			p.Progress(i+1, len(lines))
		}
	}
	return pages, nil
}

func printer(format string) (func(io.Writer, []letter.Page) error, error) {
	switch format {
	case "pdf":
		return letter.PrintPDF, nil
	case "html":
		return letter.PrintHTML, nil
	}
	return nil, &data.Error{Code: data.CodeUsage, Sentence: fmt.Sprintf("%q is no format to print in.", data.Clean(format, 40)), Next: "Use pdf or html."}
}

func (w *writer) page(m *notice.Mail, p Printing) (letter.Page, error) {
	r, f, err := w.rendered(m, false)
	if err != nil {
		return letter.Page{}, err
	}
	page := letter.NewPage(r, f)
	page.Slip, page.Paper = p.Slip, p.Paper
	return page, nil
}

// Pile is the print pile of a run: everybody whom no mail can reach, with what is still out. It can be printed again and
// again.
func (m *Mailer) Pile(ctx context.Context, s *data.Settings, run data.Run) (*Batch, error) {
	p, err := m.plan(ctx, s, run.From, run.Day)
	if err != nil {
		return nil, err
	}
	b := &Batch{Day: run.Day}
	b.fill(notice.Outcome{Print: p.Print}, nil)
	return b, nil
}
