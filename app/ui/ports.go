package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// portsRow stands at the field of a port: the button that finds it, and what was found.
type portsRow struct {
	p *screen.Ports

	find, stop *button
	said       *noteLine
	next       *text
	each       *text
	anyway     *button
	below      *fyne.Container
}

// addPorts puts it to the field of the port of server 1 or 2.
func (p *settingsPage) addPorts(number int, port string) {
	at := p.fields[port]
	beside, ok := at.field.control.(*fyne.Container)
	m := screen.NewPorts(p.w.desk, p.s, number)
	if !ok || !m.Can() {
		return
	}
	r := &portsRow{p: m, said: newNoteLine(), next: newHint(""), each: newHint("")}
	r.find = newButton(lang.L("Find port and protection"), m.Look)
	r.stop = newButton(lang.L("Stop"), m.Stop)
	r.anyway = newButton("", m.UseUnprotected)
	r.below = rows(r.said.object, r.each, r.next, line(r.anyway))
	beside.Add(r.find)
	beside.Add(r.stop)
	at.box.Add(r.below)
	m.OnChange = r.draw
	m.OnFocus = func(field string) {
		if p.s.OnFocus != nil {
			p.s.OnFocus(field)
		}
	}
	r.draw()
}

func (r *portsRow) draw() {
	running := r.p.Running()
	able(r.find, !running)
	showIf(r.stop, running)
	standing, next := r.p.Said()
	r.said.words.tone(toneOfMood(standing.Mood))
	r.said.set(markOf(standing.Mood), standing.Words)
	say(r.each, strings.Join(r.p.Each(), " "))
	say(r.next, next)
	r.anyway.SetText(r.p.Unprotected())
	showIf(r.anyway, r.p.Unprotected() != "")
	showIf(r.below, standing.Words != "")
	r.below.Refresh()
	if s := scrollAround(r.below); s != nil {
		s.Refresh()
	}
}
