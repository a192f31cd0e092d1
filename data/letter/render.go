package letter

import (
	"bytes"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"unicode/utf8"

	"smtpgateway/data"
)

// block is one part of a rendered letter.
type block struct {
	kind  blockKind
	lines []string // of paragraphs and lists; above the table of alsoTable
	table *table   // nil: lines are all there is
}

const maxBanner = 2000

// Render writes the letter for one person. Errors: CodeNotNow for a guardian who may be told nothing, or nobody decided
// yet what.
func (c *Compiled) Render(f Facts) (Rendered, error) {
	if f.Role == data.RoleGuardian && f.Disclosure != data.DiscloseTitles && f.Disclosure != data.DiscloseCount {
		return Rendered{}, &data.Error{Code: data.CodeNotNow, Sentence: "Guardians of this group are told nothing, so there is no letter to them.", Next: "Choose in the settings what guardians are told."}
	}
	w, language := wordsOf(f.Language, c.from.Language, f.Library.Language)
	plain := f.values(w)
	rich := make(map[string]any, len(plain))
	for key, value := range plain {
		rich[key] = value
	}
	for _, p := range places {
		if p.lines {
			rich[p.key] = pieces(plain[p.key])
		}
	}
	r := Rendered{language: language}
	subject, err := c.line(subjectName, plain)
	if err != nil {
		return Rendered{}, err
	}
	r.Subject = data.Clean(strings.Join(strings.Fields(subject), " "), MaxSubject)
	var html bytes.Buffer
	for _, b := range c.blocks {
		if err := c.block(&r, &html, b, &f, w, plain, rich); err != nil {
			return Rendered{}, err
		}
	}
	banner := data.Clean(f.Practice, maxBanner)
	r.Text = textOf(banner, r.blocks)
	r.body = html.String()
	r.HTML = document(language, r.Subject, banner, r.body)
	return r, nil
}

// line renders one line as text.
func (c *Compiled) line(name string, values map[string]string) (string, error) {
	var b strings.Builder
	if err := c.text.ExecuteTemplate(&b, name, values); err != nil {
		return "", fmt.Errorf("letter %s: %w", c.from.Key, err)
	}
	return b.String(), nil
}

// block renders one block into r and its HTML. Lines that come out empty vanish, and a block of such lines does.
func (c *Compiled) block(r *Rendered, html *bytes.Buffer, b compiledBlock, f *Facts, w *words, plain map[string]string, rich map[string]any) error {
	switch b.kind {
	case itemTable:
		r.table(html, block{kind: itemTable}, f.Loans, f, w, c.from.Columns)
		return nil
	case alsoTable:
		if len(f.Also) > 0 {
			r.table(html, block{kind: alsoTable, lines: []string{w.also}}, f.Also, f, w, c.from.Columns)
		}
		return nil
	case paragraph, list:
	}
	out := block{kind: b.kind}
	var rendered []string
	for _, name := range b.lines {
		text, err := c.line(name, plain)
		if err != nil {
			return err
		}
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		var one bytes.Buffer
		if err := c.html.ExecuteTemplate(&one, name, rich); err != nil {
			return fmt.Errorf("letter %s: %w", c.from.Key, err)
		}
		rendered = append(rendered, one.String())
		out.lines = append(out.lines, text)
	}
	if len(out.lines) == 0 {
		return nil
	}
	r.blocks = append(r.blocks, out)
	if b.kind == list {
		html.WriteString("<ul>\n<li>" + strings.Join(rendered, "</li>\n<li>") + "</li>\n</ul>\n")
	} else {
		html.WriteString("<p>" + strings.Join(rendered, "<br>\n") + "</p>\n")
	}
	return nil
}

