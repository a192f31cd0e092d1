package screen_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

func onePatron(t *testing.T, b *screentest.Bench, key string) *screen.Patron {
	t.Helper()
	p := screen.NewPatron(b.Desk, b.PatronByKey(key))
	b.Watch(p.Refresh)
	p.Refresh(screen.Change{Store: true})
	b.Settle()
	if e := p.Problem(); e != nil || !p.Loaded() {
		t.Fatal(e)
	}
	return p
}

func stored(t *testing.T, b *screentest.Bench, key string) data.Patron {
	t.Helper()
	got, err := b.Store.Patron(t.Context(), b.PatronByKey(key))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestPatronForm(t *testing.T) {
	t.Run("what is typed is stored by Save and not before, blanks nobody meant aside", func(t *testing.T) {
		b := smallSchool(t)
		p := onePatron(t, b, "1003")
		for name, v := range map[string]string{"first": " Cleo  Ann ", "last": "Marsh-Lee", "group": "8B", "level": "8", "email": " cleo@school.test ", "card": "0001", "language": "fr", "address": "1 Mill Lane\nNewtown "} {
			p.Set(name, v)
		}
		p.SetAuto(true)
		p.AddGuardian()
		p.SetGuardian(0, screen.Guardian{Name: "Lee Marsh", Email: "lee@home.test", Role: "father", Notices: true})
		if !p.Dirty() || stored(t, b, "1003").First != "Cleo" {
			t.Fatal("it was stored before Save")
		}
		ok := false
		p.Save(func(done bool) { ok = done })
		b.Settle()
		got := stored(t, b, "1003")
		if !ok || p.Dirty() || got.Name() != "Cleo Ann Marsh-Lee" || got.Group != "8B" || got.Email != "cleo@school.test" || got.Card != "0001" || got.Language != "fr" || got.Address != "1 Mill Lane\nNewtown" || !got.AutoOverdue ||
			len(got.Guardians) != 1 || got.Guardians[0] != (data.Guardian{Name: "Lee Marsh", Email: "lee@home.test", Role: "father", Notices: true}) {
			t.Errorf("%v %+v %+v", ok, p.Said(), got)
		}
	})
	t.Run("what Save would refuse is said as it is typed, and nothing is stored", func(t *testing.T) {
		b := smallSchool(t)
		for _, c := range []struct {
			field, value, want string
		}{
			{"email", "ada at school", "is not an e-mail address"},
			{"email", "ada@@school.test", "is not an e-mail address"},
			{"email", "ada@school.test\r\nBcc: x@y.test", "is not an e-mail address"},
			{"group", "7B\x00", "invisible"},
			{"group", strings.Repeat("g", 61), "longer than 60"},
			{"card", "12\u202e34", "invisible"},
			{"first", strings.Repeat("é", 101), "longer than 100"},
			{"address", strings.Repeat("line\n", 101), "longer than 500"},
		} {
			p := onePatron(t, b, "1001")
			p.Set(c.field, c.value)
			if n := p.Note(c.field); !n.Wrong || !strings.Contains(n.Text, c.want) {
				t.Errorf("%s %q: %+v", c.field, c.value, n)
			}
			done, ok := false, true
			p.Save(func(is bool) { done, ok = true, is })
			b.Settle()
			if !done || ok || p.Wrong() != c.field || !p.Said().Bad {
				t.Errorf("%s %q: %v %v %s %+v", c.field, c.value, done, ok, p.Wrong(), p.Said())
			}
		}
		if got := stored(t, b, "1001"); got.Email != "ada@school.test" || got.Group != "7B" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("a guardian without an address, or with one that stands there twice, is refused", func(t *testing.T) {
		p := onePatron(t, smallSchool(t), "1001")
		p.AddGuardian()
		if p.Wrong() != "guardian 2" {
			t.Error(p.Wrong())
		}
		p.SetGuardian(2, screen.Guardian{Email: "NINA@home.test"})
		if n := p.GuardianNote(2); !n.Wrong || p.Wrong() != "guardian 2" {
			t.Error(n)
		}
		p.RemoveGuardian(2)
		if p.Wrong() != "" || p.Dirty() {
			t.Error(p.Wrong(), p.Dirty())
		}
	})
	t.Run("nobody is stored without a name", func(t *testing.T) {
		p := onePatron(t, smallSchool(t), "1001")
		p.Set("first", " ")
		p.Set("last", "")
		if n := p.Note("last"); !n.Wrong || p.Wrong() != "last" {
			t.Error(n, p.Wrong())
		}
	})
	t.Run("a new patron is known by the card where there is no number", func(t *testing.T) {
		b := smallSchool(t)
		p := screen.NewPatron(b.Desk, 0)
		p.Set("last", "Newman")
		p.Set("card", "90077")
		p.Save(nil)
		b.Settle()
		if got := stored(t, b, "90077"); got.Last != "Newman" || !got.AutoOverdue || p.New() || p.ID() != got.ID || !p.Said().Good {
			t.Errorf("%+v %+v", got, p.Said())
		}
	})
	t.Run("a number somebody else has is refused in words", func(t *testing.T) {
		b := smallSchool(t)
		p := onePatron(t, b, "1001")
		p.Set("key", "1002")
		p.Save(nil)
		b.Settle()
		if s := p.Said(); !s.Bad || s.Conflict || !strings.Contains(s.Words, "1002") || !p.Dirty() {
			t.Errorf("%+v", s)
		}
	})
	t.Run("Revert shows again what is stored", func(t *testing.T) {
		p := onePatron(t, smallSchool(t), "1001")
		p.Set("email", "x")
		p.RemoveGuardian(0)
		p.Revert()
		if p.Value("email") != "ada@school.test" || len(p.Guardians()) != 2 || p.Dirty() {
			t.Error(p.Value("email"), p.Guardians())
		}
	})
}

func TestPatronConflict(t *testing.T) {
	meanwhile := func(t *testing.T, b *screentest.Bench, change func(p *data.Patron)) {
		t.Helper()
		p := stored(t, b, "1001")
		change(&p)
		if _, err := b.Store.SavePatron(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("another field changed meanwhile stays as the other one left it", func(t *testing.T) {
		b := smallSchool(t)
		p := onePatron(t, b, "1001")
		p.Set("email", "new@school.test")
		meanwhile(t, b, func(p *data.Patron) { p.Group = "8C"; p.AutoOverdue = false })
		p.Save(nil)
		b.Settle()
		if got := stored(t, b, "1001"); got.Email != "new@school.test" || got.Group != "8C" || got.AutoOverdue || !p.Said().Good {
			t.Errorf("%+v %+v", got, p.Said())
		}
	})
	for _, c := range []struct {
		name, want string
		answer     func(p *screen.Patron)
	}{
		{"the same field changed meanwhile is asked about; mine can be kept", "mine@school.test", func(p *screen.Patron) { p.KeepMine(nil) }},
		{"the same field changed meanwhile is asked about; theirs can be taken", "theirs@school.test", func(p *screen.Patron) { p.TakeTheirs() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := smallSchool(t)
			p := onePatron(t, b, "1001")
			p.Set("email", "mine@school.test")
			meanwhile(t, b, func(p *data.Patron) { p.Email = "theirs@school.test" })
			p.Save(nil)
			b.Settle()
			if s := p.Said(); !s.Conflict || !strings.Contains(s.Words, "E-mail") || stored(t, b, "1001").Email != "theirs@school.test" {
				t.Fatalf("%+v", s)
			}
			if l := p.Theirs(); len(l) != 1 || l[0].Text != "now theirs@school.test" {
				t.Error(l)
			}
			c.answer(p)
			b.Settle()
			if got := stored(t, b, "1001"); got.Email != c.want || p.Dirty() || p.Value("email") != c.want {
				t.Errorf("%q, %q is shown", got.Email, p.Value("email"))
			}
		})
	}
	t.Run("a person deleted meanwhile is said to be gone", func(t *testing.T) {
		b := smallSchool(t)
		p := onePatron(t, b, "1001")
		p.Set("email", "new@school.test")
		if err := b.Store.DeletePatron(t.Context(), p.ID()); err != nil {
			t.Fatal(err)
		}
		p.Save(nil)
		b.Settle()
		if s := p.Said(); !s.Bad || !strings.Contains(s.Words, "not in the list any more") {
			t.Errorf("%+v", s)
		}
	})
	t.Run("a list taken in shows at once where nothing was typed", func(t *testing.T) {
		b := smallSchool(t)
		p := onePatron(t, b, "1001")
		meanwhile(t, b, func(p *data.Patron) { p.Group = "8C" })
		b.Look()
		if p.Value("group") != "8C" || p.Dirty() {
			t.Error(p.Value("group"))
		}
	})
}

func TestPatronHold(t *testing.T) {
	b := smallSchool(t)
	p := onePatron(t, b, "1001")
	t.Run("loans say how late they are, the most urgent first", func(t *testing.T) {
		l := p.Loans()
		if len(l) != 2 || l[0].Title != "The Grey Tower" || l[0].State != "4 days late, was due Fri 20 Nov 2026" || l[0].Detail != "M. Quill, F QUI, 30001" || l[1].State != "due in 3 days, Fri 27 Nov 2026" {
			t.Errorf("%+v", l)
		}
	})
	t.Run("a loan is held until a day without a year, and let go", func(t *testing.T) {
		loan := p.Loans()[0].ID
		if !p.Hold(loan, "5 Dec", "says returned") {
			t.Fatal("refused")
		}
		b.Settle()
		if l := p.Loans()[0]; l.Held != "held until Sat 5 Dec 2026: says returned" || p.Held() {
			t.Errorf("%+v", l)
		}
		p.Lift(loan)
		b.Settle()
		if l := p.Loans()[0]; l.Held != "" {
			t.Errorf("%+v", l)
		}
	})
	t.Run("the person is held, which is said first, and let go", func(t *testing.T) {
		p.Hold(0, "2.1.2027", "ill")
		b.Settle()
		if s := p.State(); !p.Held() || s.Words != "Held until Sat 2 Jan 2027 (ill): no letters and notices." {
			t.Errorf("%+v", s)
		}
		p.Lift(0)
		b.Settle()
		if p.Held() || p.State().Words != "Automatic notices are on." {
			t.Errorf("%+v", p.State())
		}
	})
	t.Run("a day that is none, is over or lies ages away is refused in words", func(t *testing.T) {
		for _, typed := range []string{"", "soon", "31.2.2027", "23.11.2026", "1.1.2190", "5/12/2026", "\x00"} {
			if p.HoldWrong(typed) == "" || p.Hold(0, typed, "") {
				t.Errorf("%q is taken", typed)
			}
		}
	})
	t.Run("every span offered can be taken", func(t *testing.T) {
		for _, s := range p.HoldSpans() {
			if w := p.HoldWrong(s.Text); w != "" {
				t.Errorf("%s: %q: %s", s.Words, s.Text, w)
			}
		}
	})
}

func TestPatronAddresses(t *testing.T) {
	b := smallSchool(t)
	t.Run("an address that fails is said with why and since when, and can be cleared", func(t *testing.T) {
		p := onePatron(t, b, "1002")
		a := p.Addresses()
		if len(a) != 1 || a[0].Mark != screen.MarkBad || a[0].State != "fails, since Tue 24 Nov 2026" || a[0].Reason != "There is no such mailbox." || !a[0].CanMend {
			t.Fatalf("%+v", a)
		}
		p.MailWorks("ben@school.test")
		b.Settle()
		if a := p.Addresses(); a[0].Mark != screen.MarkGood || a[0].CanMend {
			t.Errorf("%+v", a)
		}
	})
	t.Run("somebody wants no e-mail, for everybody who uses the address", func(t *testing.T) {
		p := onePatron(t, b, "1001")
		p.NoMail("nina@home.test")
		b.Settle()
		a := p.Addresses()
		if len(a) != 3 || a[1].State != "wants no e-mail, since Tue 24 Nov 2026" || a[1].CanStop || !a[1].CanMend || a[2].State != "gets no letters and notices" {
			t.Fatalf("%+v", a)
		}
		all, err := b.Store.Addresses(t.Context())
		if err != nil || len(all) != 1 || all[0].Health != data.AddressRefused || all[0].Address != "nina@home.test" {
			t.Error(all, err)
		}
	})
}

func TestPatronFile(t *testing.T) {
	b := smallSchool(t)
	p := onePatron(t, b, "1001")
	path := filepath.Join(t.TempDir(), "ada.json")
	t.Run("everything known goes into one file that other programs read", func(t *testing.T) {
		p.Export(path, false, nil)
		b.Settle()
		content, err := os.ReadFile(path)
		var all data.PatronFile
		if err == nil {
			err = json.Unmarshal(content, &all)
		}
		if said, failed := p.Exported(); err != nil || failed || !strings.Contains(said, path) || all.Patron.Name() != "Ada Fennimore" || len(all.Loans) != 2 {
			t.Errorf("%v %s %+v", err, said, all)
		}
	})
	t.Run("a file that is there is asked about", func(t *testing.T) {
		asked := false
		p.Export(path, false, func() { asked = true })
		b.Settle()
		if !asked {
			t.Error("it was not")
		}
	})
	t.Run("a folder that is not there is said in words, and a path that is none", func(t *testing.T) {
		for _, bad := range []string{filepath.Join(t.TempDir(), "no", "ada.json"), "ada.json", "", "\x00"} {
			p.Export(bad, false, nil)
			b.Settle()
			if said, failed := p.Exported(); !failed || said == "" || len(screentest.Raw(said)) > 0 {
				t.Errorf("%q: %q", bad, said)
			}
		}
	})
	t.Run("the offered name tells nobody whose it is", func(t *testing.T) {
		if name := filepath.Base(p.ExportPath()); strings.Contains(strings.ToLower(name), "ada") || strings.Contains(strings.ToLower(name), "fenn") {
			t.Error(name)
		}
	})
	t.Run("deleting says what goes, and does it", func(t *testing.T) {
		title, text := p.DeleteWords()
		if title != "Delete Ada Fennimore?" || !strings.Contains(text, "2 loans") || !strings.Contains(text, "from the backups too") || !strings.Contains(text, "the next list brings them back") {
			t.Error(title, text)
		}
		ok := false
		p.Delete(func(done bool) { ok = done })
		b.Settle()
		if _, err := b.Store.Patron(t.Context(), p.ID()); data.CodeOf(err) != data.CodeNotFound || !ok || !p.Gone() {
			t.Error(err, ok)
		}
	})
}
