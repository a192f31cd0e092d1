package gateway_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/service/relay/relaytest"
)

// ready is a library on Monday whose notices go out without a question.
func ready(t *testing.T, script relaytest.Script, settings ...string) *library {
	t.Helper()
	l := newLibrary(t, script, append(settings, "overdue.enabled", "true")...)
	l.school()
	l.lend(pat, "Peter Pan", 17)
	l.lend(oda, "Ivanhoe", 18)
	l.byHand("patrons.csv", l.patronsList())
	l.byHand("loans.csv", l.loansList())
	if err := l.store().Approve(t.Context(), l.clock()); err != nil {
		t.Fatal(err)
	}
	if err := l.store().SetNoticesFrom(t.Context(), data.DateOf(l.clock())); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestMornings(t *testing.T) {
	t.Run("a list that is written on and on keeps notices waiting, but not for ever", func(t *testing.T) {
		l := ready(t, relaytest.Script{})
		l.start()
		l.at(17, "08:30")
		text := l.loansList()
		write := l.writes("loans.csv")
		write(text[:100], false)
		for i, clock := range []string{"06:30", "06:36", "06:42", "06:47"} {
			l.at(18, clock)
			l.mails()
			write(text[100+i:101+i], false)
		}
		l.at(18, "06:52")
		l.mails("pat@school.org overdue-first: Peter Pan")
		write(text[104:], true)
		l.at(18, "07:00")
		l.at(18, "07:15")
		l.noted("07:00", "List of loans taken in by itself")
		l.mails()
		l.trouble("")
	})
	t.Run("a list cut short lets nothing count as returned: notices go by the one before while that is fresh", func(t *testing.T) {
		l := ready(t, relaytest.Script{})
		l.start()
		l.at(18, "01:00")
		l.put("loans.csv", l.loansList(), on(18, "02:00"))
		l.at(18, "02:01")
		l.at(18, "02:15")
		l.at(18, "06:30")
		l.mails("pat@school.org overdue-first: Peter Pan")
		l.at(19, "01:00")
		l.put("loans.csv", l.loansList()[:200], on(19, "02:00"))
		l.at(19, "02:01")
		l.at(19, "02:15")
		l.trouble("cut short")
		l.out("Peter Pan", "Ivanhoe")
		l.at(19, "06:30")
		l.mails("pat@school.org overdue-second: Peter Pan", "oda@school.org overdue-first: Ivanhoe")
		l.run(data.RunDone, "")
		l.trouble("cut short")
		l.once()
	})
	t.Run("held for old loans, it goes on by itself when a list comes in through the folder, and speaks of what that says", func(t *testing.T) {
		l := ready(t, relaytest.Script{})
		l.start()
		l.at(17, "08:30")
		l.close()
		l.set(on(19, "06:29"))
		l.start()
		l.at(19, "06:30")
		l.mails()
		l.run(data.RunHeld, "2 days old; 2 notices wait")
		l.trouble("2 days old; 2 notices wait")
		l.at(19, "09:59")
		l.back("Ivanhoe")
		l.put("loans.csv", l.loansList(), on(19, "10:00"))
		l.at(19, "10:01")
		l.at(19, "10:15")
		l.mails("pat@school.org overdue-second: Peter Pan")
		l.run(data.RunDone, "")
		l.trouble("")
		l.at(20, "06:30")
		l.mails()
		l.once()
	})
}

// crashed is where a program of its own finds its library, which then kills it.
const crashed = "GATEWAY_TEST_CRASH"

// TestNoticesCrash kills the program when the notices of a morning are queued and the first of them is about to leave.
func TestNoticesCrash(t *testing.T) {
	if dir := os.Getenv(crashed); dir != "" {
		stands := &library{t: t, place: place.At(dir), now: on(18, "06:30")}
		stands.start()
		<-t.Context().Done()
		return
	}
	child := make(chan *os.Process, 1)
	l := ready(t, relaytest.Script{Mail: func(string) error {
		if p := <-child; p != nil { // the first mail
			close(child)
			return p.Kill()
		}
		return nil
	}})
	var want []string
	for i := range 7 {
		title := fmt.Sprintf("Volume %c", 'A'+i)
		l.pupil("Kit", fmt.Sprint("Nr", i), fmt.Sprintf("kit%d@school.org", i), "")
		l.lend(len(l.pupils), title, 17)
		want = append(want, fmt.Sprintf("kit%d@school.org overdue-first: %s", i, title))
	}
	l.byHand("patrons.csv", l.patronsList())
	l.byHand("loans.csv", l.loansList())
	l.close()

	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoticesCrash$") //nolint:gosec // this program
	c.Env = append(os.Environ(), crashed+"="+l.place.Data)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	child <- c.Process
	if err := c.Wait(); err == nil {
		t.Fatal("it was not killed")
	}
	l.mails()
	l.set(on(18, "06:40"))
	l.start()
	l.at(18, "06:41")
	l.run(data.RunDone, "")
	l.noted("06:40", "1 deliveries may have arrived")
	for _, clock := range []string{"07:30", "08:00", "08:30"} {
		l.at(18, clock)
	}
	l.mails(append(want, "pat@school.org overdue-first: Peter Pan")...)
	l.once()
}
