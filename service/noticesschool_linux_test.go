package main

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/store/storetest"
	"smtpgateway/service/gateway/school"
)

// TestNoticesSchool takes a notice from the list of loans to the mailbox of a reader, through a real Postfix.
func TestNoticesSchool(t *testing.T) {
	s := school.Start(t)
	exe := program(t)
	d := newDesk(t, "server1.host="+s.Host, "server1.port="+strconv.Itoa(s.SubmissionPort), "server1.user="+s.User, "server1.password="+s.Password,
		"from.address=library@example.org", "from.name=School Library", "from.reply_to=desk@example.org", "library.name=The School Library", "log.daily_at=",
		"test_to=tester@example.org", "overdue.at=00:00", "overdue.enabled=true", "overdue.stages=+1:overdue-first:both", "overdue.disclosure=titles")
	run := func(args ...string) string {
		t.Helper()
		c := exec.Command(exe, append([]string{"--data", d.data}, args...)...)
		c.Env = append(os.Environ(), "SSL_CERT_FILE="+s.CAFile)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	var dune, emma data.Loan
	d.withLibrary(func(l *storetest.Library) {
		ben := l.Patron(data.Patron{
			Key: "B1", First: "Bén", Last: "Müller", Group: "7B", Email: "ben@example.org", AutoOverdue: true,
			Guardians: []data.Guardian{{Name: "Mona Müller", Email: "mona@example.org", Notices: true}},
		})
		dune = data.Loan{Patron: ben, Key: "a", Title: "Dune & <Söhne>", Due: l.Today() - 1}
		emma = data.Loan{Patron: ben, Key: "b", Title: "Emma", Due: l.Today() - 1}
		l.Lent(dune, emma)
	})
	t.Run("in practice the tester gets it, and nobody else", func(t *testing.T) {
		run("notices", "run")
		run("once")
		for _, letter := range s.Arrived(t, "tester@example.org", 2) {
			if text := string(letter.Raw); !strings.Contains(text, "[Practice]") || !strings.Contains(text, "PRACTICE") {
				t.Fatal(text)
			}
		}
	})
	t.Run("approved, patron and guardian each get theirs, without the book that is back", func(t *testing.T) {
		run("notices", "approve") // the end of practice
		if code, out, _ := d.run("notices", "run"); code != exitNo || !strings.Contains(out, "The first run for real") {
			t.Fatal(code, out)
		}
		run("notices", "approve") // the yes to that run
		d.withLibrary(func(l *storetest.Library) { l.Lent(dune) })
		run("once")
		for _, to := range []string{"ben@example.org", "mona@example.org"} {
			text := strings.ReplaceAll(string(s.Arrived(t, to, 1)[0].Raw), "=\n", "")
			for _, want := range []string{
				"From: School Library <library@example.org>", "Reply-To: ", "desk@example.org", "Auto-Submitted: auto-generated", "multipart/alternative", "Dune & <S=C3=B6hne>", "Dune &amp; &lt;S=C3=B6hne&gt;",
				"The School Library", "@example.org>\n",
			} {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing", want)
				}
			}
			if strings.Contains(text, "Emma") || strings.Contains(text, "PRACTICE") {
				t.Error("a book that is back, or a banner, is in it")
			}
			if t.Failed() {
				t.Fatal(text)
			}
		}
	})
	t.Run("on the same day nothing comes twice", func(t *testing.T) {
		run("notices", "run")
		if out := run("once"); !strings.Contains(out, "nothing to do") {
			t.Fatal(out)
		}
	})
}
