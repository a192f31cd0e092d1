package settle_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"smtpgateway/data"
)

func TestFiles(t *testing.T) {
	t.Run("the file of a message everybody got is gone", func(t *testing.T) {
		d := newDesk(t)
		d.message("a.tmp", data.Sent, data.Sent)
		if r := d.settle(); r.Settled != 2 || r.Removed != 1 || r.Returns != 0 || d.there("a.tmp") {
			t.Fatalf("%+v", r)
		}
		for _, o := range d.origins {
			if o.Gone.IsZero() {
				t.Fatal("the store does not know that it is gone")
			}
		}
	})
	t.Run("a file stays while something of its message is open", func(t *testing.T) {
		for _, open := range []data.State{data.Waiting, data.Sending, data.Held} {
			d := newDesk(t)
			d.message("a.tmp", data.Sent, data.Failed, open)
			if r := d.settle(); !d.there("a.tmp") || r.Returns != 1 {
				t.Fatalf("%s: %+v", open, r)
			}
			d.all[2].State = data.Sent
			if r := d.settle(); !d.there("a.BAD") || r.Returns != 0 || len(d.mails) != 1 {
				t.Fatalf("%s, then sent: %+v", open, r)
			}
		}
	})
	t.Run("16, 17 a failed message's file is BAD, and the reason names those who have not got it and no other", func(t *testing.T) {
		d := newDesk(t)
		d.message("a.tmp", data.Sent, data.Failed, data.Cancelled)
		if r := d.settle(); r.Bad != 1 || d.there("a.tmp") || d.text("a.BAD") != "content of a.tmp" {
			t.Fatalf("%+v", r)
		}
		text := d.text("a.BAD.txt")
		for _, want := range []string{`"a.tmp"`, "r1.2@school.org", "There is no such mailbox.", "550 5.1.1 no such user", "Correct the address.", "Cancelled by a person", "r1.3@school.org", "ends in .TMP", "\r\n"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is missing in %q", want, text)
			}
		}
		if strings.Contains(text, "r1.1@") || strings.Contains(text, "Private") {
			t.Errorf("too much is told: %q", text)
		}
		for _, o := range d.origins {
			if o.Name != "a.BAD" || !o.Gone.IsZero() {
				t.Errorf("%+v", o)
			}
		}
	})
	t.Run("a cancelled message's file is BAD, so that nothing is lost silently", func(t *testing.T) {
		d := newDesk(t)
		d.message("a.tmp", data.Cancelled)
		if r := d.settle(); r.Bad != 1 || r.Returns != 0 || !strings.Contains(d.text("a.BAD.txt"), "Cancelled by a person") {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("sent at last under its name of failure, both files are gone", func(t *testing.T) {
		d := newDesk(t)
		d.message("a.tmp", data.Failed)
		d.settle()
		d.all[0].State, d.all[0].Settled = data.Sent, false
		if r := d.settle(); r.Removed != 1 || d.there("a.BAD") || d.there("a.BAD.txt") {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("no file of another is written over", func(t *testing.T) {
		d := newDesk(t)
		d.must(os.WriteFile(d.path("a.BAD"), []byte("older"), 0o600))
		d.must(os.WriteFile(d.path("a~2.BAD.txt"), []byte("a person's"), 0o600))
		d.message("a.tmp", data.Failed)
		d.settle()
		if d.text("a.BAD") != "older" || d.text("a~2.BAD.txt") != "a person's" || d.text("a~3.BAD") != "content of a.tmp" || !d.there("a~3.BAD.txt") {
			t.Fatal("written over")
		}
	})
	t.Run("another file under the same name is neither removed nor renamed", func(t *testing.T) {
		for _, end := range []data.State{data.Sent, data.Failed} {
			d := newDesk(t)
			d.message("a.tmp", end)
			d.must(os.Remove(d.path("a.tmp")))
			d.must(os.WriteFile(d.path("a.tmp"), []byte("a new letter"), 0o600))
			if r := d.settle(); r.Removed+r.Bad != 0 || r.Settled != 1 || d.text("a.tmp") != "a new letter" {
				t.Fatalf("%s: %+v", end, r)
			}
		}
	})
	t.Run("a file renamed since the last look is found", func(t *testing.T) {
		d := newDesk(t)
		d.message("a.tmp", data.Sent)
		d.must(os.Rename(d.path("a.tmp"), d.path("b.eml")))
		if r := d.settle(); r.Removed != 1 || d.there("b.eml") {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a sent message's file goes at once, a failed one's not before the end of the check", func(t *testing.T) {
		d := newDesk(t)
		sent, failed := d.message("a.tmp", data.Sent), d.message("b.tmp", data.Failed)
		for _, id := range []int64{sent, failed} {
			if _, err := d.settler.Sent(context.Background(), id); err != nil {
				t.Fatal(err)
			}
		}
		if d.there("a.tmp") || !d.there("b.tmp") || !d.all[0].Settled || d.all[1].Settled {
			t.Fatal("not as promised")
		}
	})
	t.Run("48 with the folder away outcomes are told, and the files are finished when it is back", func(t *testing.T) {
		d := newDesk(t)
		d.message("a.tmp", data.Sent)
		d.message("b.tmp", data.Failed)
		d.closed = true
		if r := d.settle(); r.Settled != 2 || r.Returns != 1 || r.Folder == nil {
			t.Fatalf("%+v", r)
		}
		d.closed = false
		var left []data.Origin
		for _, o := range d.origins {
			left = append(left, o)
		}
		for range 2 {
			if _, err := d.settler.Finish(context.Background(), left); err != nil {
				t.Fatal(err)
			}
		}
		if d.there("a.tmp") || !d.there("b.BAD") || d.there("b~2.BAD") || len(d.mails) != 1 {
			t.Fatal("not finished")
		}
	})
	t.Run("files of the program's own origins are none", func(t *testing.T) {
		d := newDesk(t)
		id := d.message("", data.Sent)
		d.origins["log-1"] = data.Origin{Key: "log-1", Name: "a.tmp", Message: id}
		d.must(os.WriteFile(d.path("a.tmp"), nil, 0o600))
		if r := d.settle(); r.Removed != 0 || !d.there("a.tmp") {
			t.Fatalf("%+v", r)
		}
	})
}

func TestReturns(t *testing.T) {
	t.Run("one failed message is one report, to the From of the settings", func(t *testing.T) {
		d := newDesk(t)
		d.message("a.tmp", data.Failed, data.Failed, data.Sent)
		if r := d.settle(); r.Returns != 1 {
			t.Fatalf("%+v", r)
		}
		m := d.mails[0]
		if len(m.Recipients) != 1 || m.Recipients[0] != "library@school.org" || m.Class != data.ClassReturn || !m.NoReturn {
			t.Fatalf("%+v", m)
		}
		text := whole(t, m)
		if strings.Count(text, "message/delivery-status") != 1 || !strings.Contains(text, "r1.2@school.org") {
			t.Fatal(text)
		}
		if j := d.journal(); !strings.Contains(j, `The message in the file "a.tmp" could not be sent to r1.1@school.org, r1.2@school.org: There is no such mailbox.`) || d.lines[0].Event != 400 {
			t.Fatal(j)
		}
	})
	t.Run("several failed in one check are one digest", func(t *testing.T) {
		d := newDesk(t)
		for i := range 5 {
			d.message(fmt.Sprintf("%d.tmp", i), data.Failed)
		}
		if r := d.settle(); r.Returns != 1 || r.Settled != 5 {
			t.Fatalf("%+v", r)
		}
		if text := whole(t, d.mails[0]); strings.Count(text, "message/delivery-status") != 5 {
			t.Fatal(text)
		}
	})
	t.Run("the program's own mails, and those whose sender was empty, are never returned", func(t *testing.T) {
		d := newDesk(t)
		for _, class := range []data.Class{data.ClassTest, data.ClassReturn, data.ClassLog} {
			id := d.message("", data.Failed)
			m := d.messages[id]
			m.Class = class
			d.messages[id] = m
		}
		id := d.message("", data.Failed)
		m := d.messages[id]
		m.NoReturn = true
		d.messages[id] = m
		if r := d.settle(); r.Returns != 0 || r.Settled != 4 || strings.Count(d.journal(), "could not be sent") != 4 {
			t.Fatalf("%+v: %s", r, d.journal())
		}
	})
	t.Run("thousands of failures are told in digests of a size that can be sent", func(t *testing.T) {
		d := newDesk(t)
		for range 450 {
			d.message("", data.Failed)
		}
		if r := d.settle(); r.Returns != 3 || r.Settled != 450 {
			t.Fatalf("%+v", r)
		}
	})
}

// Killed at any step, the next start finishes: each file as it should be, one return mail, everything told once.
func TestCrashes(t *testing.T) {
	for _, after := range []bool{false, true} {
		for die := 1; ; die++ {
			d := newDesk(t)
			d.message("a.tmp", data.Sent)
			d.message("b.tmp", data.Failed, data.Sent)
			d.message("c.tmp", data.Failed)
			d.message("d.tmp", data.Cancelled)
			d.dieAt, d.after = die, after
			_, err := d.settler.Settle(context.Background(), d.settings, "pc.school.org")
			died := errors.Is(err, errDied)
			d.start()
			d.settle()
			d.settle()
			t.Run(fmt.Sprintf("killed at step %d, after it %v, the next start finishes", die, after), func(t *testing.T) {
				if d.there("a.tmp") || d.there("b.tmp") || d.there("c.tmp") || d.there("d.tmp") {
					t.Error("a file is not finished")
				}
				left, err := os.ReadDir(d.dir)
				if err != nil || len(left) != 6 {
					t.Errorf("%v, %v", left, err)
				}
				if len(d.mails) != 1 {
					t.Errorf("%d return mails", len(d.mails))
				}
				for _, row := range d.all {
					if !row.Settled {
						t.Errorf("%+v is not settled", row)
					}
				}
				if n := strings.Count(d.journal(), "could not be sent to"); n != 2 {
					t.Errorf("told %d times: %s", n, d.journal())
				}
			})
			if !died {
				break
			}
		}
	}
	t.Run("killed between the reason and the rename, the reason is used", func(t *testing.T) {
		d := newDesk(t)
		d.message("a.tmp", data.Failed)
		d.must(os.WriteFile(d.path("a.BAD.txt"), []byte("SMTP Gateway: about the file, half written"), 0o600))
		d.settle()
		if !d.there("a.BAD") || d.there("a~2.BAD") || !strings.Contains(d.text("a.BAD.txt"), "r1.1@school.org") {
			t.Fatal("a second reason stands there")
		}
	})
}
