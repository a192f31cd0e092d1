package main

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store/storetest"
	"smtpgateway/service/relay/relaytest"
)

// TestNoticesKilled kills the program in the middle of a run, as a power cut does.
func TestNoticesKilled(t *testing.T) {
	const people = 1500
	exe := program(t)
	s := relaytest.Start(t, relaytest.Script{})
	d := newDesk(t, librarySettings(s, "overdue.enabled=true")...)
	d.withLibrary(func(l *storetest.Library) {
		var loans []data.Loan
		for i, id := range l.Class(people) {
			loans = append(loans, data.Loan{Patron: id, Key: fmt.Sprint(i), Title: "A book", Due: l.Today() - 1})
		}
		l.Lent(loans...)
		if err := l.Approve(t.Context(), l.Now()); err != nil {
			t.Fatal(err)
		}
		waiting := func() int64 {
			n, err := l.Counts(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return n[data.Waiting]
		}
		for before := waiting(); before < people/2; before = waiting() {
			c := exec.Command(exe, "--data", d.data, "notices", "run")
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			look := time.NewTicker(2 * time.Millisecond)
			for waiting() <= before {
				<-look.C
			}
			look.Stop()
			_ = c.Process.Kill()
			_ = c.Wait()
			if waiting() == people {
				t.Fatal("it was done before it could be killed")
			}
		}
	})
	out, err := exec.Command(exe, "--data", d.data, "--json", "notices", "run").Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var r data.Run
	if err := json.Unmarshal(out, &r); err != nil || r.State != data.RunDone || r.Queued != people || r.Planned != people {
		t.Fatalf("%+v %v", r, err)
	}
	d.withLibrary(func(l *storetest.Library) {
		seen := make(map[string]int)
		for _, e := range l.Waiting() {
			seen[e.Recipient]++
		}
		if len(seen) != people {
			t.Fatalf("%d people of %d", len(seen), people)
		}
		for to, n := range seen {
			if n != 1 {
				t.Fatalf("%s gets %d mails", to, n)
			}
		}
	})
}
