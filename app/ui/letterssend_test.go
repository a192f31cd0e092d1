package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// waits are the recipients of what waits in the queue.
func (b *letterBench) waits(t *testing.T) string {
	t.Helper()
	all, err := b.Store.List(t.Context(), data.ListQuery{States: []data.State{data.Waiting}, Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range all {
		out = append(out, all[i].Recipient)
	}
	return strings.Join(out, " ")
}

// real ends practice.
func (b *letterBench) real() {
	b.Save(map[string]string{"practice.letters": "false"})
	b.settle()
}

// row is the line of somebody in the list.
func (b *letterBench) row(t *testing.T, name string) *tableRow {
	t.Helper()
	arrange(b.w)
	for _, r := range find[*tableRow](b.p.list.object) {
		if b.p.l.Row(r.i).Name == name {
			return r
		}
	}
	t.Fatalf("%s is not in sight: %s", name, words(b.w))
	return nil
}

func TestLettersByHand(t *testing.T) {
	t.Run("a group is chosen by keyboard, and the list is of that group", func(t *testing.T) {
		b := openLetters(t, smallSchool)
		b.press(t, "Choose groups...")
		key(b.w, fyne.KeyDown)
		key(b.w, fyne.KeyDown)
		key(b.w, fyne.KeySpace)
		b.settle()
		has(t, b.w, "Group 8A")
		b.press(t, "Done")
		b.press(t, "Make the list")
		has(t, b.w, "to the patron, group 8A, at least 1 day late", "0 by e-mail, 1 on paper, 0 left out", "paper: no e-mail address")
		b.press(t, "Change")
		has(t, b.w, "Which letter", "Group 8A")
	})
	t.Run("a click into the box, Space and the links change ticks", func(t *testing.T) {
		b := openLetters(t, termOfLetters)
		b.press(t, "Make the list")
		has(t, b.w, "Queue 15 letters")
		b.row(t, "Adler, Ines").MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary, PointEvent: fyne.PointEvent{Position: fyne.NewPos(20, 10)}})
		b.settle()
		has(t, b.w, "Queue 14 letters", "14 of 15 by e-mail")
		b.row(t, "Hoshi, Hana").MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary, PointEvent: fyne.PointEvent{Position: fyne.NewPos(100, 10)}})
		b.settle()
		has(t, b.w, "Queue 14 letters")
		key(b.w, fyne.KeySpace)
		b.settle()
		has(t, b.w, "Queue 13 letters")
		b.press(t, "Tick none")
		has(t, b.w, "Queue letters")
		if !b.p.list.queue.Disabled() {
			t.Error("nothing can be queued")
		}
		b.press(t, "Tick all")
		has(t, b.w, "Queue 15 letters")
		b.p.list.shows.pick(2)
		b.settle()
		b.press(t, "Tick none")
		has(t, b.w, "15 by e-mail, 0 of 4 on paper")
	})
	t.Run("letters are queued after a question, shown in the queue, and taken back", func(t *testing.T) {
		b := openLetters(t, smallSchool)
		b.real()
		b.press(t, "Make the list")
		b.press(t, "Queue 1 letter")
		has(t, b.w, "Send 1 letter for real?", "They go to the patrons and guardians themselves", "1 ticked letter has no address to go to: print it.")
		if got := b.waits(t); got != "" {
			t.Fatal("it was queued before the answer: " + got)
		}
		b.press(t, "Go back")
		b.press(t, "Queue 1 letter")
		b.press(t, "Queue 1 letter")
		has(t, b.w, "1 letter is in the queue.", "in the queue")
		if got := b.waits(t); got != "ada@school.test" {
			t.Fatal(got)
		}
		b.press(t, "Show them")
		if b.w.current != "queue" {
			t.Fatal(b.w.current)
		}
		has(t, b.w, "ada@school.test")
		b.w.show("letters")
		b.settle()
		b.press(t, "Undo")
		has(t, b.w, "1 letter is taken back. Nobody gets it.", "Queue 1 letter")
		if got := b.waits(t); got != "" {
			t.Error(got)
		}
	})
	t.Run("practice is approved after a question, and then the list is asked about", func(t *testing.T) {
		b := openLetters(t, smallSchool)
		b.press(t, "Make the list")
		has(t, b.w, "These letters are practice: they go to it@school.test, 50 at most.")
		b.press(t, "Approve and send for real...")
		has(t, b.w, "Send letters for real?", "it@school.test", "This is asked once.")
		b.press(t, "Stay in practice")
		has(t, b.w, "These letters are practice")
		b.press(t, "Approve and send for real...")
		b.press(t, "Approve")
		has(t, b.w, "Send 1 letter for real?")
		b.press(t, "Queue 1 letter")
		if got := b.waits(t); got != "ada@school.test" {
			t.Error(got)
		}
		if strings.Contains(words(b.w), "are practice") {
			t.Error("it speaks of practice still")
		}
	})
	t.Run("Return opens the letter, Next goes on, and the one who is looked at can be unticked and opened", func(t *testing.T) {
		b := openLetters(t, smallSchool)
		b.press(t, "Make the list")
		b.w.window.Canvas().Focus(b.p.list.table)
		key(b.w, fyne.KeyDown)
		key(b.w, fyne.KeyReturn)
		b.settle()
		has(t, b.w, "1 of 2", "Fennimore, Ada, 7B", "The Grey Tower", "ada@school.test")
		b.press(t, "Send this preview to me")
		has(t, b.w, "It waits for it@school.test and goes out when the service is started.")
		if got := b.waits(t); got != "it@school.test" {
			t.Error(got)
		}
		b.press(t, "Next")
		has(t, b.w, "2 of 2", "Marsh, Cleo, 8A", "It goes on paper")
		for _, c := range find[*check](b.w) {
			if c.text == "Send or print this letter" {
				c.Tapped(nil)
			}
		}
		b.press(t, "Open the patron")
		has(t, b.w, "Cleo Marsh")
		key(b.w, fyne.KeyEscape)
		key(b.w, fyne.KeyEscape)
		b.settle()
		has(t, b.w, "0 of 1 on paper")
	})
	t.Run("a list of who changed is made again", func(t *testing.T) {
		b := openLetters(t, smallSchool)
		b.press(t, "Make the list")
		if err := b.Store.HoldPatron(t.Context(), b.PatronByKey("1001"), data.DateOf(goldenDay)+5, "ill"); err != nil {
			t.Fatal(err)
		}
		b.settle()
		has(t, b.w, "Patrons or loans have changed since this list was made.")
		b.press(t, "Make the list again")
		has(t, b.w, "left out: the patron is held")
	})
	t.Run("letters are printed into a file, and its folder is shown", func(t *testing.T) {
		b := openLetters(t, smallSchool)
		b.press(t, "Make the list")
		b.press(t, "Print...")
		folder := t.TempDir()
		typeIn(t, b.w, "File", filepath.Join(folder, "mine.pdf"))
		b.press(t, "Write the file")
		has(t, b.w, "2 letters are in "+filepath.Join(folder, "mine.pdf"))
		if got, err := os.ReadFile(filepath.Join(folder, "mine.pdf")); err != nil || !strings.HasPrefix(string(got), "%PDF-") {
			t.Error(err)
		}
		b.press(t, "Show the folder")
		if len(b.Desktop.Opened) != 1 || b.Desktop.Opened[0] != folder {
			t.Error(b.Desktop.Opened)
		}
		b.press(t, "Write the file")
		has(t, b.w, "Replace the file?")
		b.press(t, "Go back")
	})
	t.Run("what a PDF cannot print is asked about before it is written", func(t *testing.T) {
		b := openLetters(t, func(b *screentest.Bench) {
			b.People(data.Patron{Key: "1", First: "明", Last: "王", Group: "8A", Email: "ming@school.test"})
			b.Lend("1", data.Loan{Barcode: "1", Title: "红楼梦", Due: data.DateOf(goldenDay) - 3})
		})
		b.press(t, "Make the list")
		b.press(t, "Print...")
		path := filepath.Join(t.TempDir(), "letters.html")
		typeIn(t, b.w, "File", path)
		b.press(t, "Write the file")
		has(t, b.w, "The PDF cannot print everything")
		shot(t, b.w, "letters-poor")
		inspect(t, b.w, "poor")
		b.press(t, "Write HTML")
		if got, err := os.ReadFile(path); err != nil || !strings.Contains(string(got), "红楼梦") {
			t.Error(err)
		}
	})
	t.Run("the lists for shelves and classes can be printed without a list of letters", func(t *testing.T) {
		b := openLetters(t, smallSchool)
		b.press(t, "Print lists...")
		has(t, b.w, "Shelf check: what to look for on the shelves", "without names")
		path := filepath.Join(t.TempDir(), "shelf.pdf")
		typeIn(t, b.w, "File", path)
		b.press(t, "Write the file")
		has(t, b.w, "The list is in "+path)
	})
}

