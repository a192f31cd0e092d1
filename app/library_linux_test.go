package main_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/assets"
	"smtpgateway/data"
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
func librarian(t *testing.T, program string) {
	t.Helper()
	needsPrinter(t)
	s := school.Start(t)
	d := newDesk(t)
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
func (l *library) dismiss() {
	c := exec.CommandContext(l.t.Context(), "dunstctl", "close-all")
	c.Env = l.env
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

// waitForYes is how many notices wait.
var (
	waitForYes = regexp.MustCompile(`(\d+) notices wait for your yes\.`)
	rehearsed  = regexp.MustCompile(`On [^:]+: (\d+) mails to (\d+) patrons, (\d+) on paper, (\d+) left out\.`)
)

// notices switches them on, lets some leave, and brings a book back before the rest does.
func (l *library) notices() {
	l.t.Helper()
	l.key("ctrl+6")
	l.reads("Off. Nobody is reminded by itself.")
	l.shot("notices-off")
	l.press("Rehearse")
	planned := l.number(rehearsed)
	l.shot("notices-rehearsed")
	l.press("Switch on")
	l.reads("Switch automatic notices on?")
	l.shot("notices-switch-on")
	l.press("Switch on")
	l.reads("Look at them") // what was rehearsed may say as much
	if n := l.number(waitForYes); n != planned || n < 15 {
		l.t.Errorf("%d notices wait, %d were rehearsed", n, planned)
	}
	l.shot("notices-wait")
	l.press("Send them")
	l.reads("Send them?")
	l.press("Send them")
	l.reads("Last run today")
	l.shot("notices-sent")

	l.sendNow()
	sent := l.recipients(data.Sent)
	for _, to := range sent {
		subject, text, html := l.read(to, 1)
		neutral(l.t, subject)
		if !strings.Contains(text, assets.SchoolName) || !strings.Contains(html, assets.SchoolName) {
			l.t.Errorf("to %s:\n%s", to, text)
		}
	}
	rest := l.recipients(data.Waiting)
	if len(sent) < 8 || len(rest) < 4 {
		l.t.Fatalf("%d of %d left, %d wait", len(sent), planned, len(rest))
	}

	l.press("Stop")
	l.reads("Stop the service?")
	l.press("Stop")
	l.reads("The service is stopped")
	l.reads("wait until it runs again") // all below the banner has moved by then
	back := rest[len(rest)/2]
	l.key("ctrl+4")
	l.takeIn("loans.csv", l.without(back))
	l.press("Done")
	l.shot("notices-book-back")
	l.press("Start the service")
	l.reads("Service running")
	l.sendNow()
	l.key("ctrl+3")
	l.reads("The loan is back.")
	l.shot("queue")
	for _, to := range rest {
		if to != back {
			l.mail.Arrived(l.t, to, 1)
		}
	}
	if letters := l.mail.Maildir(l.t, back); len(letters) != 0 || slices.Contains(l.recipients(data.Sent), back) {
		l.t.Errorf("%s was told of a book that is back:\n%s", back, letters[0].Raw)
	}
	l.key("ctrl+1")
	l.shot("overview")
}

// crowd is a school district: the window holds no more than it shows, and rests while nothing happens.
func crowd(t *testing.T, program string) {
	t.Helper()
	d := newDesk(t)
	folder := filepath.Join(d.home, "data")
	st := openStore(t, folder, nil)
	set := &data.ChangeSet{Batch: &data.Batch{Kind: data.RosterPatrons, File: "patrons.csv", Taken: time.Now(), Rows: 50_000}}
	for i := range 50_000 {
		n := strconv.Itoa(i)
		set.New = append(set.New, data.Changed{After: &data.Patron{
			Key: n, Card: n, First: "Reader", Last: "Number " + n, Group: strconv.Itoa(i/40%40+1) + "A", Email: "reader" + n + "@example.org", AutoOverdue: true,
		}})
	}
	var err error
	if set.Base, err = st.RosterRevision(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err = st.Import(t.Context(), set, nil); err != nil {
		t.Fatal(err)
	}
	w := d.open(program, "--data", folder)
	w.key("ctrl+4")
	w.reads("50,000 patrons")
	w.click("the search", search)
	w.types("Number 49999")
	w.reads("Number 49999, Reader")
	w.shot("patrons-50000")
	w.press("Letters")
	w.reads("Which letter")
	w.press("Automatic notices")
	w.reads("50,000 of 50,000 patrons")
	idle(t, w)
	if code := w.closes(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// number waits for a sentence and gives the first number in it.
func (l *library) number(of *regexp.Regexp) int {
	l.t.Helper()
	last, n := "", 0
	l.untilOr(of.String(), func() bool {
		last = l.words()
		m := of.FindStringSubmatch(last)
		if m == nil {
			return false
		}
		n, _ = strconv.Atoi(m[1])
		return true
	}, func() string { return last })
	return n
}

// sendNow lets the service send what waits, and waits until it has.
func (l *library) sendNow() {
	l.t.Helper()
	before, err := l.store.Heartbeat(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	l.key("ctrl+1")
	l.press("Send now")
	l.until("a check is over", func() bool {
		now, err := l.store.Heartbeat(l.t.Context())
		return err == nil && now.LastCheck.After(before.LastCheck)
	})
}

// recipients are those of notices in a state, without the one that the school's server refuses.
func (l *library) recipients(state data.State) []string {
	l.t.Helper()
	all, err := l.store.List(l.t.Context(), data.ListQuery{States: []data.State{state}, Limit: 200})
	if err != nil {
		l.t.Fatal(err)
	}
	var to []string
	for i := range all {
		if all[i].Letter.Class == data.ClassNotice && all[i].Recipient != assets.SchoolFails {
			to = append(to, all[i].Recipient)
		}
	}
	return to
}

// without is the list of loans after somebody brought back all they had.
func (l *library) without(address string) []byte {
	l.t.Helper()
	patrons, _ := assets.School(time.Now())
	card := ""
	for line := range strings.Lines(string(patrons)) {
		if strings.Contains(line, ","+address+",") {
			card, _, _ = strings.Cut(line, ",")
		}
	}
	var rest bytes.Buffer
	for line := range bytes.Lines(l.loans) {
		if card == "" || !bytes.HasPrefix(line, []byte(card+",")) {
			rest.Write(line)
		}
	}
	if rest.Len() == len(l.loans) {
		l.t.Fatalf("%s has no loans", address)
	}
	return rest.Bytes()
}

// read gives the newest letter of a mailbox that has n: what it is about, and both of its forms.
func (l *library) read(address string, n int) (subject, text, html string) {
	l.t.Helper()
	letter := l.mail.Arrived(l.t, address, n)[n-1]
	m, err := mail.ReadMessage(bytes.NewReader(letter.Raw))
	if err != nil {
		l.t.Fatal(err)
	}
	if subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		l.t.Fatal(err)
	}
	media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || media != "multipart/alternative" {
		l.t.Fatalf("%s got %q, %v", address, media, err)
	}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := parts.NextPart()
		if err != nil {
			return subject, text, html
		}
		b, err := io.ReadAll(p)
		if err != nil {
			l.t.Fatal(err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			html = string(b)
		} else {
			text = string(b)
		}
	}
}

// neutral fails when a subject, which many can see, tells what somebody reads.
func neutral(t *testing.T, subject string) {
	t.Helper()
	_, loans := assets.School(time.Now())
	for line := range strings.Lines(string(loans)) {
		title := strings.Trim(strings.Split(line, ",")[3], `"`)
		if strings.Contains(subject, title) {
			t.Errorf("the subject %q names %q", subject, title)
		}
	}
	if subject == "" {
		t.Error("no subject")
	}
}

// search finds the first field there is to type into.
func search(all []spot) (spot, bool) {
	i := slices.IndexFunc(all, func(s spot) bool { return s.Kind == "*ui.entry" })
	if i < 0 {
		return spot{}, false
	}
	return all[i], true
}

// types types a text where the keyboard is, in the place of what stands there.
func (w *window) types(text string) {
	w.t.Helper()
	w.key("ctrl+a")
	w.tool("xdotool", "type", "--delay", "25", "--", text)
	w.untilOr(text+" where the keyboard is", func() bool {
		s, found := w.focused()
		return found && strings.Contains(s.Words, text)
	}, w.words)
}

// tap clicks a word that is no button of its own, such as a line of a table.
func (w *window) tap(words string) {
	w.t.Helper()
	w.click("the words "+words, func(all []spot) (spot, bool) {
		for _, s := range slices.Backward(all) {
			if s.Kind == "*canvas.Text" && strings.HasPrefix(s.Words, words) && !s.Hidden {
				return s, true
			}
		}
		return spot{}, false
	})
}

// choose takes a word of a list.
func (w *window) choose(label, words string) {
	w.t.Helper()
	w.click("the choice "+label, beside(label))
	w.click("the word "+words, func(all []spot) (spot, bool) {
		i := slices.IndexFunc(all, func(s spot) bool { return s.Kind == "*ui.choiceRow" && s.Words == words })
		if i < 0 {
			return spot{}, false
		}
		return all[i], true
	})
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
