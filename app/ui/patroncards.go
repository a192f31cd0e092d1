package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// loanCard shows what the person has at home.
func (p *patronPanel) loanCard(loans []screen.LoanRow) fyne.CanvasObject {
	if len(loans) == 0 {
		return newCard(lang.L("Loans"), newText(lang.L("Nothing is out.")).tone(toneHint))
	}
	list := rowsBy(wideGap)
	for _, l := range loans {
		list.Add(p.loan(l))
	}
	return newCard(lang.L("Loans"), list)
}

func (p *patronPanel) loan(l screen.LoanRow) fyne.CanvasObject {
	words := newText(l.State)
	if l.Mark == screen.MarkBad {
		words.tone(toneBad)
	}
	one := rowsBy(2, newText(l.Title).bold(), words)
	if l.Detail != "" {
		one.Add(newHint(l.Detail))
	}
	hold := newLink(lang.L("Hold..."), func() { p.hold(l.ID, l.Title) })
	if l.Held != "" {
		one.Add(newText(l.Held).tone(toneWarn))
		hold = newLink(lang.L("End the hold"), func() { p.p.Lift(l.ID) })
	}
	return spread(container.New(&footLayout{}, newMark(mark(l.Mark), ""), one), hold)
}

// addressCard shows whether mail arrives.
func (p *patronPanel) addressCard(all []screen.AddressRow) fyne.CanvasObject {
	list := rowsBy(wideGap)
	for _, a := range all {
		about := a.Whose
		if a.State != "" {
			about += "; " + a.State
		}
		one := rowsBy(2, newText(a.Address), newHint(about))
		if a.Reason != "" {
			one.Add(newHint(a.Reason).tone(toneBad))
		}
		links := line()
		if a.CanMend {
			links.Add(newLink(lang.L("Mail works again"), func() { p.p.MailWorks(a.Address) }))
		}
		if a.CanStop {
			links.Add(newLink(lang.L("Wants no e-mail"), func() { p.p.NoMail(a.Address) }))
		}
		list.Add(spread(container.New(&footLayout{}, newMark(mark(a.Mark), ""), one), links))
	}
	return newCard(lang.L("Does mail arrive?"), list)
}

// timelineCard answers why there was, or was not, a notice.
func (p *patronPanel) timelineCard(lines []screen.TimelineRow, more bool) fyne.CanvasObject {
	list := rowsBy(6)
	for _, l := range lines {
		about := container.New(&footLayout{}, newMark(mark(l.Mark), ""), newText(l.Text))
		var right fyne.CanvasObject = about
		when := padded(newText(l.When).tone(toneHint), 0, 0, 0, 0)
		if l.Delivery != 0 {
			when = padded(newText(l.When).tone(toneHint), 2, 0, 0, 0) // a link is higher than a word
			right = spread(about, newLink(lang.L("Show the mail"), func() { newMessagePanel(p.w, l.Delivery) }))
		}
		list.Add(container.New(&pairLayout{left: 156}, when, right))
	}
	if len(lines) == 0 {
		list.Add(newText(lang.L("Nothing yet: no notice was due, and no letter was sent.")).tone(toneHint))
	}
	if more {
		list.Add(line(newLink(lang.L("Show older"), p.p.ShowMoreTimeline)))
	}
	return newCard(lang.L("Why did, or didn't, this patron get a notice?"), list)
}

// hold asks until when, and why.
func (p *patronPanel) hold(loan int64, title string) {
	reason, until := newEntry(nil), newEntry(nil)
	why := newField(lang.L("Reason"), "", "", reason)
	last := newField(lang.L("Until, with this day"), "", lang.L("As 5 Dec 2026 or 5.12.2026. Then it ends by itself."), until)
	usual, spans := flow(), flow()
	for _, words := range p.p.HoldReasons(loan != 0) {
		usual.Add(newLink(words, func() { reason.SetText(words) }))
	}
	for _, s := range p.p.HoldSpans() {
		spans.Add(newLink(s.Words, func() { until.SetText(s.Text) }))
	}
	why.box.Add(usual)
	last.box.Add(spans)
	until.OnChanged = func(v string) { last.setError(p.p.HoldWrong(v)) }
	fine := func() bool {
		wrong := p.p.HoldWrong(until.Text)
		last.setError(wrong)
		return wrong == ""
	}
	head, about := lang.L("Hold this patron"), lang.L("Until then they get no letters and no notices, and what waits to be sent to them is not sent.")
	if loan != 0 {
		head, about = lang.L("Hold this loan"), p.w.desk.Say("Until then no letter and no notice speaks of \"{{.Title}}\".", screen.With("Title", title))
	}
	until.OnSubmitted = func(string) { p.w.typedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) }
	p.w.form(head, rowsBy(wideGap, newText(about), why.object, last.object), lang.L("Hold"), reason, fine, func() { p.p.Hold(loan, until.Text, reason.Text) })
}

// export asks where everything known of the person is to be written.
func (p *patronPanel) export() {
	show := p.w.exportPanel(p.p, export{
		title: lang.L("Export this patron"), about: lang.L("Everything known of this person goes into one file: details, guardians, loans, what was decided and what was sent. It is for the person, or for their parents, and holds private things."),
		offered: p.p.ExportPath(), in: p.p.ExportIn, write: p.p.Export,
		closed: func() {
			if !p.over {
				p.p.OnChange = p.draw
			}
		},
	})
	p.p.OnChange = func() { p.draw(); show() }
}

// remove asks, and then deletes the person.
func (p *patronPanel) remove() {
	title, words := p.p.DeleteWords()
	p.w.ask(question{title: title, text: words, yes: lang.L("Delete"), no: lang.L("Go back"), danger: true, then: func() {
		name := p.p.Title()
		p.p.Delete(func(ok bool) {
			if ok {
				p.end()
				p.w.notice(p.w.desk.Say("{{.Name}} is deleted, from the backups too.", screen.With("Name", name)), nil)
			}
		})
	}})
}
