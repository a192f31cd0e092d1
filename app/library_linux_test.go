package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/assets"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway/school"
)

// library is a school with a mail server, and a librarian before the window.
type library struct {
	*window

	t      *testing.T
	mail   *school.School
	store  *store.Store // looked into, to know what happened
	loans  []byte
	folder string
}

// librarian does what the library's side is for, from an empty list of patrons to a notice that does not leave because
// the book is back.
func librarian(t *testing.T, program string, display ...string) {
	t.Helper()
	needsPrinter(t)
	s := school.Start(t)
	d := newDesk(t, display...)
	l := &library{t: t, mail: s, folder: filepath.Join(d.home, "data")}
	l.store = openStore(t, l.folder, map[string]string{
		"server1.host": s.Host, "server1.port": strconv.Itoa(s.RelayPort), "server1.security": "none",
		"from.address": "library@example.org", "from.name": assets.SchoolName, "test_to": "tester@example.org", "log.daily_at": "",
		"minutes_between_checks": "60", "messages_each_check": "10", // so that only Send now sends, and some have to wait
		"library.name": assets.SchoolName, "overdue.at": "00:00", "overdue.approve": "true",
	})
	t.Cleanup(func() { stopService(t, l.folder) })
	l.window = d.open(program, "--data", l.folder)
	l.press("Start")
	l.reads("The service is running")

	l.lists()
	l.letters()
	l.notices()
	if code := l.closes(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// openStore makes a data folder with settings.
func openStore(t *testing.T, folder string, settings map[string]string) *store.Store {
	t.Helper()
	st, err := house.Open(t.Context(), place.At(folder), true, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	if _, err := st.SaveSettings(t.Context(), settings, store.AnyRevision); err != nil {
		t.Fatal(err)
	}
	return st
}

// lists takes in the patrons and their loans.
func (l *library) lists() {
	l.t.Helper()
	patrons, loans := assets.School(time.Now())
	l.loans = loans
	l.key("ctrl+4")
	l.reads("No patrons yet.")
	l.shot("no-patrons")
	l.takeIn("patrons.csv", patrons, "40 new")
	l.reads("40 patrons imported: 40 new, 0 changed, 0 gone.")
	l.press("Done")
	l.takeIn("loans.csv", loans, "70 new")
	l.reads("70 loans imported: 70 new")
	l.press("Done")
	l.shot("patrons")

	l.findPatron("Gallowglass")
	l.reads("The War of the Worlds")
	l.reads("Edwina Gallowglass")
	l.shot("patron")
	l.key("Escape")
}

// takeIn goes through the steps of an import by keyboard and mouse. promised are numbers it shows before anything changes.
func (l *library) takeIn(name string, list []byte, promised ...string) {
	l.t.Helper()
	path := filepath.Join(l.home, name)
	if err := os.WriteFile(path, list, 0o600); err != nil {
		l.t.Fatal(err)
	}
	l.dismiss()
	l.press("Import...")
	l.reads("Step 1 of 4")
	l.types(path)
	l.shot("import-file-" + name)
	l.key("Return")
	l.reads("Step 2 of 4")
	l.shot("import-look-" + name)
	if !strings.Contains(l.words(), "The saved answers") {
		l.press("Next")
		l.reads("Step 3 of 4")
		l.shot("import-columns-" + name)
	}
	l.press("See what would change")
	l.reads("Step 4 of 4")
	for _, words := range promised {
		l.reads(words)
	}
	l.shot("import-plan-" + name)
	l.press("Import")
	l.reads("Undo this import...")
	l.shot("import-done-" + name)
}

// dismiss takes away what the desktop itself announces, which lies above the window's corner.
func (d *desk) dismiss() { d.announcements("close-all") }

// quiet lets the desktop announce nothing.
func (d *desk) quiet() { d.announcements("set-paused", "true") }

func (d *desk) announcements(do ...string) {
	c := exec.CommandContext(d.t.Context(), "dunstctl", do...)
	c.Env = d.env
	_ = c.Run() // where no such program is, nothing is announced
}

// findPatron opens the panel of a person.
func (l *library) findPatron(name string) {
	l.t.Helper()
	l.key("ctrl+4")
	l.reads("40 patrons, 70 loans")
	l.click("the search", search)
	l.types(name)
	l.tap(name + ", ")
	l.press("Open")
	l.reads("Why did, or didn't, this patron get a notice?")
}

// letters follows the tech note: one reader is put into a group of their own, and that group gets the letter.
func (l *library) letters() {
	l.t.Helper()
	l.findPatron("Gallowglass")
	l.fill("Group", "TEST")
	l.fill("E-mail", "reader@example.org")
	l.shot("patron-changed")
	l.press("Save")
	l.reads("Changed by hand: group, e-mail.")
	l.press("Close")

	l.key("ctrl+5")
	l.reads("Which letter")
	l.choose("Which letter", "Letters - Overdue First")
	l.press("Choose groups...")
	l.reads("Letters for which groups?")
	l.tap("TEST")
	l.shot("letters-groups")
	l.press("Done")
	l.shot("letters-choice")
	l.press("Make the list")
	l.reads("reader@example.org")
	l.shot("letters-list")
	l.press("Look at the letter")
	l.reads("The War of the Worlds")
	l.reads("Previous")
	l.shot("letters-preview")
	l.key("Escape")

	l.press("Queue 1 letter")
	l.reads("Queue 1 letter for practice?")
	l.shot("letters-practice")
	l.press("Queue for practice")
	l.reads("1 letter is in the queue.")
	l.sendNow()
	subject, text, html := l.read("tester@example.org", 1)
	for _, part := range []string{text, html} {
		if !strings.Contains(part, "PRACTICE: this letter was not sent to Humphrey Gallowglass") || !strings.Contains(part, "reader@example.org") {
			l.t.Errorf("no banner in\n%s", part)
		}
	}
	if !strings.HasPrefix(subject, "[Practice] ") || len(l.mail.Maildir(l.t, "reader@example.org")) != 0 {
		l.t.Errorf("practice left as %q, or to the reader", subject)
	}

	l.key("ctrl+5")
	l.press("Approve and send for real...")
	l.reads("Send letters for real?")
	l.shot("letters-approve")
	l.press("Approve")
	l.reads("Send 1 letter for real?")
	l.press("Queue 1 letter")
	l.reads("1 letter is in the queue.")
	l.shot("letters-queued")
	l.sendNow()
	subject, text, html = l.read("reader@example.org", 1)
	for _, part := range []string{text, html} {
		if !strings.Contains(part, "The War of the Worlds") || strings.Contains(part, "PRACTICE") {
			l.t.Errorf("the letter reads\n%s", part)
		}
	}
	neutral(l.t, subject)
	l.print()
}

// print makes the pile for the printer.
func (l *library) print() {
	l.t.Helper()
	file := filepath.Join(l.home, "letters.pdf")
	l.key("ctrl+5")
	l.press("Print...")
	l.fill("File", file)
	l.press("Write the file")
	l.reads("Show the folder")
	l.shot("letters-print")
	l.key("Escape")
	if printed := l.tool("pdftotext", file, "-"); !strings.Contains(printed, "Humphrey Gallowglass") || !strings.Contains(printed, "The War of the Worlds") {
		l.t.Errorf("printed:\n%s", printed)
	}
}

// needsPrinter skips or fails without the program that reads what is printed.
func needsPrinter(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("%v; ./installer/test installs it", err)
	}
}