func TestTextsByHand(t *testing.T) {
	texts := func(t *testing.T) *letterBench {
		t.Helper()
		b := openLetters(t, smallSchool)
		b.w.window.Canvas().Focus(b.p.tabs)
		key(b.w, fyne.KeyRight)
		b.settle()
		if b.p.texts == nil {
			t.Fatal("the texts are not shown")
		}
		return b
	}
	typed := func(b *letterBench, e *entry, words string) {
		e.SetText(words)
		b.settle()
	}
	t.Run("a placeholder goes where the cursor stood", func(t *testing.T) {
		b := texts(t)
		x := b.p.texts
		b.w.window.Canvas().Focus(x.subject)
		typed(b, x.subject, "Hello !")
		x.subject.CursorColumn = 6
		b.press(t, "Insert a placeholder...")
		b.press(t, "[First name]")
		if x.subject.Text != "Hello [First name]!" || x.t.Subject() != "Hello [First name]!" {
			t.Fatal(x.subject.Text, x.t.Subject())
		}
		has(t, b.w, "Hello Ada!")
	})
	t.Run("a mistake keeps Save off, says its line, and is mended by one click", func(t *testing.T) {
		b := texts(t)
		typed(b, b.p.texts.body, "Dear [Frist name],\n[Items]")
		has(t, b.w, "Line 1: [Frist name] is not known.")
		if !b.p.texts.save.Disabled() {
			t.Error("it can be saved")
		}
		b.press(t, "Put [First name] there")
		if b.p.texts.body.Text != "Dear [First name],\n[Items]" || b.p.texts.save.Disabled() {
			t.Error(b.p.texts.body.Text)
		}
		b.press(t, "Save")
		has(t, b.w, "Saved. Letters queued from now on have this text.")
	})
	t.Run("leaving with a text that is not saved asks: stay, discard or save", func(t *testing.T) {
		b := texts(t)
		typed(b, b.p.texts.subject, "Mine")
		b.w.show("log")
		has(t, b.w, "Save the text of the letter?")
		b.press(t, "Stay")
		if b.w.current != "letters" || b.p.texts.subject.Text != "Mine" {
			t.Fatal(b.w.current, b.p.texts.subject.Text)
		}
		b.p.texts.names.pick(1)
		b.settle()
		if b.p.texts.names.index() != 0 {
			t.Error("the choice does not wait for the answer")
		}
		b.press(t, "Save")
		if b.p.texts.names.index() != 1 || b.p.texts.t.Dirty() {
			t.Error("it does not go on after Save")
		}
		typed(b, b.p.texts.subject, "Other")
		b.p.turn(partSend)
		b.press(t, "Discard")
		if b.p.tabs.at != partSend || b.p.texts.t.Subject() == "Other" {
			t.Error(b.p.tabs.at, b.p.texts.t.Subject())
		}
		kept, err := b.Store.Templates(t.Context())
		if err != nil || len(kept) != 1 || kept[0].Subject != "Mine" {
			t.Error(kept, err)
		}
	})
	t.Run("earlier versions and the original come back", func(t *testing.T) {
		b := texts(t)
		x := b.p.texts
		original := x.body.Text
		for _, words := range []string{"One.\n\n[Items]", "Two.\n\n[Items]"} {
			typed(b, x.body, words)
			b.press(t, "Save")
		}
		b.press(t, "Earlier versions...")
		shot(t, b.w, "letters-versions-three")
		key(b.w, fyne.KeyDown)
		b.press(t, "Take this version")
		if x.body.Text != "One.\n\n[Items]" {
			t.Fatal(x.body.Text)
		}
		b.press(t, "Revert")
		b.press(t, "Back to the original text...")
		has(t, b.w, "Back to the original text?")
		b.press(t, "Back to the original")
		if x.body.Text != original {
			t.Error(x.body.Text)
		}
		has(t, b.w, "The original text is in force again.")
	})
	t.Run("a letter of one's own is made, sent and deleted", func(t *testing.T) {
		b := texts(t)
		b.press(t, "New letter...")
		b.press(t, "Make it")
		has(t, b.w, "Write a name for the letter.")
		typeIn(t, b.w, "Name", "Fines")
		b.press(t, "Make it")
		has(t, b.w, "The letter Fines is made.")
		shot(t, b.w, "letters-own")
		b.p.turn(partSend)
		b.settle()
		b.p.choice.names.pick(6)
		b.settle()
		b.press(t, "Make the list")
		if b.p.l.Title() != "Fines" {
			t.Fatal(b.p.l.Title())
		}
		b.p.turn(partTexts)
		b.settle()
		b.press(t, "Delete...")
		b.press(t, "Delete")
		has(t, b.w, "The letter is deleted.")
	})
	t.Run("the text of the letter chosen is one click away", func(t *testing.T) {
		b := openLetters(t, smallSchool)
		b.p.choice.names.pick(4)
		b.press(t, "Look at its text")
		if got := b.p.texts.t.Names()[b.p.texts.t.Name()]; got != "Letters - Due Soon" {
			t.Error(got)
		}
	})
}
