package notice_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/quick"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// term is a random school: patrons with loans, settings, a calendar, and which days the computer was on.
type term struct {
	seed     uint64
	days     int
	on       []bool
	switched data.Date // when automatic notices were switched on
	in       notice.Input
}

func newTerm(seed uint64) term {
	r := rand.New(rand.NewPCG(seed, 1))
	t := term{seed: seed, days: 70}
	t.switched = monday + data.Date(r.IntN(20))
	roster := &data.Roster{Loans: map[int64][]data.Loan{}, Health: map[string]data.AddressState{}}
	for id := int64(1); id <= 6; id++ {
		p := anna()
		p.ID, p.Key = id, fmt.Sprint("P", id)
		p.Email = fmt.Sprintf("p%d@school.org", id)
		p.Guardians = []data.Guardian{guardian(fmt.Sprintf("g%d@x.org", id)), guardian(fmt.Sprintf("h%d@x.org", id))}
		roster.Patrons = append(roster.Patrons, p)
		for n := range r.IntN(5) {
			roster.Loans[id] = append(roster.Loans[id], loan(fmt.Sprintf("L%d.%d", id, n), monday+data.Date(r.IntN(t.days+20)-10)))
		}
	}
	for range t.days {
		t.on = append(t.on, r.IntN(3) > 0)
	}
	t.in = input(roster, stages([]string{"-3,+1,+3", "+1::both,+3:x:guardian,+7", "-7,-1,0,+1,+2,+14"}[r.IntN(3)]))
	t.in.Settings.CatchUpDays = r.IntN(6)
	weekdays([]string{data.CalendarIgnore, data.CalendarNext, data.CalendarCount}[r.IntN(3)],
		data.Closed{First: monday + 20, Last: monday + 20 + data.Date(r.IntN(16))}, data.Closed{First: monday + 25, Last: monday + 26})(&t.in)
	t.in.Start = t.switched
	return t
}

// told is one notice, and the day on which it was given.
type told struct {
	day data.Date
	key data.NoticeKey
}

// run goes through the days on which the computer was on, as mailing does: a day that rests counts as missed.
func (t *term) run(on func(n int) bool) (all []told, outcomes map[data.Date]notice.Outcome) {
	outcomes = map[data.Date]notice.Outcome{}
	ledger := data.Ledger{}
	last := t.switched - 1
	for n := range t.days {
		in := t.in
		in.Day, in.From, in.Ledger = monday+data.Date(n), last+1, ledger
		if in.Day < t.switched || !on(n) {
			continue
		}
		out := notice.Plan(in)
		outcomes[in.Day] = out
		for _, m := range out.Mails {
			for _, k := range m.Keys {
				all = append(all, told{in.Day, k})
			}
		}
		tell(ledger, out)
		if !in.Calendar.Rests(in.Day) {
			last = in.Day
		}
	}
	return all, outcomes
}

// dayOf is, written down a second time and more slowly, the day on which a stage is told.
func dayOf(c notice.Calendar, due data.Date, offset int) data.Date {
	switch c.Mode {
	case data.CalendarNext:
		return c.NextOpen(due + data.Date(offset))
	case data.CalendarCount:
		d, step := c.NextOpen(due), data.Date(1)
		if offset < 0 {
			step, offset = -1, -offset
		}
		for offset > 0 {
			if d += step; c.IsOpen(d) {
				offset--
			}
		}
		return d
	}
	return due + data.Date(offset)
}

func offsetOf(t *testing.T, stage string) int {
	t.Helper()
	all, err := data.ParseStages(stage)
	if err != nil || len(all) != 1 {
		t.Fatalf("%q is no stage", stage)
	}
	return all[0].Offset
}

func check(t *testing.T, promise func(term) bool) {
	t.Helper()
	// The seed stands in the failure, so that it can be run again.
	if err := quick.Check(func(seed uint64) bool { return promise(newTerm(seed)) }, &quick.Config{MaxCount: 400}); err != nil {
		t.Error(err)
	}
}

