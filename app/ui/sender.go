package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// senderPage tells whether others will trust the library's mail: what was found, what to publish, what a received mail
// shows.
type senderPage struct {
	w *Window
	s *screen.Sender

	object  fyne.CanvasObject
	check   *button
	stop    *button
	note    *noteLine
	about   *text
	whole   *noteLine
	next    *text
	when    *text
	list    *fyne.Container // of findings
	found   *fyne.Container
	records *fyne.Container
	publish *fyne.Container
	mail    *receivedCard
	report  any // the report that is shown
}

func newSender(w *Window) page {
	p := &senderPage{w: w, s: screen.NewSender(w.desk), about: newText(""), next: newText(""), when: newHint("")}
	p.check = newPrimary("", p.s.Check)
	p.stop = newButton(lang.L("Stop"), p.s.Stop)
	p.note, p.whole = newNoteLine(), newNoteLine()
	p.whole.words.bold()
	p.list, p.records = rowsBy(wideGap+gap), rowsBy(wideGap+gap)
	p.found = newCard(lang.L("What was found"), p.list)
	p.publish = newCard(lang.L("Records to publish"),
		newText(lang.L("Whoever looks after the school's domain (DNS) enters these records exactly as they stand here. It can take a day until everybody sees them.")).tone(toneHint),
		line(newButton(lang.L("Copy all of it"), p.copyAll)), p.records)
	p.mail = newReceivedCard(w, p.s)
	ip, keys := newEntry(p.s.SetPublicIP), newEntry(p.s.SetKeys)
	more := newFold(lang.L("Show what IT may add"), lang.L("Hide what IT may add"), newForm(
		newField(lang.L("Internet address of the relay"), "", lang.L("Under which others see the school's own mail server, such as 203.0.113.9. Empty: what its name tells."), ip),
		newField(lang.L("Names of signing keys"), "", lang.L("DKIM selectors to look for beside those the mail service uses, with commas between."), keys)))
	request := newButton(lang.L("Request for IT..."), func() { newITSheet(w, p.s.PublicIP()) })
	p.object = newPage(lang.L("Sender check"), request,
		newCard("", p.about, p.whole.object, p.next, p.when, line(p.check, p.stop), p.note.object, more.object),
		p.found, p.publish, p.mail.object)
	p.s.OnChange = p.redraw
	return p
}

func (p *senderPage) content() fyne.CanvasObject { return p.object }

func (p *senderPage) shown() {
	p.s.Load()
	p.draw()
}

func (p *senderPage) changed(c screen.Change) { p.s.Refresh(c) }
func (p *senderPage) leave(then func())       { then() }

func (p *senderPage) copyAll() {
	p.s.CopyPublish()
	p.w.notice(lang.L("Copied. Paste it into a message to your IT department."), nil)
}

// redraw brings what is seen up to date; a page nobody sees waits until it is shown.
func (p *senderPage) redraw() {
	if p.w.current == "sender" {
		p.draw()
	}
}

func (p *senderPage) draw() {
	running := p.s.Running()
	p.check.SetText(p.s.ButtonText())
	able(p.check, !running)
	showIf(p.stop, running)
	note := p.s.Note()
	p.note.set(markOf(note.Mood), note.Words)
	report := p.s.Report()
	about := ""
	if report == nil {
		about = p.s.About()
	}
	say(p.about, about)
	whole, next := p.s.Whole()
	p.whole.set(markOf(whole.Mood), whole.Words)
	p.whole.words.tone(toneOfMood(whole.Mood))
	say(p.next, next)
	say(p.when, p.s.When())
	if any(report) != p.report {
		p.report = report
		p.drawReport()
	}
	showIf(p.found, len(p.list.Objects) > 0)
	showIf(p.publish, len(p.records.Objects) > 0)
	p.mail.draw()
	p.object.Refresh()
}

func (p *senderPage) drawReport() {
	p.list.Objects, p.records.Objects = nil, nil
	for _, row := range p.s.Findings() {
		p.list.Add(newFinding(row, lang.L("Show the records"), lang.L("Hide the records")))
	}
	for _, r := range p.s.Publish() {
		one := rowsBy(6, newText(r.Why), p.toPublish(lang.L("Name"), r.Name), newPair(lang.L("Type"), newText(r.Type)))
		if r.Value != "" {
			one.Add(p.toPublish(lang.L("Value"), r.Value))
		} else {
			one.Add(newPair(lang.L("Value"), newText(lang.L("as it is shown there"))))
		}
		for _, old := range r.Replaces {
			one.Add(newPair(lang.L("In place of"), newMono(old)))
		}
		p.records.Add(one)
	}
}

// toPublish is a part of a record with its button.
func (p *senderPage) toPublish(label, value string) fyne.CanvasObject {
	return newPair(label, spread(newMono(value), newButton(lang.L("Copy"), func() {
		p.w.desk.Desktop().Copy(value)
		p.w.notice(lang.L("Copied."), nil)
	})))
}

func toneOfMood(m screen.Mood) tone {
	switch m {
	case screen.MoodGood:
		return toneGood
	case screen.MoodWarn:
		return toneWarn
	case screen.MoodBad:
		return toneBad
	default:
		return toneNormal
	}
}

const findingState = 112

// newFinding is one finding: how it stands, what it is, in words, what to do, and what was read, behind a word to press.
func newFinding(row screen.SenderRow, show, hide string) fyne.CanvasObject {
	words := rowsBy(4, newText(row.Title).bold(), newText(row.Words))
	if row.Next != "" {
		words.Add(newText(row.Next))
	}
	if len(row.Raw) > 0 {
		words.Add(newRaw(row.Raw, show, hide))
	}
	return container.New(&testColumns{widths: []float32{findingState, 0}}, newMark(markOf(row.Mood), row.State), words)
}

// newRaw is what machines said, behind a word to press.
func newRaw(lines []string, show, hide string) fyne.CanvasObject {
	all := rowsBy(4)
	for _, one := range lines {
		all.Add(newMono(one))
	}
	return newFold(show, hide, all).object
}
