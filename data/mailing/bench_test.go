package mailing_test

import (
	"fmt"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store/storetest"
)

// bigSchool has people with some loans each; the first loan of every so many of them is a day late.
func bigSchool(b *testing.B, people, loansEach, lateEvery int) (*storetest.Library, *mailing.Mailer, *data.Settings) {
	b.Helper()
	at := time.Date(2026, 11, 24, 7, 0, 0, 0, time.Local)
	l := storetest.New(b, at)
	today := l.Today()
	set := &data.ChangeSet{Batch: &data.Batch{Kind: data.RosterPatrons, Taken: at, Known: map[string]bool{"key": true, "first": true, "last": true, "email": true, "group": true, "auto_overdue": true}}}
	for i := range people {
		set.New = append(set.New, data.Changed{After: &data.Patron{
			Key: fmt.Sprintf("P%06d", i), First: fmt.Sprintf("First%d", i%997), Last: fmt.Sprintf("Last%d", i), Group: fmt.Sprintf("%dA", i%40), Email: fmt.Sprintf("p%d@school.org", i), AutoOverdue: true,
		}})
	}
	if _, err := l.Import(b.Context(), set, nil); err != nil {
		b.Fatal(err)
	}
	base, err := l.RosterRevision(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	set = &data.ChangeSet{Base: base, Batch: &data.Batch{Kind: data.RosterLoans, Taken: at, Known: map[string]bool{"loan": true, "title": true, "due": true}}}
	for i := range people * loansEach {
		who := i / loansEach
		due := today + data.Date(5+i%20)
		if i%loansEach == 0 && who%lateEvery == 0 {
			due = today - 1
		}
		set.New = append(set.New, data.Changed{Owner: fmt.Sprintf("P%06d", who), Is: &data.Loan{Key: fmt.Sprintf("L%d", i), Title: fmt.Sprintf("Title of book %d", i), Barcode: fmt.Sprint(1000000 + i), Due: due}})
	}
	if _, err := l.Import(b.Context(), set, nil); err != nil {
		b.Fatal(err)
	}
	s, _ := data.ParseSettings(map[string]string{
		"server1.host": "mail.example.org", "from.address": "library@example.org", "overdue.enabled": "true", "practice.letters": "false", "overdue.flood": "0", "overdue.fresh_days": "60",
	})
	if err := l.Approve(b.Context(), at); err != nil {
		b.Fatal(err)
	}
	return l, mailing.New(mailing.Options{Store: l, Now: l.Now}), &s
}

// BenchmarkQueue puts 10,000 letters into the queue; the goal is 10 s.
func BenchmarkQueue(b *testing.B) {
	for b.Loop() {
		b.StopTimer() // who has the letter waiting gets no second one: each turn is another school's
		_, m, s := bigSchool(b, 10_000, 2, 1)
		b.StartTimer()
		batch, err := m.Prepare(b.Context(), s, mailing.Choice{Template: "overdue-first"})
		if err != nil {
			b.Fatal(err)
		}
		sent, err := m.Queue(b.Context(), s, batch, nil)
		if err != nil || sent.Queued != 10_000 {
			b.Fatal(sent, err)
		}
	}
}

// BenchmarkRehearse looks through 50,000 patrons and 200,000 loans; the goal is 1 s.
func BenchmarkRehearse(b *testing.B) {
	_, m, s := bigSchool(b, 50_000, 4, 20)
	for b.Loop() {
		r, err := m.Rehearse(b.Context(), s, data.NewDate(2026, 11, 24))
		if err != nil || len(r.Mails) < 2000 {
			b.Fatal(len(r.Mails), err)
		}
	}
}

// BenchmarkRun makes and queues the 2,500 notices of a day of such a school.
func BenchmarkRun(b *testing.B) {
	l, m, s := bigSchool(b, 50_000, 4, 20)
	for b.Loop() {
		r, err := m.Run(b.Context(), s, mailing.Order{Day: l.Today()})
		if err != nil || r.State != data.RunDone {
			b.Fatal(r, err)
		}
		b.ReportMetric(float64(r.Queued), "notices")
		b.StopTimer()
		l.Set(l.Now().AddDate(0, 0, 7))
		b.StartTimer()
	}
}

// BenchmarkRecheck looks at 10,000 waiting letters of which nothing changed.
func BenchmarkRecheck(b *testing.B) {
	l, m, s := bigSchool(b, 10_000, 2, 1)
	if _, err := m.Run(b.Context(), s, mailing.Order{Day: l.Today()}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if r, err := m.Recheck(b.Context(), s); err != nil || r != (mailing.Rechecked{}) {
			b.Fatal(r, err)
		}
	}
}

// BenchmarkReword puts 10,000 notices that waited a night into the words of the new day.
func BenchmarkReword(b *testing.B) {
	l, m, s := bigSchool(b, 10_000, 2, 1)
	if _, err := m.Run(b.Context(), s, mailing.Order{Day: l.Today()}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		l.Set(l.Now().AddDate(0, 0, 1))
		if r, err := m.Recheck(b.Context(), s); err != nil || r.Reworded != 10_000 {
			b.Fatal(r, err)
		}
	}
}
