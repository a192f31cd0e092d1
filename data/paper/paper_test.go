package paper_test

import (
	"bytes"
	"strings"
	"testing"

	"smtpgateway/data/paper"
)

func TestSheets(t *testing.T) {
	for _, style := range []string{paper.Regular, paper.Bold, paper.Mono} {
		p, err := paper.New("A4")
		if err != nil {
			t.Fatal(err)
		}
		p.AddPage()
		t.Run("no line of style "+style+" is wider than it may be, and nothing is lost", func(t *testing.T) {
			text := "The records to publish: " + strings.Repeat("x", 300) + " and " + strings.Repeat("some words ", 40) + "end"
			var whole string
			for _, line := range p.Wrap(style, 9, 80, text) {
				if w := p.Wide(style, 9, line); w > 80.01 {
					t.Errorf("%q is %g wide", line, w)
				}
				whole += line
			}
			if strings.ReplaceAll(whole, " ", "") != strings.ReplaceAll(text, " ", "") {
				t.Error(whole)
			}
		})
		t.Run("a sheet with style "+style+" is a PDF", func(t *testing.T) {
			p.Put(p.Left, p.Top, style, 9, "v=spf1 -all")
			var b bytes.Buffer
			if err := p.Output(&b); err != nil || !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) || p.Room() <= 0 || p.End() <= p.Top {
				t.Error(err, b.Len())
			}
		})
	}
	t.Run("in mono all letters are equally wide", func(t *testing.T) {
		p, err := paper.New("Letter")
		if err != nil {
			t.Fatal(err)
		}
		p.AddPage()
		if p.Wide(paper.Mono, 9, "iiii") != p.Wide(paper.Mono, 9, "WWWW") || p.Wide(paper.Regular, 9, "iiii") >= p.Wide(paper.Regular, 9, "WWWW") {
			t.Error("they are not")
		}
	})
	t.Run("what the font lacks is named, and forgotten when asked to", func(t *testing.T) {
		g, err := paper.NewGlyphs()
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Printable("Zoë 书"); got != "Zoë ?" || g.Missing() != "书" {
			t.Error(got, g.Missing())
		}
		if g.Forget(); g.Missing() != "" {
			t.Error(g.Missing())
		}
	})
}
