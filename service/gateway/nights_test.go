package gateway_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/relay/relaytest"
)

// TestFiveNights lives with a library system that exports its lists each evening at half past eleven, from a Monday to the
// Monday after. Notices go out at half past six, and speak of what is due in three days, was due yesterday, or the day before.
func TestFiveNights(t *testing.T) {
	var full atomic.Pointer[string] // whose mailbox takes nothing for now
	nobody := ""
	full.Store(&nobody)
	l := newLibrary(t, relaytest.Script{Rcpt: func(to string) error {
		switch to {
		case "eve@school.org", "noa@school.org":
			return relaytest.Reply(550, "5.1.1", "No such user")
		case *full.Load():
			return relaytest.Reply(450, "4.2.1", "Try again later")
		}
		return nil
	}})
	fills := func(address string) { full.Store(&address) }
	night := func(evening int) { // the lists of an evening
		l.set(on(evening, "23:29"))
		l.put("patrons.csv", l.patronsList(), on(evening, "23:30"))
		l.put("loans.csv", l.loansList(), on(evening, "23:30"))
		l.at(evening, "23:32")
		l.at(evening, "23:45")
	}
	then := func(promise string, f func()) { // each night goes by what the nights before left
		t.Helper()
		ok := t.Run(promise, func(t *testing.T) { l.t = t; f() })
		if l.t = t; !ok {
			t.FailNow()
		}
	}
	l.school()
	l.lend(ben, "Dune", 16)
	l.lend(mia, "Emma", 20)
	l.lend(eve, "Heidi", 17)
	l.lend(noa, "Nils", 17)
	l.lend(kim, "Kon-Tiki", 17)
	l.lend(oda, "Ivanhoe", 17)
	l.lend(pat, "Peter Pan", 17)
	l.lend(leo, "Lassie", 18)
	l.byHand("patrons.csv", l.patronsList())
	l.byHand("loans.csv", l.loansList())
	l.start()
	l.at(17, "08:30")
	l.mails()

	then("day 0: switched on, the first notices wait for a yes, and then go out", func() {
		l.save(map[string]string{"overdue.enabled": "true"})
		l.at(17, "09:00")
		l.mails()
		l.trouble("2 notices wait for your yes")
		l.yes(l.run(data.RunAwaiting, "first run for real"))
		l.at(17, "09:10")
		l.mails("ben@school.org overdue-first: Dune", "mia@school.org due-soon: Emma")
		l.run(data.RunDone, "")
		l.trouble("")
	})
	then("night 1: notices wait for the list that is just being written, and speak of what it says", func() {
		l.back("Dune")
		l.renew("Ivanhoe", 24)
		l.lend(mia, "Momo", 21)
		fills("kim@school.org")
		text := l.loansList()
		write := l.writes("loans.csv")
		l.set(on(18, "06:24"))
		write(text[:len(text)/2], false)
		l.at(18, "06:25")
		l.put("patrons.csv", l.patronsList(), on(18, "06:25"))
		l.at(18, "06:30")
		write(text[len(text)/2:len(text)*3/4], false)
		l.at(18, "06:35")
		l.mails()
		l.noted("06:25", "List of patrons taken in by itself")
		write(text[len(text)*3/4:], true)
		for _, clock := range []string{"06:40", "06:43", "06:46"} {
			l.at(18, clock)
		}
		l.mails("mia@school.org due-soon: Momo (Emma)", "pat@school.org overdue-first: Peter Pan", "library@school.org return mail")
		l.out("Emma", "Heidi", "Nils", "Kon-Tiki", "Ivanhoe", "Peter Pan", "Lassie", "Momo")
		l.waiting("kim@school.org")
		l.noted("06:35", "List of loans taken in by itself")
		l.noted("06:35", "Notices of 2025-11-18: 5 queued, 0 to print")
		l.dead("eve@school.org", "noa@school.org")
		l.paper(l.run(data.RunDone, ""))
		l.trouble("")
	})
	then("night 2: who left the school gets nothing more, and a dead address is written to once", func() {
		l.leaves(kim)
		l.lend(ben, "Robinson", 19)
		l.lend(pat, "Puck", 23)
		night(18)
		l.mails()
		l.waiting()
		l.noted("23:30", "cancelled")
		fills("pat@school.org")
		l.restart()
		l.at(19, "06:30")
		l.mails("dunn@home.org overdue-second: Heidi")
		l.waiting("pat@school.org")
		l.paper(l.run(data.RunDone, ""), "Leo", "Noa")
		l.trouble("")
	})
	then("night 3: a list cut short is held with an alarm, and notices of old loans are held", func() {
		all := strings.SplitAfter(l.loansList(), "\n")
		l.set(on(19, "23:29"))
		l.put("patrons.csv", l.patronsList(), on(19, "23:30"))
		l.put("loans.csv", strings.Join(all[:len(all)/3], ""), on(19, "23:30"))
		l.at(19, "23:32")
		l.at(19, "23:45")
		l.trouble("may be cut short")
		l.noted("23:30", "was not taken in")
		l.out("Emma", "Heidi", "Nils", "Kon-Tiki", "Ivanhoe", "Peter Pan", "Lassie", "Momo", "Robinson", "Puck")
		l.waiting("pat@school.org")
		l.at(20, "06:30")
		l.mails()
		l.run(data.RunHeld, "2 days old; 2 notices wait")
		l.noted("06:30", "2 days old; 2 notices wait")
		l.restart()
		l.at(20, "12:00")
		l.mails()
		l.trouble("may be cut short")
		l.waiting("pat@school.org")
	})
	then("night 4: a good list ends the alarm, and the morning makes up for the day before with the latest stage only", func() {
		l.back("Peter Pan")
		night(20)
		l.trouble("")
		l.waiting()
		fills("")
		l.mails()
		l.noted("23:30", "Lists are taken in by themselves again")
		l.noted("23:30", "cancelled")
		l.restart()
		l.at(21, "03:00")
		l.mails()
		l.at(21, "06:30")
		l.mails("ben@school.org overdue-second: Robinson", "pat@school.org due-soon: Puck", "mia@school.org overdue-first: Emma (Momo)", "oda@school.org due-soon: Ivanhoe")
		l.paper(l.run(data.RunDone, ""), "Leo")
		l.trouble("")
	})
	then("night 5: nothing goes out while the library is closed, and on Monday one mail to each", func() {
		l.back("Puck")
		l.lend(oda, "Oliver", 25)
		night(21)
		l.at(22, "06:30")
		l.mails()
		l.run(data.RunDone, "")
		l.restart()
		l.at(23, "06:30")
		l.mails()
		l.at(24, "06:30")
		l.mails("mia@school.org overdue-second: Emma, Momo", "oda@school.org due-soon: Oliver (Ivanhoe)")
		l.trouble("")
	})
	then("nothing went twice", func() {
		l.once()
	})
}
