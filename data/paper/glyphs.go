package paper

import (
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

// Glyphs says what the font can print of a text, and remembers what it cannot.
type Glyphs struct {
	font    *sfnt.Font
	buffer  sfnt.Buffer
	known   map[rune]bool
	missing map[rune]bool
}

// NewGlyphs asks the font that sheets are printed with.
func NewGlyphs() (*Glyphs, error) {
	font, err := printed()
	if err != nil {
		return nil, err
	}
	return &Glyphs{font: font, known: map[rune]bool{}, missing: map[rune]bool{}}, nil
}

func (g *Glyphs) has(r rune) bool {
	has, ok := g.known[r]
	if !ok {
		i, err := g.font.GlyphIndex(&g.buffer, r)
		has = err == nil && i != 0
		g.known[r] = has
	}
	return has
}

// Printable puts in place of each character the font has none for its letter without the accent, or a question mark.
func (g *Glyphs) Printable(s string) string {
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

// Forget forgets which characters were missing.
func (g *Glyphs) Forget() { clear(g.missing) }

// Missing names some of the characters that were asked for and are not there; empty: all are.
func (g *Glyphs) Missing() string {
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
