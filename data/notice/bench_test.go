package notice_test

import (
	"fmt"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// bigSchool has 50,000 patrons with 4 loans each, due over 60 days around monday.
func bigSchool() *data.Roster {
	r := &data.Roster{Patrons: make([]data.Patron, 50_000), Loans: make(map[int64][]data.Loan, 50_000)}
	for i := range r.Patrons {
		id := int64(i + 1)
		r.Patrons[i] = data.Patron{
			ID: id, Key: fmt.Sprint(id), First: "Anna", Last: fmt.Sprint("Berg", id), Group: fmt.Sprint(i % 200), Email: fmt.Sprintf("p%d@school.org", id),
			AutoOverdue: true, Guardians: []data.Guardian{guardian(fmt.Sprintf("g%d@x.org", id))},
		}
		for n := range 4 {
			r.Loans[id] = append(r.Loans[id], loan(fmt.Sprintf("%d.%d", id, n), monday-30+data.Date((i*7+n*13)%60)))
		}
	}
	return r
}

func BenchmarkPlan(b *testing.B) {
	r := bigSchool()
	everything := data.Closed{First: monday - 28, Last: monday - 1}
	for name, change := range map[string]func(*notice.Input){
		"day":      func(*notice.Input) {},
		"catch-up": func(in *notice.Input) { in.From = monday - 3 },
		"count":    weekdays(data.CalendarCount, data.Closed{First: monday - 20, Last: monday - 10}),
		"holidays": func(in *notice.Input) {
			weekdays(data.CalendarNext, everything)(in)
			stages("-3,+1::both,+3::both")(in)
		},
	} {
		b.Run(name, func(b *testing.B) {
			in := input(r, change)
			b.ReportAllocs()
			for b.Loop() {
				if out := notice.Plan(in); len(out.Mails) == 0 {
					b.Fatal("nobody is told")
				}
			}
		})
	}
}

func BenchmarkLetters(b *testing.B) {
	r := bigSchool()
	b.ReportAllocs()
	for b.Loop() {
		out := notice.Letters(notice.LetterInput{Day: monday, Template: "overdue-first", Audience: data.ToPatron, Which: notice.WhichOverdue, Roster: r})
		if len(out.Mails) == 0 {
			b.Fatal("nobody is told")
		}
	}
}
