package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

const (
	foldersWidth = 720
	foldersHigh  = 560
)

// folderChooser is the card on which a person looks for a folder.
type folderChooser struct {
	w      *Window
	f      *screen.Folders
	files  string // what is listed, where a file is looked for; empty: a folder is
	chosen func(path string)
	layer  *layer

	path                  *entry
	up, make, stop, whole *button
	places, object        *fyne.Container
	table                 *table
	note, meant           *text
}

// chooseFolder lets a person look for a folder, beginning at start, and gives the one chosen. Nothing is given when they
// think better of it.
func (w *Window) chooseFolder(start string, chosen func(path string)) {
	w.startChooser(&folderChooser{w: w, f: screen.NewFolders(w.desk, start), chosen: chosen})
}

// chooseList lets a person look for a list of patrons or loans in the same way.
func (w *Window) chooseList(start string, chosen func(path string)) {
	w.startChooser(&folderChooser{w: w, f: screen.NewFiles(w.desk, start, screen.ListFiles), files: lang.L("Folders and lists"), chosen: chosen})
}

// chooseCalendar lets a person look for a calendar file in the same way.
func (w *Window) chooseCalendar(start string, chosen func(path string)) {
	w.startChooser(&folderChooser{w: w, f: screen.NewFiles(w.desk, start, screen.CalendarFiles), files: lang.L("Folders and calendars"), chosen: chosen})
}

// chooseMail lets a person look for a saved mail in the same way.
func (w *Window) chooseMail(start string, chosen func(path string)) {
	w.startChooser(&folderChooser{w: w, f: screen.NewFiles(w.desk, start, screen.MailFiles), files: lang.L("Folders and mails"), chosen: chosen})
}

func (w *Window) startChooser(c *folderChooser) {
	c.build()
	c.f.OnChange, c.f.OnArrive = c.draw, c.arrive
	c.layer = &layer{escape: c.close}
	w.lay(c.layer, c.object, foldersWidth, c.table)
	c.draw()
}

func (c *folderChooser) build() {
	c.path = newEntry(c.f.Type)
	submit := c.f.Submit
	title, kind, use := lang.L("Choose a folder"), lang.L("Folders"), lang.L("Use this folder")
	if c.files != "" {
		submit = c.use
		title, kind, use = lang.L("Choose the file"), c.files, lang.L("Choose this file")
	}
	c.path.OnSubmitted = func(string) { submit() }
	c.up = newButton(lang.L("Up"), c.f.Up)
	c.places = flow()
	c.table = newTable([]column{{title: kind}, {width: 240}}, tableOptions{
		length: c.f.Len, row: c.row, open: c.open, selected: c.selected, key: c.key, empty: c.f.Empty,
	})
	c.note, c.meant = newHint(""), newText("")
	c.stop = newLink(lang.L("Stop waiting"), c.f.Stop)
	c.make = newButton(lang.L("New folder..."), func() { newFolderMaker(c.w, c.f) })
	c.whole = newButton(lang.L("Choose the whole folder"), func() { c.take(c.f.At()) })
	c.make.Hidden, c.whole.Hidden = c.files != "", true
	foot := spread(line(c.make, c.whole), line(newButton(lang.L("Cancel"), c.close), newPrimary(use, c.use)))
	head := newWord(title, theme.SizeNameSubHeadingText, theme.ColorNameForeground, true)
	up, walk := padded(c.up, 0, 0, 0, gap/2), padded(newButton(lang.L("Go"), submit), 0, 0, gap/2, 0)
	// In the order of the keyboard, which container.NewBorder has otherwise.
	where := container.New(layout.NewBorderLayout(nil, nil, up, walk), up, c.path, walk)
	c.object = container.New(&foldersLayout{}, head, where, c.places, c.table, spread(c.note, c.stop), c.meant, foot)
}

// use takes what is meant.
func (c *folderChooser) use() { c.f.Use(c.take) }

func (c *folderChooser) take(path string) {
	c.close()
	c.chosen(path)
}

// open goes into a folder, or takes a file.
func (c *folderChooser) open(i int) {
	if !c.f.Entry(i).File {
		c.f.Open(i)
		return
	}
	c.f.Pick(i)
	c.use()
}

func (c *folderChooser) close() {
	c.f.Close()
	c.w.drop(c.layer)
}

func (c *folderChooser) row(i int) []cell {
	e := c.f.Entry(i)
	return []cell{{text: e.Name}, {text: e.Note, tone: toneHint}}
}

