package letter

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// sheetStyle is how letters, slips and lists look on paper. Sizes are those of PrintPDF.
const sheetStyle = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #000; font: 10.5pt/1.4 Verdana, Arial, sans-serif; }
p, ul, table { margin: 0 0 0.7em 0; }
table { border-collapse: collapse; width: 100%%; font-size: 9.5pt; }
th, td { text-align: start; vertical-align: top; padding: 0.25em 0.6em 0.25em 0; border: 0; border-bottom: 0.3pt solid #666; }
td:not([dir]) { white-space: nowrap; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
@page { size: %[1]s; margin: 20mm 20mm 20mm 25mm; }
@page slips { size: %[1]s; margin: 10mm; }
.letter { break-after: page; max-width: 165mm; }
.letter:last-child { break-after: auto; }
.head { position: relative; height: 75mm; }
.window { position: absolute; top: 25mm; left: 0; width: 85mm; }
.sender { font-size: 7.5pt; color: #444; margin: 0 0 1.5mm 0; }
.date { position: absolute; right: 0; bottom: 2mm; }
h1 { font-size: 10.5pt; margin: 0 0 1em 0; }
.slip { page: slips; break-inside: avoid; display: flex; min-height: 60mm; max-width: 190mm; font-size: 8.5pt; line-height: 1.35; border-bottom: 0.6pt dashed #888; padding: 4mm 0; }
.outside { width: 50mm; flex: none; box-sizing: border-box; padding-right: 4mm; border-right: 0.6pt dotted #888; align-self: stretch; display: flex; flex-direction: column; justify-content: center; }
.outside strong { font-size: 12pt; }
.inside ul { padding-left: 1.2em; }
.inside { flex: 1; padding-left: 4mm; background: linear-gradient(#888, #888) 50%% 0 / 0.3pt 4mm no-repeat, linear-gradient(#888, #888) 50%% 100%% / 0.3pt 4mm no-repeat; print-color-adjust: exact; }
.list { break-after: page; }
.list:last-child { break-after: auto; }
.list h1 { font-size: 14pt; margin-bottom: 0.3em; }
@media screen { .letter, .slip, .list { margin: 1em auto; padding-left: 1em; padding-right: 1em; max-width: 190mm; } }
`

// sheets writes one HTML document of printed pages, without anything that is fetched from elsewhere.
func sheets(w io.Writer, language, title string, paper Paper, body []byte) error {
	if paper != PaperLetter {
		paper = PaperA4
	}
	_, language = wordsOf(language)
	var b bytes.Buffer
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<style>", language, template.HTMLEscapeString(title))
	fmt.Fprintf(&b, sheetStyle, strings.ToLower(string(paper)))
	b.WriteString("</style>\n</head>\n<body>\n")
	b.Write(body)
	b.WriteString("</body>\n</html>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// PrintHTML writes a pile of letters as one page for the browser to print: each letter begins a sheet, slips share them.
func PrintHTML(w io.Writer, pages []Page) error {
	var b bytes.Buffer
	var first Page
	for i := range pages {
		p := &pages[i]
		if i == 0 {
			first = *p
		}
		lang := ""
		if p.Letter.language != first.Letter.language {
			lang = ` lang="` + p.Letter.language + `"`
		}
		switch {
		case p.Slip && !p.long():
			fmt.Fprintf(&b, "<section class=\"slip\"%s>\n<div class=\"outside\"><small>%s</small><strong>%s</strong><span>%s</span><small>%s</small></div>\n<div class=\"inside\">\n%s</div>\n</section>\n",
				lang, template.HTMLEscapeString(p.For), template.HTMLEscapeString(p.Name), template.HTMLEscapeString(p.Class), template.HTMLEscapeString(p.Date), htmlOf(narrow(p.Letter.blocks)))
		case p.List:
			fmt.Fprintf(&b, "<section class=\"list\"%s>\n<h1>%s</h1>\n<p>%s</p>\n%s</section>\n",
				lang, template.HTMLEscapeString(p.Letter.Subject), template.HTMLEscapeString(strings.Join(parts(p.Sender, p.Date), " · ")), p.Letter.body)
		default:
			fmt.Fprintf(&b, "<section class=\"letter\"%s>\n<div class=\"head\"><div class=\"window\"><p class=\"sender\">%s</p>%s</div><div class=\"date\">%s</div></div>\n<h1>%s</h1>\n%s</section>\n",
				lang, template.HTMLEscapeString(p.Sender), breaks(p.Address), template.HTMLEscapeString(p.Date), template.HTMLEscapeString(p.Letter.Subject), p.Letter.body)
		}
	}
	return sheets(w, first.Letter.language, first.Letter.Subject, first.Paper, b.Bytes())
}

// breaks is a text of several lines in HTML.
func breaks(s string) string {
	return strings.ReplaceAll(template.HTMLEscapeString(s), "\n", "<br>")
}

// htmlOf writes blocks without tables.
func htmlOf(blocks []block) string {
	var b strings.Builder
	for _, one := range blocks {
		if one.kind != list {
			b.WriteString("<p>" + breaks(strings.Join(one.lines, "\n")) + "</p>\n")
			continue
		}
		b.WriteString("<ul>")
		for _, line := range one.lines {
			b.WriteString("<li dir=\"auto\">" + breaks(line) + "</li>\n")
		}
		b.WriteString("</ul>\n")
	}
	return b.String()
}
