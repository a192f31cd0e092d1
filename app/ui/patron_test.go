package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// toldSchool is a small school of which some were told of their loans.
func toldSchool(t *testing.T) func(b *screentest.Bench) {
	t.Helper()
	return func(b *screentest.Bench) {
		smallSchool(b)
		told(t, b)
	}
}

// down scrolls a panel to its end.
func (p *patronPanel) down() {
	if s, ok := p.content.Objects[1].(*container.Scroll); ok {
		s.ScrollToBottom()
	}
}

// TestPatronWalk looks at the panels of patrons as the walk does at the screens.
func TestPatronWalk(t *testing.T) {
	for _, look := range []string{screen.ThemeLight, screen.ThemeDark} {
		for _, size := range []fyne.Size{fyne.NewSize(1100, 700), fyne.NewSize(800, 600)} {
			b := openPatrons(t, toldSchool(t))
			b.w.appearance.SetTheme(look)
			b.w.setLook()
			b.w.window.Resize(size)
			b.settle()
			b.p.table.pick(1, false, false)
			shot(t, b.w, fmt.Sprintf("patrons-%s-%g", look, size.Width))
			inspect(t, b.w, "patrons")
			for name, f := range map[string]func(){
				"patron":  func() { b.openPatron(t, "1001") },
				"low":     func() { b.openPatron(t, "1001").down() },
				"failing": func() { b.openPatron(t, "1002") },
				"held":    func() { b.openPatron(t, "1005") },
				"left":    func() { b.openPatron(t, "1099") },
				"new":     func() { newPatronPanel(b.w, 0) },
				"wrong": func() {
					p := b.openPatron(t, "1001")
					p.p.Set("email", "ada at school")
					p.p.AddGuardian()
					p.save(nil)
				},
				"hold":   func() { b.openPatron(t, "1001").hold(0, "") },
				"delete": func() { b.openPatron(t, "1001").remove() },
				"export": func() { b.openPatron(t, "1001").export() },
				"direct": func() { newDirectPanel(b.w, b.PatronByKey("1001")) },
				"silent": func() { newDirectPanel(b.w, b.PatronByKey("1003")) },
			} {
				t.Run(fmt.Sprintf("%s-%s-%g", name, look, size.Width), func(t *testing.T) {
					f()
					b.settle()
					shot(t, b.w, fmt.Sprintf("%s-%s-%g", name, look, size.Width))
					inspect(t, b.w, name)
					if look == screen.ThemeLight {
						b.w.window.Resize(fyne.NewSize(size.Width, 3000)) // what scrolls under a head would stand above it
						tabOrder(t, b.w, name)
						b.w.window.Resize(size)
						if name != "wrong" { // a red frame is counted as a ring
							rings(t, b.w, name)
						}
					}
					for len(b.w.layers) > 0 {
						before := len(b.w.layers)
						b.w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
						b.settle()
						if found := find[*button](b.w); len(b.w.layers) == before+1 && len(found) > 0 { // unsaved
							press(t, b.w, "Discard")
						} else if len(b.w.layers) >= before {
							t.Fatal("Escape does not close it")
						}
					}
				})
			}
		}
	}
}