// selected keeps it at one: only one folder is looked for.
func (c *folderChooser) selected(rows []int) {
	if len(rows) > 1 {
		rows = []int{max(c.table.cursor, 0)}
		c.table.choose(rows)
	}
	if len(rows) == 0 {
		c.f.Pick(-1)
		return
	}
	c.f.Pick(rows[0])
}

// key goes up by Backspace, and to the next folder that begins with a letter.
func (c *folderChooser) key(name fyne.KeyName) bool {
	if name == fyne.KeyBackspace {
		c.f.Up()
		return true
	}
	if len(name) != 1 {
		return false
	}
	for k := range c.f.Len() {
		i := (max(c.table.cursor, -1) + 1 + k) % c.f.Len()
		if strings.HasPrefix(strings.ToUpper(c.f.Entry(i).Name), string(name)) {
			c.table.pick(i, false, false)
			return true
		}
	}
	return true
}

// arrive shows the list from its top, or from the folder one came out of.
func (c *folderChooser) arrive(cursor int) {
	c.table.choose(nil)
	c.table.cursor, c.table.anchor = cursor, cursor
	c.table.refresh()
	c.table.top(0)
	if cursor >= 0 {
		c.table.show(cursor)
	}
}

func (c *folderChooser) draw() {
	if typed := c.f.Typed(); c.path.Text != typed {
		c.path.SetText(typed)
		c.path.CursorColumn = len([]rune(typed))
	}
	c.path.setWrong(c.f.Wrong())
	ableIf(c.up, c.f.MayUp())
	ableIf(c.make, c.f.MayMake())
	showIf(c.whole, c.f.MayUseWhole())
	if places := c.f.Places(); len(places) != len(c.places.Objects) {
		c.places.RemoveAll()
		for _, p := range places {
			c.places.Add(padded(newLink(p.Name, func() { c.f.Visit(p.Path) }), 0, 0, 0, gap))
		}
	}
	meant, words := c.f.Note()
	c.note.tone(toneOf(meant)).set(words)
	showIf(c.stop, c.f.Waiting())
	c.meant.set(c.f.MeantWords())
	c.table.refresh()
	c.object.Refresh()
}

// foldersLayout gives the table what the rest leaves, so that nothing moves when a sentence comes or goes.
type foldersLayout struct{}

func (foldersLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, foldersHigh) }

func (foldersLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	const tableAt = 3
	high := make([]float32, len(o))
	rest := s.Height
	for i, x := range o {
		if i > 0 {
			rest -= gap
		}
		if i == tableAt {
			continue
		}
		x.Resize(fyne.NewSize(s.Width, x.MinSize().Height)) // what wraps knows its height only then
		high[i] = x.MinSize().Height
		rest -= high[i]
	}
	high[tableAt] = max(rest, 0)
	y := float32(0)
	for i, x := range o {
		x.Move(fyne.NewPos(0, y))
		x.Resize(fyne.NewSize(s.Width, high[i]))
		y += high[i] + gap
	}
}

// folderMaker asks for the name of a new folder, until there is one that will do.
type folderMaker struct {
	w     *Window
	f     *screen.Folders
	layer *layer
	name  *entry
	wrong *text
	yes   *button
}

func newFolderMaker(w *Window, f *screen.Folders) {
	m := &folderMaker{w: w, f: f, wrong: newHint("").tone(toneBad)}
	m.name = newEntry(func(name string) {
		problem := ""
		if strings.TrimSpace(name) != "" {
			problem = f.CheckName(name)
		}
		m.say(problem)
	})
	m.name.OnSubmitted = func(string) { m.yes.press() }
	m.yes = newPrimary(lang.L("Make folder"), m.take)
	m.layer = &layer{escape: m.cancel}
	in := newText(f.MadeIn()).tone(toneHint)
	body := rows(in, m.name, m.wrong)
	w.lay(m.layer, w.dialog(lang.L("New folder"), "", body, newButton(lang.L("Cancel"), m.cancel), m.yes), dialogWidth, m.name)
	m.say("")
}

func (m *folderMaker) say(problem string) {
	m.name.setWrong(problem != "")
	m.wrong.set(problem)
	showIf(m.wrong, problem != "")
	m.layer.over.Refresh()
}

func (m *folderMaker) take() {
	m.f.Make(m.name.Text, func(problem string) {
		if problem != "" {
			m.say(problem)
			return
		}
		m.w.drop(m.layer)
	})
}

// cancel also ends the wait for a disk that does not answer.
func (m *folderMaker) cancel() {
	m.f.Stop()
	m.w.drop(m.layer)
}
