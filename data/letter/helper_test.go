package letter_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/letter"
)

var today = data.NewDate(2026, time.November, 27)

// anna is a letter's facts, with n loans of which the first is three days late.
func anna(n int) letter.Facts {
	f := letter.Facts{
		Patron: &data.Patron{ID: 7, Key: "a7", First: "Anna", Last: "Berg", Group: "7b", Level: "7", Card: "2000123", Email: "anna@example.org"},
		Library: data.Library{
			Name: "Schulbücherei am Lindenhof", Phone: "030 123456", Address: "Lindenhof 1\n12345 Musterstadt", Signature: "Ihre Schulbücherei\nMaria Möller", Language: "en",
		},
		From: data.From{Address: "library@example.org"}, Today: today,
	}
	for i := range n {
		f.Loans = append(f.Loans, data.Loan{
			ID: int64(i + 1), Patron: 7, Title: fmt.Sprintf("Die unendliche Geschichte %d", i), Author: "Michael Ende", Barcode: fmt.Sprint(3000000 + i), CallNumber: "FIC END",
			Due: today - 3 + data.Date(i), Price: "12,50 €",
		})
	}
	return f
}

// text is a template of a body.
func text(body string) data.Template {
	return data.Template{Key: "own", Language: "en", Name: "Own", Subject: "From your library", Body: body}
}

func render(t *testing.T, tpl data.Template, f letter.Facts) letter.Rendered {
	t.Helper()
	r, err := letter.Render(tpl, f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// says is what a body says of facts, as text, without the line end behind it.
func says(t *testing.T, body string, f letter.Facts) string {
	t.Helper()
	return strings.TrimSuffix(render(t, text(body), f).Text, "\n")
}

func want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %q, not %q", what, got, want)
	}
}

func has(t *testing.T, s string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(s, part) {
			t.Errorf("there is no %q in %s", part, s)
		}
	}
}

func lacks(t *testing.T, s string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(s, part) {
			t.Errorf("there is %q in %s", part, s)
		}
	}
}

// program finds a program of another house to judge our work; where it must be and is not, the test fails.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is needed here", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return path
}