func TestPatronPanel(t *testing.T) {
	t.Run("it shows all that is known, and why there was a notice or none", func(t *testing.T) {
		b := openPatrons(t, toldSchool(t))
		b.openPatron(t, "1001")
		has(t, b.w, "Ada Fennimore", "7B, year 7, card 90001", "Automatic notices are on.", "The Grey Tower", "4 days late, was due Fri 20 Nov 2026", "nina@home.test", "Nina Fennimore, mother",
			"Notice 3 days overdue about \"The Grey Tower\" to ada@school.test, accepted", "No reminder 3 days before the due date to guardians about \"Moths of the North\": nobody has chosen yet what guardians are told")
	})
	t.Run("the mail of a notice opens above, and Escape comes back", func(t *testing.T) {
		b := openPatrons(t, toldSchool(t))
		b.openPatron(t, "1001")
		b.press(t, "Show the mail")
		has(t, b.w, "Something from the library is overdue")
		key(b.w, fyne.KeyEscape)
		if len(b.w.layers) != 1 {
			t.Error(len(b.w.layers), "panels are open")
		}
	})
	t.Run("Save stores what was typed, and the list shows it", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.openPatron(t, "1003")
		typeIn(t, b.w, "E-mail", "cleo@school.test")
		has(t, b.w, "Unsaved changes")
		if b.patron(t, "1003").Email != "" {
			t.Fatal("it was stored before Save")
		}
		b.press(t, "Save")
		has(t, b.w, "Saved.")
		if b.patron(t, "1003").Email != "cleo@school.test" || b.p.p.Row(3).Address != "cleo@school.test" {
			t.Error(b.p.p.Row(3))
		}
	})
	t.Run("a wrong address is said as it is typed, Save stores nothing and goes there", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		p := b.openPatron(t, "1001")
		typeIn(t, b.w, "E-mail", "ada@")
		has(t, b.w, "is not an e-mail address")
		b.w.window.Canvas().Unfocus()
		b.press(t, "Save")
		has(t, b.w, "Mend what is marked in red, then save.")
		if b.patron(t, "1001").Email != "ada@school.test" || b.w.window.Canvas().Focused() != fyne.Focusable(p.form.texts["email"]) {
			t.Error("it was stored, or the keyboard is elsewhere")
		}
	})
	t.Run("closing with something unsaved asks", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.openPatron(t, "1001")
		typeIn(t, b.w, "Year", "8")
		b.press(t, "Close")
		has(t, b.w, "Save the patron?")
		b.press(t, "Stay")
		if len(b.w.layers) != 1 {
			t.Fatal("it did not stay")
		}
		b.press(t, "Close")
		b.press(t, "Save")
		if len(b.w.layers) != 0 || b.patron(t, "1001").Level != "8" {
			t.Fatal("it was not saved, or stays")
		}
		b.openPatron(t, "1001")
		typeIn(t, b.w, "Year", "9")
		b.press(t, "Close")
		b.press(t, "Discard")
		if len(b.w.layers) != 0 || b.patron(t, "1001").Level != "8" {
			t.Error("it was not discarded")
		}
	})
	t.Run("guardians are added and removed, each with an address", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		p := b.openPatron(t, "1003")
		b.press(t, "Add a guardian")
		if b.w.window.Canvas().Focused() != fyne.Focusable(p.form.adults[0].name) {
			t.Error("the keyboard is not on the name")
		}
		test.Type(p.form.adults[0].name, "Lee Marsh")
		arrange(b.w)
		has(t, b.w, "Write the guardian's e-mail address, or remove the guardian.")
		test.Type(p.form.adults[0].email, "lee@home.test")
		b.press(t, "Save")
		if g := b.patron(t, "1003").Guardians; len(g) != 1 || g[0] != (data.Guardian{Name: "Lee Marsh", Email: "lee@home.test", Notices: true}) {
			t.Fatal(g)
		}
		b.press(t, "Remove")
		b.press(t, "Save")
		if g := b.patron(t, "1003").Guardians; len(g) != 0 {
			t.Error(g)
		}
	})
	t.Run("a loan is held by two words to press, and let go", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.openPatron(t, "1003")
		b.press(t, "Hold...")
		has(t, b.w, "Until then no letter and no notice speaks of \"A Short History of Salt\".")
		b.press(t, "Hold")
		has(t, b.w, "Write the last day of the hold.")
		b.press(t, "says returned")
		b.press(t, "1 week")
		b.press(t, "Hold")
		has(t, b.w, "held until Tue 1 Dec 2026: says returned")
		b.press(t, "End the hold")
		if loans, err := b.Store.Loans(t.Context(), b.PatronByKey("1003"), false); err != nil || loans[0].HoldUntil != 0 {
			t.Error(loans, err)
		}
	})
	t.Run("the person is held until a day that is typed", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.openPatron(t, "1001")
		b.press(t, "Hold until...")
		typeIn(t, b.w, "Until, with this day", "31.2.2027")
		has(t, b.w, "Write the day as 5 Dec 2026 or 5.12.2026.")
		typeIn(t, b.w, "Until, with this day", "5 Dec")
		key(b.w, fyne.KeyReturn)
		b.settle()
		has(t, b.w, "Held until Sat 5 Dec 2026: no letters and notices.")
		b.press(t, "End the hold")
		has(t, b.w, "Automatic notices are on.")
	})
	t.Run("an address that fails is mended by one word", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.openPatron(t, "1002")
		has(t, b.w, "There is no such mailbox.")
		b.press(t, "Mail works again")
		if all, err := b.Store.Addresses(t.Context()); err != nil || len(all) != 0 {
			t.Fatal(all, err)
		}
		b.press(t, "Wants no e-mail")
		has(t, b.w, "wants no e-mail, since Tue 24 Nov 2026")
	})
	t.Run("what somebody else changed meanwhile is asked about", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.openPatron(t, "1001")
		typeIn(t, b.w, "Group", "8X")
		other := b.patron(t, "1001")
		other.Group = "8Y"
		if _, err := b.Store.SavePatron(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		b.press(t, "Save")
		shot(t, b.w, "patron-conflict")
		inspect(t, b.w, "conflict")
		has(t, b.w, "Group: now 8Y")
		b.press(t, "Keep mine")
		if b.patron(t, "1001").Group != "8X" {
			t.Error("mine was not kept")
		}
	})
	t.Run("a new patron is written by hand", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.press(t, "New patron")
		typeIn(t, b.w, "First name", "Hal")
		typeIn(t, b.w, "Last name", "Young")
		typeIn(t, b.w, "Card number", "90123")
		b.press(t, "Save")
		has(t, b.w, "Hal Young", "Nothing is out.")
		b.press(t, "Close")
		if got := b.names(); !strings.Contains(got, "Young, Hal") || b.patron(t, "90123").First != "Hal" {
			t.Error(got)
		}
	})
	t.Run("deleting asks and says what goes; then the person is gone", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.openPatron(t, "1003")
		b.press(t, "Delete...")
		has(t, b.w, "Delete Cleo Marsh?", "from the backups too")
		b.press(t, "Go back")
		if len(b.w.layers) != 1 {
			t.Fatal(len(b.w.layers))
		}
		b.press(t, "Delete...")
		b.press(t, "Delete")
		if len(b.w.layers) != 0 || strings.Contains(b.names(), "Marsh") {
			t.Error(b.names())
		}
		has(t, b.w, "Cleo Marsh is deleted, from the backups too.")
	})
	t.Run("everything known of one person goes into a file, once asked where it is there already", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.openPatron(t, "1001")
		path := filepath.Join(t.TempDir(), "one.json")
		for range 2 {
			b.press(t, "Export...")
			find[*entry](b.w)[0].SetText(path)
			b.press(t, "Export")
			if _, err := os.Stat(path); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(words(b.w), "Replace the file?") {
				b.press(t, "Replace")
			}
			has(t, b.w, "Everything known of this patron is in "+path)
			b.press(t, "OK")
		}
		if content, err := os.ReadFile(path); err != nil || !strings.Contains(string(content), "The Grey Tower") {
			t.Error(err)
		}
	})
	t.Run("somebody deleted elsewhere is a sentence in place of a panel", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		newPatronPanel(b.w, 4711)
		b.settle()
		has(t, b.w, "This patron is not in the list any more.")
	})
}

