package ui

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// listsPanel shows what was taken in, the answers that are kept, and the folder whose lists are taken in by themselves.
type listsPanel struct {
	w *Window
	l *screen.Lists

	said                     *text
	past, kept, folder, lost *fyne.Container
	body                     *fyne.Container
	layer                    *layer
	drawn                    [4]any
	exporting                func()
}

func newListsPanel(w *Window) *listsPanel {
	p := &listsPanel{w: w, l: screen.NewLists(w.desk), said: newText(""), past: rowsBy(wideGap), kept: rowsBy(wideGap), folder: rowsBy(gap), lost: rowsBy(4)}
	out := newButton(lang.L("Export patrons..."), func() {
		p.exporting = w.exportPanel(p.l, export{
			title: lang.L("Export patrons"), about: lang.L("Everybody who is here goes into one file, which a spreadsheet can open and which can be taken in again. It holds names and addresses: keep it safe."),
			offered: p.l.PatronsPath(), in: p.l.PatronsIn, write: p.l.ExportPatrons, closed: func() { p.exporting = nil },
		})
	})
	p.body = rowsBy(wideGap, p.said, p.lost,
		newCard(lang.L("Earlier imports"), p.past),
		newCard(lang.L("Kept answers"), newHint(lang.L("What you said about the columns of a list. The next list of the same shape is taken in without a question.")), p.kept),
		newCard(lang.L("Folder for lists"), newHint(lang.L("Lists that your library system puts into this folder each night are taken in by themselves, with the answers that are kept. A list that looks cut short or wrong is not taken in, and the log says why.")), p.folder),
		newCard(lang.L("Export"), line(out)))
	p.l.OnChange = p.draw
	stop := w.desk.Watch(p.l.Refresh)
	w.panel(lang.L("Lists"), p.body, 720, func() {
		stop()
		p.l.Close()
	})
	p.layer = w.layers[len(w.layers)-1]
	p.draw()
	p.l.Refresh(screen.Change{Store: true})
	return p
}

func (p *listsPanel) draw() {
	said, busy := p.l.Said(), p.l.Busy()
	words, weight := said.Words, toneGood
	switch {
	case busy != "":
		words, weight = busy, toneHint
	case said.Bad:
		weight = toneBad
	}
	p.said.tone(weight)
	say(p.said, words)
	p.lost.Objects = nil
	if e := p.l.Problem(); e != nil {
		p.lost.Objects = []fyne.CanvasObject{newText(e.Error()).tone(toneBad)}
	}
	p.lost.Hidden = p.l.Problem() == nil
	files, note, bad := p.l.Lying()
	held, more := p.l.Held()
	now := [4]any{p.l.Imports(), p.l.Mappings(), []any{p.l.Folder(), files, note, bad, held, more, p.l.Journal(), p.l.ByItself()}, busy != ""}
	if !reflect.DeepEqual(now, p.drawn) {
		p.drawn = now
		p.drawPast()
		p.drawKept()
		p.drawFolder()
	}
	if p.exporting != nil {
		p.exporting()
	}
	p.body.Refresh()
	p.layer.over.Refresh()
}

func (p *listsPanel) drawPast() {
	p.past.Objects = nil
	for i, r := range p.l.Imports() {
		about := rowsBy(2, newText(r.What), newHint(p.w.desk.Say("{{.When}}, {{.File}}", screen.With("When", r.When, "File", r.File))))
		right := fyne.CanvasObject(newHint(r.Undone))
		switch {
		case r.MayUndo:
			undo := newLink(lang.L("Undo..."), func() {
				title, words := p.l.UndoWords(i)
				p.w.ask(question{title: title, text: words, yes: lang.L("Undo"), no: lang.L("Go back"), danger: true, then: func() { p.l.Undo(i) }})
			})
			able(undo, p.l.Busy() == "")
			right = undo
		case r.Undone != "":
			about.Add(newHint(r.Undone).tone(toneWarn))
			right = newHint("")
		}
		p.past.Add(spread(about, right))
	}
	if !p.l.Loaded() {
		p.past.Add(newText(lang.L("Reading what was taken in.")).tone(toneHint))
	} else if len(p.past.Objects) == 0 {
		p.past.Add(newText(lang.L("No list was taken in yet.")).tone(toneHint))
	}
}

