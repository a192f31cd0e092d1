package notice_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// monday is 23 November 2026.
var monday = data.NewDate(2026, 11, 23)

func anna(change ...func(*data.Patron)) data.Patron {
	p := data.Patron{ID: 1, Key: "P1", First: "Anna", Last: "Berg", Group: "5b", Email: "anna@school.org", AutoOverdue: true}
	for _, c := range change {
		c(&p)
	}
	return p
}

func guardian(email string) data.Guardian { return data.Guardian{Email: email, Notices: true} }

func loan(key string, due data.Date) data.Loan {
	return data.Loan{Key: key, Title: "Title of " + key, Due: due}
}

// late is a loan by how many days it is late on monday.
func late(key string, days int) data.Loan { return loan(key, monday-data.Date(days)) }

// school is one patron with loans.
func school(p data.Patron, loans ...data.Loan) *data.Roster {
	for i := range loans {
		loans[i].Patron = p.ID
	}
	return &data.Roster{Patrons: []data.Patron{p}, Loans: map[int64][]data.Loan{p.ID: loans}, Health: map[string]data.AddressState{}}
}

func usual() data.Overdue {
	return data.Overdue{Enabled: true, Stages: "-3,+1,+3", CatchUpDays: 3, FreshDays: 1, Disclosure: data.DiscloseTitles}
}

func input(r *data.Roster, change ...func(*notice.Input)) notice.Input {
	in := notice.Input{Day: monday, Settings: usual(), Roster: r, Language: "en"}
	for _, c := range change {
		c(&in)
	}
	return in
}

func stages(s string) func(*notice.Input) {
	return func(in *notice.Input) { in.Settings.Stages = s }
}

func weekdays(mode string, closed ...data.Closed) func(*notice.Input) {
	return func(in *notice.Input) {
		in.Calendar = notice.Calendar{Mode: mode, Open: data.OpenDays{false, true, true, true, true, true, false}, Closed: closed}
	}
}

// said is an outcome on one line each: mails as "mail role to template: loans | also", paper likewise, rulings as
// "ruling role loan stage".
func said(out notice.Outcome) []string {
	keys := func(loans []data.Loan) string {
		var all []string
		for i := range loans {
			all = append(all, loans[i].Key)
		}
		return strings.Join(all, " ")
	}
	var lines []string
	for _, m := range out.Mails {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("mail %s %s %s: %s | %s", m.Role, strings.Join(m.To, ","), m.Template, keys(m.Loans), keys(m.Also))))
	}
	for _, m := range out.Print {
		lines = append(lines, fmt.Sprintf("paper %s %s: %s", m.Role, m.Template, keys(m.Loans)))
	}
	for _, d := range out.Decisions {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", d.Ruling, d.Role, d.Loan, d.Stage)))
	}
	return lines
}

func expect(t *testing.T, out notice.Outcome, want ...string) {
	t.Helper()
	if got := said(out); !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// tell enters what went out in the ledger, as the queue does.
func tell(ledger data.Ledger, out notice.Outcome) {
	for _, m := range out.Mails {
		for _, k := range m.Keys {
			ledger[k] = 7
		}
	}
}
