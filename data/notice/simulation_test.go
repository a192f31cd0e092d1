package notice_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// TestATerm goes through the autumn of 2026 day by day: a calendar read from a file, a computer that is off over the
// week-ends and a few days besides, books that come back and books that are renewed.
func TestATerm(t *testing.T) {
	closed, err := notice.ReadCalendar("autumn.csv", strings.NewReader("first,last,name\n2026-10-19,2026-10-31,Autumn holidays\n2026-12-23,2027-01-02,Christmas"),
		data.NewDate(2026, time.August, 1), data.NewDate(2027, time.July, 31))
	if err != nil {
		t.Fatal(err)
	}
	on := func(month time.Month, day int) data.Date { return data.NewDate(2026, month, day) }
	ben := anna(func(p *data.Patron) { p.ID, p.Key, p.First, p.Email = 2, "P2", "Ben", "ben@school.org" })
	cleo := anna(func(p *data.Patron) {
		p.ID, p.Key, p.First, p.Email, p.Guardians = 3, "P3", "Cleo", "", []data.Guardian{guardian("mum@x.org")}
	})
	loans := map[string]*data.Loan{}
	add := func(p data.Patron, key string, due data.Date) {
		l := loan(key, due)
		l.Patron = p.ID
		loans[key] = &l
	}
	add(anna(), "atlas", on(time.September, 16)) // a Wednesday
	add(anna(), "novel", on(time.October, 16))   // the last Friday before the holidays
	add(ben, "comic", on(time.October, 21))      // in the holidays
	add(ben, "map", on(time.September, 25))      // a Friday
	add(cleo, "poems", on(time.November, 11))

	ledger := data.Ledger{}
	last := data.Date(0)
	var got []string
	for day := on(time.September, 1); day <= on(time.December, 22); day++ {
		switch day { // what happened at the desk since yesterday
		case on(time.September, 18):
			was := *loans["atlas"]
			was.Due = on(time.October, 9) // renewed after the first notice
			loans["atlas"] = &was
		case on(time.October, 8):
			delete(loans, "atlas")
		case on(time.November, 4):
			delete(loans, "novel")
		}
		if wd := day.Weekday(); wd == time.Saturday || wd == time.Sunday || day >= on(time.November, 10) && day <= on(time.November, 13) {
			continue // the computer is off
		}
		in := input(&data.Roster{Patrons: []data.Patron{cleo, ben, anna()}, Loans: map[int64][]data.Loan{}, Health: map[string]data.AddressState{}},
			stages("-3,+1::guardian-if-none,+3::guardian-if-none"), weekdays(data.CalendarNext, closed...))
		for _, key := range []string{"poems", "map", "comic", "novel", "atlas"} {
			if l := loans[key]; l != nil {
				in.Roster.Loans[l.Patron] = append(in.Roster.Loans[l.Patron], *l)
			}
		}
		in.Day, in.From, in.Start, in.Ledger = day, last+1, on(time.September, 1), ledger
		if last == 0 {
			in.From = day
		}
		out := notice.Plan(in)
		for _, line := range said(out) {
			if strings.HasPrefix(line, "mail") || strings.HasPrefix(line, "paper") {
				got = append(got, fmt.Sprintf("%s %s", day, line))
			}
		}
		tell(ledger, out)
		if !in.Calendar.Rests(day) {
			last = day
		}
	}
	want := []string{
		"2026-09-14 mail patron anna@school.org due-soon: atlas | novel", // 13 September is a Sunday
		"2026-09-17 mail patron anna@school.org overdue-first: atlas | novel",
		"2026-09-22 mail patron ben@school.org due-soon: map | comic",
		"2026-09-28 mail patron ben@school.org overdue-second: map | comic", // the first day's fell on Saturday, the third's on Monday
		"2026-10-06 mail patron anna@school.org due-soon: atlas | novel",    // renewed: another due date
		"2026-10-13 mail patron anna@school.org due-soon: novel |",
		"2026-11-02 mail patron anna@school.org overdue-second: novel |",
		"2026-11-02 mail patron ben@school.org overdue-second: comic | map", // all of the holidays' in one
		"2026-11-09 paper patron due-soon: poems",                           // 8 November is a Sunday
		"2026-11-16 mail guardian mum@x.org overdue-second: poems |",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
