package letter

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// printed is the font of PDF, for asking which characters it has. It has those of the European languages, not those of
// the Near and Far East.
var printed = sync.OnceValues(func() (*sfnt.Font, error) { return sfnt.Parse(goregular.TTF) })

// regular and bold are the two cuts of it that are put into a PDF.
func regular() []byte { return goregular.TTF }
func bold() []byte    { return gobold.TTF }

// glyphs says what the font can print of a text, and remembers what it cannot.
type glyphs struct {
	font    *sfnt.Font
	buffer  sfnt.Buffer
	known   map[rune]bool
	missing map[rune]bool
}

func newGlyphs() (*glyphs, error) {
	font, err := printed()
	if err != nil {
		return nil, err
	}
	return &glyphs{font: font, known: map[rune]bool{}, missing: map[rune]bool{}}, nil
}

func (g *glyphs) has(r rune) bool {
	has, ok := g.known[r]
	if !ok {
		i, err := g.font.GlyphIndex(&g.buffer, r)
		has = err == nil && i != 0
		g.known[r] = has
	}
	return has
}

// printable puts in place of each character the font has none for its letter without the accent, or a question mark.
func (g *glyphs) printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || g.has(r) {
			return r
		}
		g.missing[r] = true
		if plain, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r))); plain != r && g.has(plain) {
			return plain
		}
		return '?'
	}, norm.NFC.String(s))
}

// PDFProblems says which letters PrintPDF cannot print as they are; PrintHTML can, with the fonts of the browser. PrintPDF
// prints letters without their accents or question marks in their place.
func PDFProblems(pages []Page) []Problem {
	g, err := newGlyphs()
	if err != nil {
		return []Problem{{Sentence: "The font for PDF cannot be read: print from the browser instead."}}
	}
	var problems []Problem
	for i := range pages {
		clear(g.missing)
		for _, s := range pages[i].strings() {
			g.printable(s)
		}
		if len(g.missing) > 0 {
			who := pages[i].heading()
			problems = append(problems, Problem{Warning: true, Sentence: fmt.Sprintf(
				"The page for %s has characters that a PDF of this program cannot show: %s. Print it from the browser instead.", who, g.list())})
		}
	}
	return problems
}

// list names some of the missing characters.
func (g *glyphs) list() string {
	const most = 20
	var all []rune
	for r := range g.missing {
		all = append(all, r)
	}
	slices.Sort(all)
	end := ""
	if len(all) > most {
		all, end = all[:most], " ..."
	}
	return string(all) + end
}

// strings lists all that is printed on a page.
func (p *Page) strings() []string {
	all := []string{p.Sender, p.Address, p.Date, p.For, p.Name, p.Class, p.Letter.Subject}
	for _, b := range p.Letter.blocks {
		all = append(all, b.lines...)
		if b.table != nil {
			all = append(append(all, b.table.heads...), b.table.more)
			for _, row := range b.table.rows {
				all = append(all, row...)
			}
			if b.table.columns[0] == "tick" {
				all = slices.DeleteFunc(all, func(s string) bool { return s == tick }) // drawn
			}
		}
	}
	return all
}
