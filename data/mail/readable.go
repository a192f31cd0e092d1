package mail

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"strings"
)

const (
	maxReadable    = 256 << 10       // octets of text a person is shown
	maxReadableRaw = 4 * maxReadable // octets kept of what that text is decoded from, of plain text and of HTML each
	maxAttachments = 50              // names told
)

// Letter is a message as a person reads it. Nothing in it can harm a screen: control characters are gone, and so are
// those that turn the direction of writing about.
type Letter struct {
	Fields      []LetterField // of the header, those a person cares about
	Text        string        // lines end in \n
	FromHTML    bool          // the message has no plain text; this was taken out of its HTML
	Cut         bool          // there is more text than this
	Attachments []string      // names, at most 50
	More        int           // attachments beyond these
}

// LetterField is one header field, decoded.
type LetterField struct{ Name, Value string }

// Readable takes the text out of a stored message. It reads whatever is there: a message broken anywhere gives what came
// before. The error is one of reading body.
func Readable(head []byte, body io.Reader) (Letter, error) {
	h := parseHeader(head)
	v := &reader{}
	for _, name := range []string{"From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID"} {
		if value, ok := h.get(name); ok && value != "" {
			v.letter.Fields = append(v.letter.Fields, LetterField{Name: name, Value: visible(shown(value))})
		}
	}
	var err error
	if v.w, err = newWalker(h, body, v); err == nil {
		for err == nil {
			err = v.w.step()
		}
	}
	v.finish()
	if errors.Is(err, io.EOF) || isRefusal(err) {
		err = nil
	}
	return v.letter, err
}

// reader keeps the texts of a message as they come by, and the names of what is no text.
type reader struct {
	w      *walker
	letter Letter
	plain  gathered
	html   gathered
	into   *gathered // of the leaf under way; nil: not kept
	raw    []byte
	broken bool // a line has ended in raw, and another will begin
	sealed int  // depth of an attached message whose parts are its own; 0: none
}

// gathered is the text of one kind so far.
type gathered struct {
	texts []string
	size  int
	cut   bool
}

func (v *reader) open(p *part) error {
	within := v.w == nil // the message itself: its walker is still being made
	depth := 0
	if !within {
		depth = v.w.depth
		if p.kind != leaf {
			depth--
		}
	}
	if v.sealed > 0 && depth >= v.sealed {
		return nil
	}
	v.sealed, v.into, v.raw, v.broken = 0, nil, nil, false
	name, attached := p.attachment()
	switch {
	case p.kind == multipart:
	case p.kind == embedded && !within:
		v.sealed = depth + 1
		v.attach(name, "message.eml")
	case attached:
		v.attach(name, p.media)
	case p.media == "text/plain" || p.media == "text":
		v.into = &v.plain
	case p.media == "text/html":
		v.into = &v.html
	case name != "" || p.kind == leaf && !strings.HasPrefix(p.media, "text/"):
		v.attach(name, p.media)
	}
	return nil
}

func (v *reader) attach(name, otherwise string) {
	if name == "" {
		name = visible(shown(otherwise))
	}
	if name == "" {
		return
	}
	if len(v.letter.Attachments) >= maxAttachments {
		v.letter.More++
		return
	}
	v.letter.Attachments = append(v.letter.Attachments, name)
}

// attachment is the name of a part, if it has one, and whether it is meant to be saved rather than read.
func (p *part) attachment() (name string, attached bool) {
	ask := func(field, key string) string {
		value, _ := p.h.get(field)
		kind, params, err := mime.ParseMediaType(value)
		if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
			kind, _, _ = strings.Cut(strings.ToLower(value), ";")
		}
		if field == "Content-Disposition" {
			attached = strings.TrimSpace(kind) == "attachment"
		}
		return params[key]
	}
	if name = ask("Content-Disposition", "filename"); name == "" {
		name = ask("Content-Type", "name")
	}
	name = visible(shown(name))
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	return name, attached
}

func (v *reader) content(_ *part, chunk []byte, end bool) error {
	if v.into == nil || v.sealed > 0 {
		return nil
	}
	if v.broken {
		v.raw = append(v.raw, '\n')
	}
	v.broken = end
	if room := maxReadableRaw - v.into.size - len(v.raw); len(chunk) > room {
		chunk, v.into.cut = chunk[:max(room, 0)], true
	}
	v.raw = append(v.raw, chunk...)
	return nil
}

func (v *reader) close(p *part, _ bool) error {
	if v.into == nil || v.sealed > 0 {
		return nil
	}
	v.into.size += len(v.raw) + 1
	text := decodeText(v.raw, p.encoding, p.charset())
	if v.into == &v.html {
		text = textOfHTML(text)
	}
	if text = strings.Trim(tidy(text), "\n"); text != "" {
		v.into.texts = append(v.into.texts, text)
	}
	v.into, v.raw = nil, nil
	return nil
}

func (v *reader) between([]byte, bool, bool) error { return nil }

// finish puts together what was gathered: plain text if there is any.
func (v *reader) finish() {
	from := &v.plain
	if len(from.texts) == 0 && len(v.html.texts) > 0 {
		from, v.letter.FromHTML = &v.html, true
	}
	text := strings.Join(from.texts, "\n\n")
	v.letter.Cut = from.cut
	if len(text) > maxReadable {
		text, v.letter.Cut = strings.ToValidUTF8(text[:maxReadable], ""), true
	}
	v.letter.Text = text
}

func (p *part) charset() string {
	value, _ := p.h.get("Content-Type")
	_, params, err := mime.ParseMediaType(value)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return ""
	}
	return string(bytes.TrimSpace([]byte(params["charset"])))
}
