package roster_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

var today = data.NewDate(2026, 11, 22)

// file writes a list and gives its path.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, path string, o roster.Options) *roster.File {
	t.Helper()
	f, err := roster.Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// read takes a list in as it is proposed, every question answered as it is proposed.
func read(t testing.TB, path string) *data.Batch {
	t.Helper()
	f := open(t, path, roster.Options{})
	p := f.Propose("")
	m := p.Mapping
	for _, q := range p.Questions {
		m = roster.Answer(m, q, q.Proposed...)
	}
	b, questions, err := f.Read(context.Background(), m, today)
	if err != nil {
		t.Fatal(err)
	}
	if len(questions) > 0 {
		t.Fatalf("asked: %s", roster.AskDate(questions[0]))
	}
	return b
}

// row is a patron in one line, to compare.
func row(p data.Patron) string {
	s := strings.Join([]string{p.Key, p.Card, p.First, p.Last, p.Group, p.Level, p.Email, p.Language, strings.ReplaceAll(p.Address, "\n", "/")}, "|")
	for _, g := range p.Guardians {
		s += "|" + strings.TrimSpace(g.Role+" "+g.Name) + " <" + g.Email + ">"
	}
	return s
}

func rows(b *data.Batch) []string {
	var all []string
	for _, p := range b.Patrons {
		all = append(all, row(p.Patron))
	}
	return all
}

func loanRow(l data.BatchLoan) string {
	who := strings.Join([]string{l.PatronKey, l.PatronCard, l.PatronFirst, l.PatronLast, l.PatronEmail}, ",")
	return strings.Join([]string{l.Key, who, l.Barcode, l.Title, l.Author, l.CallNumber, l.Due.String(), l.Issued.String(), l.Price}, "|")
}
