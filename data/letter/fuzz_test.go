package letter_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"smtpgateway/data"
	"smtpgateway/data/letter"
)

// FuzzTemplate: a template compiles or is refused in words; what it renders never makes a header line, and all that comes
// from people is text in HTML.
func FuzzTemplate(f *testing.F) {
	for _, tpl := range letter.Originals() {
		f.Add(tpl.Subject, tpl.Body, "Anna", "Momo")
	}
	for _, body := range []string{"[[a]] {{.X}} {a [Card]}", "[Frist name", "{", "}", "]", "[]", "{}", "- [Items]", "https://[Card]/[Name]{x[Card]}https://", "\u202e[Today]\r\n\t[Also on loan]\x00\xff", "{{{{.}}}} `\\\"{{end}}"} {
		f.Add(body, body, "{{.Name}}[Items]\r\nBcc: x", "<script>'\"&")
	}
	f.Fuzz(func(t *testing.T, subject, body, name, title string) {
		tpl := data.Template{Key: "own", Language: "de", Subject: subject, Body: body}
		problems := letter.Check(tpl)
		c, err := letter.Compile(tpl)
		if (err == nil) == letter.Wrong(problems) {
			t.Fatalf("check says %+v, compiling %v", problems, err)
		}
		if err != nil {
			if data.CodeOf(err) != data.CodeUsage {
				t.Fatalf("an error without words: %v", err)
			}
			return
		}
		facts := anna(1)
		facts.Patron.First, facts.Loans[0].Title, facts.Loans[0].Price, facts.Library.Signature = name, title, title, title
		facts.Practice = name
		r, err := c.Render(facts)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(r.Subject, "\r\n\x00") {
			t.Fatalf("the subject is %q", r.Subject)
		}
		plainHTML(t, r.HTML)
	})
}

// plainHTML fails if HTML holds an element or attribute that no letter has.
func plainHTML(t *testing.T, s string) {
	t.Helper()
	known := " html head meta title body p strong br a ul li table thead tbody tr th td "
	attributes := " lang charset name content style href border cellpadding scope align valign dir "
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if !strings.Contains(known, " "+token.Data+" ") {
				t.Fatalf("an element <%s> in %s", token.Data, s)
			}
			for _, a := range token.Attr {
				if !strings.Contains(attributes, " "+a.Key+" ") || a.Key == "href" && !strings.HasPrefix(a.Val, "http://") && !strings.HasPrefix(a.Val, "https://") {
					t.Fatalf("an attribute %s=%q in %s", a.Key, a.Val, s)
				}
			}
		case html.TextToken, html.EndTagToken, html.CommentToken, html.DoctypeToken:
		}
	}
}