func (p *listsPanel) drawKept() {
	p.kept.Objects = nil
	for i, m := range p.l.Mappings() {
		rename := newLink(lang.L("Rename..."), func() { p.rename(i, m.Name) })
		forget := newLink(lang.L("Delete..."), func() {
			p.w.ask(question{
				title: p.w.desk.Say("Delete \"{{.Name}}\"?", screen.With("Name", m.Name)), text: lang.L("The next list of this shape asks again what its columns mean. Lists in the folder for lists wait until then."),
				yes: lang.L("Delete"), no: lang.L("Go back"), danger: true, then: func() { p.l.Forget(i) },
			})
		})
		able(rename, p.l.Busy() == "")
		able(forget, p.l.Busy() == "")
		p.kept.Add(spread(rowsBy(2, newText(m.Name).bold(), newHint(m.What)), rowLine(rename, forget)))
	}
	if len(p.kept.Objects) == 0 {
		p.kept.Add(newText(lang.L("None yet.")).tone(toneHint))
	}
}

func (p *listsPanel) rename(i int, was string) {
	name := newEntry(nil)
	name.SetText(was)
	f := newField(lang.L("Name"), "", "", name)
	fine := func() bool {
		wrong := p.l.NameWrong(i, name.Text)
		f.setError(wrong)
		return wrong == ""
	}
	name.OnChanged = func(string) { fine() }
	p.w.form(lang.L("Another name"), f.object, lang.L("Rename"), name, fine, func() { p.l.Rename(i, name.Text) })
}

func (p *listsPanel) drawFolder() {
	p.folder.Objects = nil
	path := p.l.Folder()
	choose := newButton(lang.L("Choose the folder..."), func() { p.w.chooseFolder(path, p.l.SetFolder) })
	able(choose, p.l.Busy() == "")
	buttons := line(choose)
	if path == "" {
		p.folder.Add(newText(lang.L("None is chosen: every list is taken in by hand.")))
	} else {
		p.folder.Add(newText(path).bold())
		none := newButton(lang.L("Take none in by itself"), func() { p.l.SetFolder("") })
		able(none, p.l.Busy() == "")
		buttons.Add(none)
		files, note, bad := p.l.Lying()
		for _, f := range files {
			p.folder.Add(newText(f.Name + " (" + f.Note + ")"))
		}
		if note != "" {
			words := newText(note).tone(toneHint)
			if bad {
				words.tone(toneBad)
			}
			p.folder.Add(words)
		}
		p.drawHeld()
		p.drawByItself()
		buttons.Add(newButton(lang.L("Open the folder"), p.l.ShowFolder))
	}
	p.folder.Add(buttons)
	if lines := p.l.Journal(); len(lines) > 0 {
		p.folder.Add(newText(lang.L("What happened with lists")).bold())
		for _, l := range lines {
			p.folder.Add(rowsBy(0, newText(l.Text), newHint(l.When)))
		}
	}
}

// drawHeld shows the lists that were not taken in, each with the reason.
func (p *listsPanel) drawHeld() {
	held, more := p.l.Held()
	if len(held) == 0 {
		return
	}
	p.folder.Add(newText(lang.L("Not taken in")).bold())
	for _, h := range held {
		name := h.Name
		if h.Note != "" {
			name += " (" + h.Note + ")"
		}
		why, by := newText(h.Why).tone(toneWarn), newLink(lang.L("Import by hand..."), func() { newImportPanel(p.w).im.Choose(h.Path) })
		if h.Over != "" {
			why.set(h.Over)
			why.tone(toneHint)
			by.Hide()
		}
		p.folder.Add(spread(rowsBy(0, newText(name), why), by))
	}
	if more {
		p.folder.Add(newText(lang.L("There are more.")).tone(toneHint))
	}
}

// drawByItself shows what was taken in by itself last.
func (p *listsPanel) drawByItself() {
	p.folder.Add(newText(lang.L("Taken in by itself last")).bold())
	all := p.l.ByItself()
	for _, r := range all {
		p.folder.Add(rowsBy(0, newText(r.What), newHint(p.w.desk.Say("{{.When}}, {{.File}}", screen.With("When", r.When, "File", r.File)))))
	}
	if len(all) == 0 {
		p.folder.Add(newText(lang.L("Nothing yet.")).tone(toneHint))
	}
}
