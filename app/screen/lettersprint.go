package screen

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"smtpgateway/data/mailing"
)

// What can be printed.
const (
	printLetters = iota
	printSlips
	printShelf
	printClasses
	printCounts
)

// LettersPrint writes letters or lists into a file for the printer.
type LettersPrint struct {
	OnChange func()

	l         *Letters
	whats     []int
	what      int
	onlyPaper bool
	letter    bool // paper: Letter in place of A4
	html      bool

	job    *letterJob
	said   string
	failed bool
	path   string // written; empty: nothing
}

// Print offers to print the letters of the list, or lists about them; without a list only lists.
func (l *Letters) Print() *LettersPrint {
	p := &LettersPrint{l: l, whats: []int{printShelf, printClasses, printCounts}}
	if l.list != nil {
		p.whats = append([]int{printLetters, printSlips}, p.whats...)
	}
	p.what = p.whats[0]
	return p
}

func (p *LettersPrint) changed() {
	if p.OnChange != nil {
		p.OnChange()
	}
}

// Whats are what can be printed.
func (p *LettersPrint) Whats() []string {
	say := p.l.desk.Say
	all := []string{say("Letters, one on each sheet"), say("Slips, folded with the name outside"), say("Shelf check: what to look for on the shelves"), say("Lists by group, with titles"), say("Lists by group, without titles")}
	words := make([]string, len(p.whats))
	for i, what := range p.whats {
		words[i] = all[what]
	}
	return words
}

// What is the choice in force, an index of Whats.
func (p *LettersPrint) What() int { return slices.Index(p.whats, p.what) }

// SetWhat takes another one.
func (p *LettersPrint) SetWhat(i int) {
	if i >= 0 && i < len(p.whats) {
		p.set(func() { p.what = p.whats[i] })
	}
}

func (p *LettersPrint) set(f func()) {
	f()
	p.said, p.failed, p.path = "", false, ""
	p.changed()
}

// Letters reports whether letters are printed, and not a list.
func (p *LettersPrint) Letters() bool { return p.what == printLetters || p.what == printSlips }

// OnlyPaper reports whether only those are printed whom no e-mail reaches.
func (p *LettersPrint) OnlyPaper() bool { return p.onlyPaper }

// SetOnlyPaper takes a choice.
func (p *LettersPrint) SetOnlyPaper(on bool) { p.set(func() { p.onlyPaper = on }) }

// Letter reports whether it is for Letter paper; else for A4.
func (p *LettersPrint) Letter() bool { return p.letter }

// SetLetter takes a paper.
func (p *LettersPrint) SetLetter(on bool) { p.set(func() { p.letter = on }) }

// HTML reports whether a page for the browser is written; else a PDF.
func (p *LettersPrint) HTML() bool { return p.html }

// SetHTML takes a format.
func (p *LettersPrint) SetHTML(on bool) { p.set(func() { p.html = on }) }

// Note says what is printed with these choices.
func (p *LettersPrint) Note() string {
	say := p.l.desk.Say
	switch p.what {
	case printShelf:
		return say("Everything that is {{.Which}}, by call number and title, without names: look for it before reminders go out. It is of {{.Groups}}.", With("Which", p.whichWords(), "Groups", p.groupsMeant()))
	case printClasses:
		return say("One list for each group of what is {{.Which}}, with names and titles: for the library. It is of {{.Groups}}.", With("Which", p.whichWords(), "Groups", p.groupsMeant()))
	case printCounts:
		return say("One list for each group of what is {{.Which}}: names and how many things, no titles. It can be given to teachers. It is of {{.Groups}}.", With("Which", p.whichWords(), "Groups", p.groupsMeant()))
	}
	switch n := p.count(); n {
	case 0:
		return say("No letter that is ticked is among them.")
	case 1:
		return say("1 letter is printed. What is printed is no practice.")
	default:
		return say("{{.N}} letters are printed. What is printed is no practice.", With("N", thousands(n)))
	}
}

// whichWords say which loans a list is of.
func (p *LettersPrint) whichWords() string {
	of := Letters{desk: p.l.desk, choice: p.listChoice()}
	if of.DaysLabel() == "" {
		return p.l.desk.Say("on loan")
	}
	return of.whichWords()
}

// groupsMeant are the groups a list is of.
func (p *LettersPrint) groupsMeant() string {
	of := Letters{desk: p.l.desk, known: p.l.known, choice: p.listChoice()}
	return of.groupsMeant()
}

// listChoice is the choice lists are made by: that of the list of letters if there is one.
func (p *LettersPrint) listChoice() letterChoice {
	if p.l.list != nil {
		return p.l.list.choice
	}
	return p.l.choice
}

// count is how many letters are printed.
func (p *LettersPrint) count() int {
	n := 0
	for i := range p.l.list.batch.Lines {
		line := &p.l.list.batch.Lines[i]
		if line.Ticked && line.Way != mailing.LeftOut && (!p.onlyPaper || line.Way == mailing.OnPaper) {
			n++
		}
	}
	return n
}

// Can reports whether there is something to write and nothing is being written.
func (p *LettersPrint) Can() bool { return p.job == nil && (!p.Letters() || p.count() > 0) }

// Path is a file name to offer.
func (p *LettersPrint) Path() string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = p.l.desk.Place().Data
	}
	return p.PathIn(home)
}

// PathIn is the same file name in another folder.
func (p *LettersPrint) PathIn(folder string) string {
	name := [...]string{"letters", "slips", "shelf-check", "class-lists", "class-lists-no-titles"}[p.what]
	if key := p.listChoice().key; p.Letters() && key != "" {
		name += "-" + key
	}
	end := ".pdf"
	if p.html {
		end = ".html"
	}
	return filepath.Join(folder, name+"-"+p.l.desk.Now().Format(time.DateOnly)+end)
}

// Doing says how far it is; empty: nothing is being written.
func (p *LettersPrint) Doing() (words string, done, total int) {
	if p.job == nil {
		return "", 0, 0
	}
	return p.job.words(p.job), p.job.done, p.job.total
}

// Stop gives up; no half file stays behind.
func (p *LettersPrint) Stop() {
	if p.job != nil {
		p.job.stop()
	}
}

// Said is how it ended; empty: nothing was written yet.
func (p *LettersPrint) Said() (words string, failed bool) { return p.said, p.failed }

// Written is the file that was written; empty: none.
func (p *LettersPrint) Written() string { return p.path }

// ShowFolder opens the folder of the file.
func (p *LettersPrint) ShowFolder() { p.open(filepath.Dir(p.path)) }

// ShowFile opens the file with the program for it: the browser prints a page of HTML.
func (p *LettersPrint) ShowFile() { p.open(p.path) }

func (p *LettersPrint) open(path string) {
	d := p.l.desk
	Go(d, func(context.Context) (struct{}, error) { return struct{}{}, d.Desktop().Open(path) }, func(_ struct{}, err error) {
		if err != nil {
			p.said, p.failed = d.Say("{{.Path}} cannot be opened from here. Open it yourself.", With("Path", path)), true
			p.changed()
		}
	})
}
