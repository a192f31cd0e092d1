package letter

import (
	"fmt"
	htmltemplate "html/template"
	"regexp"
	"strconv"
	"strings"
	texttemplate "text/template"

	"smtpgateway/data"
)

// Compiled is a template ready to be rendered, by several goroutines at once if need be.
type Compiled struct {
	from   data.Template
	blocks []compiledBlock
	text   *texttemplate.Template // the subject, and each line
	html   *htmltemplate.Template // each line
}

type compiledBlock struct {
	kind  blockKind
	lines []string // names in text and html
}

const subjectName = "subject"

// linesOf renders a value of several lines in HTML, and makes web addresses in it links.
const linesOf = `{{define "lines"}}{{range $i, $l := .}}{{if $i}}<br>{{end}}{{range $l}}{{if .Link}}<a href="{{.Text}}">{{.Text}}</a>{{else}}{{.Text}}{{end}}{{end}}{{end}}{{end}}`

// Compile makes a template ready. What is written in it reaches the templates of Go as quoted strings only and is never
// expanded; nor is any value. Errors: CodeUsage with the first problem of Check that is no warning.
func Compile(t data.Template) (*Compiled, error) {
	subject, body, problems := parse(t)
	for _, p := range problems {
		if !p.Warning {
			return nil, &data.Error{Code: data.CodeUsage, Sentence: p.String(), Next: "Correct the text of the letter, or go back to the original."}
		}
	}
	c := &Compiled{
		from: t,
		text: texttemplate.New("").Option("missingkey=error"),
		html: htmltemplate.New("").Option("missingkey=error"),
	}
	if _, err := c.html.Parse(linesOf); err != nil {
		return nil, err
	}
	if _, err := c.text.New(subjectName).Parse(goText(subject)); err != nil {
		return nil, err
	}
	for i, s := range body {
		b := compiledBlock{kind: s.kind}
		for j, line := range s.lines {
			if s.kind == itemTable || s.kind == alsoTable {
				break
			}
			name := fmt.Sprintf("%d.%d", i, j)
			if _, err := c.text.New(name).Parse(goText(line)); err != nil {
				return nil, err
			}
			if _, err := c.html.New(name).Parse(goHTML(line)); err != nil {
				return nil, err
			}
			b.lines = append(b.lines, name)
		}
		c.blocks = append(c.blocks, b)
	}
	return c, nil
}

// goText writes nodes for text/template.
func goText(nodes []node) string {
	return goSource(nodes, func(n node) string { return "{{." + n.place.key + "}}" })
}

// goHTML writes nodes for html/template, which escapes the quoted strings as it does values.
func goHTML(nodes []node) string {
	return goSource(linked(nodes), func(n node) string {
		switch {
		case n.link != nil:
			inner := goText(n.link)
			return `<a href="` + inner + `">` + inner + "</a>"
		case n.place.lines:
			return `{{template "lines" .` + n.place.key + "}}"
		}
		return "{{." + n.place.key + "}}"
	})
}

func goSource(nodes []node, special func(node) string) string {
	var b strings.Builder
	for _, n := range nodes {
		switch {
		case n.optional != nil:
			inner := goSource(n.optional, special)
			if keys := keysOf(n.optional); len(keys) > 0 {
				inner = "{{if and ." + strings.Join(keys, " .") + "}}" + inner + "{{end}}"
			}
			b.WriteString(inner)
		case n.place != nil || n.link != nil:
			b.WriteString(special(n))
		default:
			b.WriteString("{{" + strconv.Quote(n.text) + "}}")
		}
	}
	return b.String()
}

// webAddress finds an address as people write it in a text, with the punctuation that may follow it.
var webAddress = regexp.MustCompile(`https?://[^\s<>"“”„«»]+`)

// trailing are characters that end a sentence rather than an address.
const trailing = ".,;:!?'’)"

// addressIn finds the first web address in s; -1: there is none.
func addressIn(s string) (from, to int) {
	at := webAddress.FindStringIndex(s)
	if at == nil {
		return -1, -1
	}
	return at[0], at[0] + len(strings.TrimRight(s[at[0]:at[1]], trailing))
}

// linked puts web addresses into nodes of their own. A placeholder that follows one without a blank belongs to it.
func linked(nodes []node) []node {
	var out []node
	for i := 0; i < len(nodes); i++ {
		n := nodes[i]
		if n.optional != nil {
			n.optional = append([]node{}, linked(n.optional)...)
		}
		if n.text == "" {
			out = append(out, n)
			continue
		}
		for n.text != "" {
			from, to := addressIn(n.text)
			if from < 0 {
				out = append(out, n)
				break
			}
			if from > 0 {
				out = append(out, node{text: n.text[:from]})
			}
			address := []node{{text: n.text[from:to]}}
			n.text = n.text[to:]
			for n.text == "" && i+1 < len(nodes) && nodes[i+1].place != nil && !nodes[i+1].place.block && !nodes[i+1].place.lines {
				i++
				address = append(address, nodes[i])
				if i+1 < len(nodes) && nodes[i+1].text != "" {
					i++
					n.text = nodes[i].text
					end := strings.IndexAny(n.text, " <>\"“”„«»")
					if end < 0 {
						end = len(n.text)
					}
					more := strings.TrimRight(n.text[:end], trailing)
					if more != "" {
						address = append(address, node{text: more})
					}
					n.text = n.text[len(more):]
				}
			}
			out = append(out, node{link: address})
		}
	}
	return out
}

// piece is part of a line of a value, in HTML.
type piece struct {
	Text string
	Link bool
}

// pieces parts a value into lines, and these into web addresses and what is between.
func pieces(value string) [][]piece {
	if value == "" {
		return nil
	}
	var lines [][]piece
	for line := range strings.SplitSeq(value, "\n") {
		var parts []piece
		for line != "" {
			from, to := addressIn(line)
			if from < 0 {
				from, to = len(line), len(line)
			}
			if from > 0 {
				parts = append(parts, piece{Text: line[:from]})
			}
			if to > from {
				parts = append(parts, piece{Text: line[from:to], Link: true})
			}
			line = line[to:]
		}
		lines = append(lines, parts)
	}
	return lines
}