// table puts loans in, as far as the reader may be told of them.
func (r *Rendered) table(html *bytes.Buffer, b block, loans []data.Loan, f *Facts, w *words, columns []string) {
	switch {
	case len(loans) == 0:
		b.lines = append(b.lines, w.none)
	case f.counted():
		b.lines = append(b.lines, counting(loans, w))
	default:
		b.table = tableFrom(loans, columns, w, f.Today)
	}
	r.blocks = append(r.blocks, b)
	for _, line := range b.lines {
		html.WriteString("<p>" + template.HTMLEscapeString(line) + "</p>\n")
	}
	if b.table != nil {
		b.table.html(html)
	}
}

// html writes the table. Attributes of HTML 4 do what a style on each cell would, in a tenth of the octets and in more
// mail programs. Titles and names keep their own direction, so that a Hebrew one does not turn the line round.
func (t *table) html(out *bytes.Buffer) {
	out.WriteString("<table border=\"1\" cellpadding=\"6\" style=\"border-collapse:collapse;border-color:#888\">\n<thead><tr>")
	for _, h := range t.heads {
		if h == "" {
			out.WriteString("<td></td>")
			continue
		}
		out.WriteString(`<th scope="col" align="left">` + template.HTMLEscapeString(h) + "</th>")
	}
	out.WriteString("</tr></thead>\n<tbody valign=\"top\">\n")
	for _, row := range t.rows {
		out.WriteString("<tr>")
		for j, cell := range row {
			open := "<td>"
			if slices.Contains([]string{"title", "author", "name"}, t.columns[j]) {
				open = `<td dir="auto">`
			}
			out.WriteString(open + template.HTMLEscapeString(cell) + "</td>")
		}
		out.WriteString("</tr>\n")
	}
	out.WriteString("</tbody>\n</table>\n")
	if t.more != "" {
		out.WriteString("<p>" + template.HTMLEscapeString(t.more) + "</p>\n")
	}
}

// document is a whole HTML document. It names no colours but those of edges, so that it can be read on dark screens too.
func document(language, title, banner, body string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>%s</title>\n</head>\n", language, template.HTMLEscapeString(title))
	b.WriteString("<body style=\"font-family:Verdana,Arial,sans-serif;font-size:16px;line-height:1.5;max-width:42em;margin:1em\">\n")
	if banner != "" {
		fmt.Fprintf(&b, "<p style=\"border:2px solid #c60;padding:8px 12px\"><strong>%s</strong></p>\n", template.HTMLEscapeString(banner))
	}
	b.WriteString(body + "</body>\n</html>\n")
	return b.String()
}

// lineWidth is how long a line of text may be (RFC 5322 2.1.1 says 78; one level of quoting more fits).
const lineWidth = 76

func textOf(banner string, blocks []block) string {
	var parts []string
	if banner != "" {
		parts = append(parts, strings.Join(wrap(banner, "", ""), "\n")+"\n"+strings.Repeat("-", lineWidth))
	}
	for _, b := range blocks {
		var lines []string
		for _, l := range b.lines {
			first, next := "", ""
			if b.kind == list {
				first, next = "- ", "  "
			}
			for part := range strings.SplitSeq(l, "\n") {
				lines = append(lines, wrap(part, first, next)...)
				first = next
			}
		}
		if b.table != nil {
			if len(b.lines) > 0 {
				lines = append(lines, "")
			}
			for _, l := range b.table.plain {
				indent := l[:len(l)-len(strings.TrimLeft(l, " "))]
				lines = append(lines, wrap(strings.TrimLeft(l, " "), indent, indent+"  ")...)
			}
			if b.table.more != "" {
				lines = append(lines, b.table.more)
			}
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// wrap parts a text into lines of at most lineWidth characters, at blanks only; the first begins with first, the others with
// next.
func wrap(s, first, next string) []string {
	var lines []string
	line, n := first, utf8.RuneCountInString(first)
	empty := true
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' }) {
		size := utf8.RuneCountInString(word)
		if !empty && n+1+size > lineWidth {
			lines = append(lines, line)
			line, n, empty = next, utf8.RuneCountInString(next), true
		}
		if !empty {
			line += " "
			n++
		}
		line += word
		n += size
		empty = false
	}
	return append(lines, line)
}
