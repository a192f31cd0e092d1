package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mailing"
)

func (a *app) lettersPrint() *cobra.Command {
	var f choiceFlags
	var o printFlags
	c := &cobra.Command{Use: "print", Short: "Write letters as PDF or HTML for the printer", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return a.withBatch(c, &f, func(m *mailing.Mailer, set *data.Settings, b *mailing.Batch) error {
			return a.printBatch(c.Context(), m, set, b, &o)
		})
	}}
	f.add(c)
	o.add(c)
	return c
}

// printFlags say how letters come out on paper.
type printFlags struct {
	format, out, paper string
	slips, onlyPaper   bool
}

func (f *printFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.out, "out", "", "file to write; - is standard output")
	c.Flags().StringVar(&f.format, "format", "", "pdf or html; empty: as the name of the file says")
	c.Flags().StringVar(&f.paper, "paper", "A4", "A4 or Letter")
	c.Flags().BoolVar(&f.slips, "slips", false, "small ones, to be folded with the name outside")
	c.Flags().BoolVar(&f.onlyPaper, "only-paper", false, "only those whom no e-mail can reach")
}

// printBatch writes the file beside its place first: a half-written one is printed by nobody.
func (a *app) printBatch(ctx context.Context, m *mailing.Mailer, set *data.Settings, b *mailing.Batch, f *printFlags) error {
	p, err := f.printing()
	if err != nil {
		return err
	}
	if p.Format == "pdf" {
		if err := a.warnOfPDF(ctx, m, set, b, p); err != nil {
			return err
		}
	}
	if f.out == "-" {
		_, err := m.Print(ctx, set, a.Out, b, p)
		return err
	}
	n, err := writeWhole(f.out, func(w io.Writer) (int, error) { return m.Print(ctx, set, w, b, p) })
	if err != nil {
		return err
	}
	if a.json {
		return encode(a.Out, map[string]any{"file": f.out, "letters": n})
	}
	a.sayf("%s in %s.", countOf(n, "letter is", "letters are"), f.out)
	return nil
}

// countOf is a number with the word that goes with it.
func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// warnOfPDF names the letters that the font of a PDF lacks: a name is printed with question marks otherwise, and nobody was told.
func (a *app) warnOfPDF(ctx context.Context, m *mailing.Mailer, set *data.Settings, b *mailing.Batch, p mailing.Printing) error {
	pages, err := m.Pages(ctx, set, b, p)
	if err != nil {
		return err
	}
	problems := letter.PDFProblems(pages)
	for _, problem := range problems {
		_, _ = fmt.Fprintln(a.Err, problem.Sentence)
	}
	if len(problems) > 0 {
		_, _ = fmt.Fprintln(a.Err, "Pages for the browser: --out FILE.html")
	}
	return nil
}

// writeWhole writes a file under another name and renames it when it is whole.
func writeWhole(path string, write func(io.Writer) (int, error)) (int, error) {
	bad := func(err error) error {
		return &data.Error{Code: data.CodeNoAccess, Sentence: "The file " + data.Clean(path, 200) + " cannot be written.", Next: "Look at its folder and the rights on it.", Err: err}
	}
	out, err := os.CreateTemp(parent(path), ".letters-*")
	if err != nil {
		return 0, bad(err)
	}
	defer func() { _ = os.Remove(out.Name()) }()
	n, err := write(out)
	if e := out.Close(); err == nil && e != nil {
		err = bad(e)
	}
	if err != nil {
		return 0, err
	}
	if err := os.Rename(out.Name(), path); err != nil {
		return 0, bad(err)
	}
	return n, nil
}
