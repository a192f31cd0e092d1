package notice_test

import (
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// monday is 23 November 2026.
var monday = data.NewDate(2026, 11, 23)

func anna() data.Patron {
	return data.Patron{ID: 1, Key: "P1", First: "Anna", Last: "Berg", Group: "5b", Email: "anna@school.org", AutoOverdue: true}
}

func loan(key string, due data.Date) data.Loan {
	return data.Loan{Key: key, Title: "Title of " + key, Due: due}
}

// school is one patron with loans.
func school(p data.Patron, loans ...data.Loan) *data.Roster {
	for i := range loans {
		loans[i].Patron = p.ID
	}
	return &data.Roster{Patrons: []data.Patron{p}, Loans: map[int64][]data.Loan{p.ID: loans}}
}

func usual() data.Overdue {
	return data.Overdue{Enabled: true, Stages: "-3,+1,+3", CatchUpDays: 3, FreshDays: 1, Disclosure: data.DiscloseTitles}
}

func input(r *data.Roster) notice.Input {
	return notice.Input{Day: monday, Settings: usual(), Roster: r, Language: "en"}
}

func TestPlanTellsTheTechNotesDays(t *testing.T) {
	for offset := -10; offset <= 10; offset++ {
		want := map[int]string{-3: "due-soon", 1: "overdue-first", 3: "overdue-second"}[offset]
		out := notice.Plan(input(school(anna(), loan("L1", monday-data.Date(offset)))))
		got := ""
		if len(out.Mails) == 1 {
			got = out.Mails[0].Template
		}
		if got != want || len(out.Mails) > 1 {
			t.Errorf("%+d days: told %q (%d mails), want %q", offset, got, len(out.Mails), want)
		}
	}
}
