package main_test

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/assets"
	"smtpgateway/data"
)

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
func crowd(t *testing.T, program string, display ...string) {
	t.Helper()
	d := newDesk(t, display...)
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
