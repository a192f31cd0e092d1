package main_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/assets"
)

// read gives the newest letter of a mailbox that has n: what it is about, and both of its forms.
func (l *library) read(address string, n int) (subject, text, html string) {
	l.t.Helper()
	letter := l.mail.Arrived(l.t, address, n)[n-1]
	m, err := mail.ReadMessage(bytes.NewReader(letter.Raw))
	if err != nil {
		l.t.Fatal(err)
	}
	if subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		l.t.Fatal(err)
	}
	media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || media != "multipart/alternative" {
		l.t.Fatalf("%s got %q, %v", address, media, err)
	}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := parts.NextPart()
		if err != nil {
			return subject, text, html
		}
		b, err := io.ReadAll(p)
		if err != nil {
			l.t.Fatal(err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			html = string(b)
		} else {
			text = string(b)
		}
	}
}

// neutral fails when a subject, which many can see, tells what somebody reads.
func neutral(t *testing.T, subject string) {
	t.Helper()
	_, loans := assets.School(time.Now())
	for line := range strings.Lines(string(loans)) {
		title := strings.Trim(strings.Split(line, ",")[3], `"`)
		if strings.Contains(subject, title) {
			t.Errorf("the subject %q names %q", subject, title)
		}
	}
	if subject == "" {
		t.Error("no subject")
	}
}

// search finds the first field there is to type into.
func search(all []spot) (spot, bool) {
	i := slices.IndexFunc(all, func(s spot) bool { return s.Kind == "*ui.entry" })
	if i < 0 {
		return spot{}, false
	}
	return all[i], true
}

// types types a text where the keyboard is, in the place of what stands there.
func (w *window) types(text string) {
	w.t.Helper()
	w.key("ctrl+a")
	w.tool("xdotool", "type", "--delay", "25", "--", text)
	w.untilOr(text+" where the keyboard is", func() bool {
		s, found := w.focused()
		return found && strings.Contains(s.Words, text)
	}, w.words)
}

// tap clicks a word that is no button of its own, such as a line of a table.
func (w *window) tap(words string) {
	w.t.Helper()
	w.click("the words "+words, func(all []spot) (spot, bool) {
		for _, s := range slices.Backward(all) {
			if s.Kind == "*canvas.Text" && strings.HasPrefix(s.Words, words) && !s.Hidden {
				return s, true
			}
		}
		return spot{}, false
	})
}

// choose takes a word of a list.
func (w *window) choose(label, words string) {
	w.t.Helper()
	w.click("the choice "+label, beside(label))
	w.click("the word "+words, func(all []spot) (spot, bool) {
		i := slices.IndexFunc(all, func(s spot) bool { return s.Kind == "*ui.choiceRow" && s.Words == words })
		if i < 0 {
			return spot{}, false
		}
		return all[i], true
	})
}
