package ui

import (
	"database/sql"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/assets"
	"smtpgateway/data"
	"smtpgateway/data/roster"
	"smtpgateway/service/sendercheck"
	"smtpgateway/service/sendercheck/dnstest"
)

// pictures is where those of the README lie.
const pictures = "../../assets/screens"

// TestPictures sees to it that the README shows pictures that are there, and that each picture there is shown. With
// UPDATE_PICTURES=1 it takes them anew.
func TestPictures(t *testing.T) {
	if os.Getenv("UPDATE_PICTURES") != "" {
		takeOverview(t)
		takeSettings(t)
		takeQueue(t)
		takeLibrary(t)
		takeTrust(t)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, m := range regexp.MustCompile(`assets/screens/([a-z-]+\.png)`).FindAllSubmatch(readme, -1) {
		shown[string(m[1])] = true
	}
	there, err := os.ReadDir(pictures)
	if err != nil || len(there) == 0 {
		t.Fatal(err)
	}
	for _, f := range there {
		if !shown[f.Name()] {
			t.Errorf("the README does not show %s", f.Name())
		}
		delete(shown, f.Name())
	}
	for name := range shown {
		t.Errorf("the README shows %s, which is not there", name)
	}
}

func picture(t *testing.T, w *Window, name string) {
	t.Helper()
	arrange(w)
	f, err := os.Create(filepath.Join(pictures, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, w.window.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

// schoolDay is a bench of a library in the middle of term, on a Tuesday morning, with a month behind it.
func schoolDay(t *testing.T) (*screentest.Bench, time.Time) {
	t.Helper()
	b := screentest.New(t)
	b.Save(map[string]string{
		"server1.host": "mail.school.example", "from.address": "library@school.example", "test_to": "it@school.example",
		"server1.recipients_per_day": "450",
	})
	now := time.Date(2026, 11, 24, 10, 42, 0, 0, time.Local)
	b.SetClock(now)
	mailed(t, b, 700, 9)
	db, err := sql.Open("sqlite", b.Place().Database())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	// Each round hour has its share of what was mailed; what is left over was never mailed.
	change := func(query string, args ...any) {
		if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	sent := 1
	for day := -29; day <= 0; day++ {
		at := data.Midnight(now, day).Add(9 * time.Hour)
		if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
			continue
		}
		n := 14 + (day*day*7+31)%29
		change(`UPDATE history SET changed_at = ? WHERE id >= ? AND id < ?`, at.UnixMilli(), sent, sent+n)
		if sent += n; day%4 == 0 {
			change(`UPDATE history SET changed_at = ? WHERE id = (SELECT max(id) FROM history WHERE state = 'failed' AND changed_at % 60000 <> 0)`, at.UnixMilli())
		}
	}
	change(`DELETE FROM history WHERE changed_at % 60000 <> 0`)
	change(`UPDATE usage SET minute = ?, recipients = 16`, now.Add(-time.Hour).Unix()/60)
	for range 12 {
		b.Message("Your books are due on Friday", "reader@school.example")
	}
	if err := b.Store.Beat(t.Context(), data.Heartbeat{Started: now.Add(-26 * time.Hour), LastCheck: now.Add(-2 * time.Minute), NextCheck: now.Add(time.Minute), Revision: 1, InForce: now.Add(-time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if err := b.Store.SetLogTold(t.Context(), data.Midnight(now, 0).Add(7*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := b.Store.SetLastTest(t.Context(), now.AddDate(0, 0, -1), true, "The mail server accepted the test message for it@school.example. Look whether it arrives."); err != nil {
		t.Fatal(err)
	}
	b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning, Auto: true})
	return b, now
}

func takeOverview(t *testing.T) {
	t.Helper()
	b, _ := schoolDay(t)
	w := open(t, b)
	w.window.Resize(fyne.NewSize(1100, 730))
	relook(b)
	picture(t, w, "overview")
}

func takeSettings(t *testing.T) {
	t.Helper()
	b, _ := schoolDay(t)
	w := open(t, b)
	relook(b)
	w.show("settings")
	relook(b)
	picture(t, w, "settings")
}

// takeTrust is a school on Google that signs in, checks its sender and writes to IT.
func takeTrust(t *testing.T) {
	t.Helper()
	t.Setenv("HOME", "/home/m.lee")
	b, now := schoolDay(t)
	b.Save(map[string]string{
		"server1.host": "smtp.gmail.com", "server1.port": "465", "server1.security": "tls", "server1.user": "library@school.example",
		"server1.signin": "google", "server1.client_id": "4711-library.apps.googleusercontent.com", "library.name": assets.SchoolName,
	})
	zone := dnstest.Zone{"school.example": {dnstest.MX(1, "aspmx.l.google.com"), dnstest.TXT("v=spf1 include:_spf.google.com ~all")}, "google._domainkey.school.example": {dnstest.Key()}}
	b.Sender.Use(realSender{sendercheck.New(sendercheck.Options{Now: func() time.Time { return now }, Resolver: dnstest.Start(t, zone.And(dnstest.Providers())).Resolver()})})
	_, w, p := settingsOn(t, b)
	relook(b)
	p.s.Set("server1.client_secret", "not shown")
	arrange(w)
	p.signIns[0].begin.press()
	b.SignIns.Answer(screen.Granted{User: "library@school.example"}, nil)
	b.Settle()
	inForce(t, b)
	relook(b)
	arrange(w)
	card, where := p.signIns[0].object, fyne.CurrentApp().Driver().AbsolutePositionForObject
	page := scrollAround(card)
	page.ScrollToOffset(fyne.NewPos(0, where(card).Y-where(page.Content).Y-2*controlHigh))
	picture(t, w, "sign-in")
	w.show("sender")
	b.Settle()
	press(t, w, "Check the sender")
	b.Settle()
	relook(b)
	picture(t, w, "sender-check")
	press(t, w, "Request for IT...")
	b.Settle()
	picture(t, w, "it-request")
}

func takeQueue(t *testing.T) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	everyState(t)(b)
	if err := b.Store.Beat(t.Context(), data.Heartbeat{Started: time.Now().Add(-time.Hour), LastCheck: time.Now(), NextCheck: time.Now().Add(time.Minute), Revision: 1}); err != nil {
		t.Fatal(err)
	}
	b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning, Auto: true})
	w := open(t, b)
	w.appearance.SetTheme(screen.ThemeDark)
	w.setLook()
	relook(b)
	w.show("queue")
	relook(b)
	picture(t, w, "queue")
	newMessagePanel(w, 2)
	relook(b)
	picture(t, w, "message")
}

// takeLibrary is the library's side with the sample school.
func takeLibrary(t *testing.T) {
	t.Helper()
	b, now := schoolDay(t)
	patrons, loans := assets.School(now)
	takeList(t, b, "patrons.csv", patrons, now)
	takeList(t, b, "loans.csv", loans, now)
	db, err := sql.Open("sqlite", b.Place().Database())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	morning := now.Add(-4 * time.Hour).UnixMilli() // the store believes no list that was made after its own time
	if _, err := db.ExecContext(t.Context(), `UPDATE import SET at = ?1, taken_at = ?1`, morning); err != nil {
		t.Fatal(err)
	}
	b.Save(map[string]string{"overdue.enabled": "true", "library.name": assets.SchoolName})
	if err := b.Store.SetNoticesFrom(t.Context(), data.DateOf(now)-7); err != nil {
		t.Fatal(err)
	}
	inForce(t, b)
	w := open(t, b)
	for _, name := range []string{"patrons", "letters", "notices"} {
		w.show(name)
		relook(b)
		arrange(w)
		switch name {
		case "letters":
			press(t, w, "Make the list")
		case "notices":
			press(t, w, "Rehearse")
		}
		relook(b)
		b.Settle()
		picture(t, w, name)
	}
}

// inForce is a service that works with the settings as they are stored.
func inForce(t *testing.T, b *screentest.Bench) {
	t.Helper()
	beat, err := b.Store.Heartbeat(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, beat.Revision, err = b.Store.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Store.Beat(t.Context(), beat); err != nil {
		t.Fatal(err)
	}
}

func takeList(t *testing.T, b *screentest.Bench, name string, text []byte, now time.Time) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := roster.Open(path, roster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	batch, questions, err := f.Read(t.Context(), f.Propose("").Mapping, data.DateOf(now))
	if err != nil || len(questions) > 0 {
		t.Fatal(err, questions)
	}
	old, err := b.Store.Roster(t.Context(), data.RosterQuery{WithLeft: true, Loans: true})
	if err != nil {
		t.Fatal(err)
	}
	revision, err := b.Store.RosterRevision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Store.Import(t.Context(), roster.Diff(batch, old, revision, data.DateOf(now)), nil); err != nil {
		t.Fatal(err)
	}
}