func TestEveryDayTellsEachStageOnce(t *testing.T) {
	check(t, func(term term) bool {
		all, _ := term.run(func(int) bool { return true })
		seen := map[data.NoticeKey]int{}
		for _, x := range all {
			seen[x.key]++
		}
		for key, n := range seen {
			if n > 1 {
				t.Logf("%+v was told %d times", key, n)
				return false
			}
		}
		end := monday + data.Date(term.days)
		for _, loans := range term.in.Roster.Loans {
			for _, l := range loans {
				days := map[data.Date]data.Stage{} // the later stage of a day speaks for the earlier
				for _, st := range term.in.Settings.StageList() {
					day := dayOf(term.in.Calendar, l.Due, st.Offset)
					early := l.Due + data.Date(st.Offset)
					if term.in.Calendar.Mode != data.CalendarNext {
						early = day
					}
					passed := st.Offset <= 0 && day > dayOf(term.in.Calendar, l.Due, 0)
					if day < end && early >= term.switched && !passed {
						days[day] = st
					} else if day < end {
						delete(days, day)
					}
				}
				for day, st := range days {
					role := data.RolePatron
					if st.Audience == data.ToGuardian {
						role = data.RoleGuardian
					}
					key := data.NoticeKey{Loan: l.Key, Due: l.Due, Stage: st.Name(), Role: role}
					if !slices.Contains(all, told{day, key}) {
						t.Logf("%s: %+v was not told (%s, closed %v)", day, key, term.in.Calendar.Mode, term.in.Calendar.Closed)
						return false
					}
					seen[key] = 0
				}
			}
		}
		for key, n := range seen {
			if n > 0 && key.Role == data.RolePatron {
				t.Logf("%+v was told on no day of its own", key)
				return false
			}
		}
		return true
	})
}

func TestAnyDaysTellNothingOldAndOneStageALoan(t *testing.T) {
	check(t, func(term term) bool {
		all, outcomes := term.run(func(n int) bool { return term.on[n] })
		for _, x := range all {
			day := dayOf(term.in.Calendar, x.key.Due, offsetOf(t, x.key.Stage))
			age := int(x.day - day)
			if term.in.Calendar.Mode != data.CalendarIgnore {
				age = term.in.Calendar.OpenDaysBetween(day, x.day)
			}
			if age < 0 || age > term.in.Settings.CatchUpDays || day < term.switched || term.in.Calendar.Rests(x.day) {
				t.Logf("%+v on %s is %d days old (switched on %s)", x.key, x.day, age, term.switched)
				return false
			}
		}
		for day, out := range outcomes {
			stage := map[string]string{}
			for _, m := range out.Mails {
				for _, k := range m.Keys {
					if had := stage[k.Loan]; had != "" && had != k.Stage {
						t.Logf("%s: %s is told %s and %s", day, k.Loan, had, k.Stage)
						return false
					}
					stage[k.Loan] = k.Stage
				}
			}
		}
		seen := map[data.NoticeKey]bool{}
		for _, x := range all {
			if seen[x.key] {
				t.Logf("%+v was told twice", x.key)
				return false
			}
			seen[x.key] = true
		}
		return true
	})
}

func TestTheOrderOfTheListsDoesNotMatter(t *testing.T) {
	check(t, func(term term) bool {
		in := term.in
		in.Day, in.From, in.Start = term.switched+30, term.switched+20, 0
		want := said(notice.Plan(in))
		r := rand.New(rand.NewPCG(term.seed, 2))
		mixed := *in.Roster
		mixed.Patrons = slices.Clone(mixed.Patrons)
		r.Shuffle(len(mixed.Patrons), func(i, j int) {
			mixed.Patrons[i], mixed.Patrons[j] = mixed.Patrons[j], mixed.Patrons[i]
		})
		mixed.Loans = map[int64][]data.Loan{}
		for id, loans := range in.Roster.Loans {
			loans = slices.Clone(loans)
			r.Shuffle(len(loans), func(i, j int) { loans[i], loans[j] = loans[j], loans[i] })
			mixed.Loans[id] = loans
		}
		in.Roster = &mixed
		return slices.Equal(want, said(notice.Plan(in)))
	})
}