func TestDirectPanel(t *testing.T) {
	t.Run("a text that was changed is copied as it is shown", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.click(t, "Fennimore, Ada")
		b.press(t, "E-mail...")
		has(t, b.w, "E-mail Ada Fennimore", "The Grey Tower")
		typeIn(t, b.w, "Text", "Dear Ada,\nplease call.")
		b.press(t, "Copy text")
		if n := len(b.Desktop.Copied); n != 1 || !strings.Contains(b.Desktop.Copied[0], "please call.") {
			t.Error(b.Desktop.Copied)
		}
	})
	t.Run("Send from here puts one mail into the queue, which can be shown", func(t *testing.T) {
		b := openPatrons(t, func(b *screentest.Bench) {
			smallSchool(b)
			b.Save(map[string]string{"practice.letters": "false"})
		})
		newDirectPanel(b.w, b.PatronByKey("1001"))
		b.settle()
		b.press(t, "Send from here")
		all, err := b.Store.List(t.Context(), data.ListQuery{Limit: 10})
		if err != nil || len(all) != 1 || all[0].Recipient != "ada@school.test" || all[0].Letter.Class != data.ClassDirect {
			t.Fatal(all, err, words(b.w))
		}
		b.press(t, "Show the mail")
		has(t, b.w, "waiting to be sent")
	})
	t.Run("a patron without any address is said to have none", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		newDirectPanel(b.w, b.PatronByKey("1003"))
		b.settle()
		has(t, b.w, "No e-mail address is known")
	})
}
