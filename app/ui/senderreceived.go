package ui

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// receivedCard reads a test mail that arrived: what the server that received it thought of it.
type receivedCard struct {
	w *Window
	s *screen.Sender

	object *fyne.Container
	paste  *entry
	note   *noteLine
	whole  *noteLine
	next   *text
	by     *text
	other  *noteLine
	list   *fyne.Container
	drawn  string
}

func newReceivedCard(w *Window, s *screen.Sender) *receivedCard {
	c := &receivedCard{w: w, s: s, paste: newLines(nil), next: newText(""), by: newHint(""), list: rowsBy(wideGap)}
	c.paste.SetPlaceHolder(lang.L("The whole original, from its first line on"))
	c.note, c.whole, c.other = newNoteLine(), newNoteLine(), newNoteLine()
	c.whole.words.bold()
	read := newButton(lang.L("Read it"), func() { s.ReadText(c.paste.Text) })
	open := newButton(lang.L("Open a saved mail..."), func() {
		w.chooseMail("", func(path string) {
			c.paste.SetText("")
			c.paste.SetPlaceHolder(filepath.Base(path))
			s.ReadFile(path)
		})
	})
	c.object = newCard(lang.L("I received the test mail"),
		newText(lang.L("The surest proof: send a test from the Settings to an address outside the school, such as a private one. When it is there, save it (.eml) or show its original (Gmail: Show original; Outlook: View message source) and paste all of it here. It stays on this computer.")).tone(toneHint),
		c.paste, line(read, open), c.note.object, c.whole.object, c.next, c.other.object, c.by, c.list)
	return c
}

func (c *receivedCard) draw() {
	note := c.s.Reading()
	c.note.set(markOf(note.Mood), note.Words)
	whole, next, by, found, raw, ok := c.s.Evidence()
	c.whole.set(markOf(whole.Mood), whole.Words)
	c.whole.words.tone(toneOfMood(whole.Mood))
	say(c.next, next)
	say(c.by, by)
	c.other.set(markWarn, c.s.OtherSender())
	showIf(c.list, ok)
	// Made anew only for another mail: a word that was pressed stays pressed.
	now := strings.Join(append([]string{whole.Words, by}, raw...), "\n")
	if now == c.drawn {
		return
	}
	c.drawn, c.list.Objects = now, nil
	for _, row := range found {
		c.list.Add(newFinding(row, "", ""))
	}
	if len(raw) > 0 {
		c.list.Add(newRaw(raw, lang.L("Show what the server wrote"), lang.L("Hide what the server wrote")))
	}
}
