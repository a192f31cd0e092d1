package screen_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// lettersOf is the screen of letters on a bench, read.
func lettersOf(t *testing.T, b *screentest.Bench) *screen.Letters {
	t.Helper()
	l := screen.NewLetters(b.Desk)
	b.Watch(l.Refresh)
	l.Refresh(screen.Change{Store: true})
	b.Settle()
	if e := l.Problem(); e != nil {
		t.Fatal(e)
	}
	return l
}

// letterSchool is the small school with settings that letters can be sent with.
func letterSchool(t *testing.T) (*screentest.Bench, *screen.Letters) {
	t.Helper()
	b := smallSchool(t)
	b.Configured()
	b.Look()
	return b, lettersOf(t, b)
}

// forReal ends practice.
func forReal(b *screentest.Bench) {
	b.Save(map[string]string{"practice.letters": "false", "overdue.disclosure": "titles"})
	b.Look()
}

// pickLetter chooses a letter by what it is called.
func pickLetter(t *testing.T, l *screen.Letters, name string) {
	t.Helper()
	i := slices.Index(l.Names(), name)
	if i < 0 {
		t.Fatalf("there is no letter %q: %v", name, l.Names())
	}
	l.SetName(i)
}

// tickGroup ticks a group by its name.
func tickGroup(t *testing.T, l *screen.Letters, name string) {
	t.Helper()
	for i := range l.Groups() {
		if l.Group(i).Name == name {
			l.TickGroups([]int{i})
			return
		}
	}
	t.Fatalf("there is no group %q", name)
}

// made makes the list.
func made(t *testing.T, b *screentest.Bench, l *screen.Letters) {
	t.Helper()
	l.Make()
	b.Settle()
	if e := l.Trouble(); e != nil || !l.Made() {
		t.Fatal(e, l.Made())
	}
}

// queue queues what is ticked, as after a yes.
func queue(t *testing.T, b *screentest.Bench, l *screen.Letters) string {
	t.Helper()
	p := l.Plan()
	if p.Count == 0 {
		t.Fatal(p.Title, p.Text)
	}
	l.Queue(p)
	b.Settle()
	b.Look()
	said, _ := l.Done()
	return said
}

// waitingLetters are recipients and subjects of what waits.
func waitingLetters(t *testing.T, b *screentest.Bench) []string {
	t.Helper()
	all, err := b.Store.List(t.Context(), data.ListQuery{States: []data.State{data.Waiting}, Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range all {
		out = append(out, all[i].Recipient+": "+all[i].Letter.Subject)
	}
	slices.Sort(out)
	return out
}

func bodyOf(t *testing.T, b *screentest.Bench, message int64) string {
	t.Helper()
	all, err := b.Store.List(t.Context(), data.ListQuery{Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if all[i].Message != message {
			continue
		}
		body, err := b.Store.Body(t.Context(), all[i].Letter)
		if err != nil {
			t.Fatal(err)
		}
		r, err := body.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	t.Fatalf("no message %d", message)
	return ""
}

func listOf(l *screen.Letters) string {
	var all []string
	for i := range l.Len() {
		r := l.Row(i)
		all = append(all, fmt.Sprintf("%s %s|%s|%s|%s|%s", r.Tick, r.Name, r.Group, r.To, r.Loans, r.Way))
	}
	return strings.Join(all, "\n")
}

// TestTestGroup goes through what the library systems tell their users to try: a patron with something overdue is put
// into a group TEST, and the first overdue letter is sent to that group.
func TestTestGroup(t *testing.T) {
	b := smallSchool(t)
	b.Configured()
	today := data.DateOf(schoolMorning)
	b.People(data.Patron{Key: "9001", First: "Tess", Last: "Ter", Group: "TEST", Email: "tess@school.test"})
	b.Lend("9001", data.Loan{Barcode: "39001", Title: "Testing Times", Due: today - 2})
	b.Look()
	l := lettersOf(t, b)
	pickLetter(t, l, "Letters - Overdue First")
	tickGroup(t, l, "TEST")
	made(t, b, l)
	if got := listOf(l); got != "on Ter, Tess|TEST|tess@school.test|1|e-mail" || l.Counts() != "1 by e-mail, 0 on paper, 0 left out" {
		t.Fatalf("%s\n%s", got, l.Counts())
	}
	if p := l.Plan(); p.Title != "Queue 1 letter for practice?" || !strings.Contains(p.Text, "it@school.test") {
		t.Fatalf("%+v", p)
	}
	if said := queue(t, b, l); said != "1 letter is in the queue. It goes out when the service is started." {
		t.Fatal(said)
	}
	q := screen.NewQueue(b.Desk)
	q.Refresh(screen.Change{Store: true})
	b.Settle()
	if r := q.Row(0); q.Len() != 1 || r.To != "it@school.test" || !strings.HasPrefix(r.Subject, "[Practice] ") {
		t.Fatalf("%d, %+v", q.Len(), r)
	}
	if got := l.Row(0).Way; got != "in the queue" {
		t.Error(got)
	}
}

func TestLettersChoice(t *testing.T) {
	t.Run("a library without patrons says so", func(t *testing.T) {
		b := screentest.New(t)
		b.Look()
		if l := lettersOf(t, b); !l.Nobody() {
			t.Error("there is somebody")
		}
	})
	t.Run("each letter begins with the loans it is usually about", func(t *testing.T) {
		_, l := letterSchool(t)
		for name, want := range map[string]string{
			"Letters - Overdue First": "Loans that are overdue, 1", "Letters - Overdue Second": "Loans that are overdue, 7", "Letters - Overdue Final": "Loans that are overdue, 28",
			"Letters - All Loans": "Everything on loan, 1", "Letters - Due Soon": "Loans that are due soon, 3", "Free letter": "Everybody, with loans or without, 1",
		} {
			pickLetter(t, l, name)
			if got := l.Whiches()[l.Which()] + ", " + l.Days(); got != want {
				t.Errorf("%s: %s", name, got)
			}
		}
	})
	t.Run("a number of days that is none is said, and no list is made", func(t *testing.T) {
		b, l := letterSchool(t)
		for _, typed := range []string{"", "x", "-1", "99999", "1.5"} {
			l.SetDays(typed)
			l.Make()
			b.Settle()
			if l.DaysWrong() == "" || l.Made() {
				t.Errorf("%q is taken", typed)
			}
		}
		if l.SetDays(" 2 "); l.DaysWrong() != "" {
			t.Error(l.DaysWrong())
		}
	})
	t.Run("groups that are ticked are named, and all are meant when none is", func(t *testing.T) {
		_, l := letterSchool(t)
		if got := l.GroupWords(); got != "All groups" {
			t.Error(got)
		}
		tickGroup(t, l, "8A")
		if got := l.GroupWords(); got != "Group 8A" {
			t.Error(got)
		}
		l.TickGroups([]int{0, 1, 2})
		if got := l.GroupWords(); got != "Groups 7B, 8A, Teachers" {
			t.Error(got)
		}
		if l.AllGroups(); l.GroupWords() != "All groups" {
			t.Error(l.GroupWords())
		}
	})
	t.Run("the school's own letters can be chosen too", func(t *testing.T) {
		b, l := letterSchool(t)
		if err := b.Store.SaveTemplate(t.Context(), data.Template{Key: "own-fines", Language: "en", Name: "Fines", Subject: "Fines", Body: "[Items]"}); err != nil {
			t.Fatal(err)
		}
		b.Look()
		pickLetter(t, l, "Fines")
		made(t, b, l)
		if l.Len() != 2 || l.Title() != "Fines" {
			t.Error(l.Title(), listOf(l))
		}
	})
}

func TestLettersList(t *testing.T) {
	t.Run("everybody stands on it with the way the letter goes, or why there is none", func(t *testing.T) {
		b, l := letterSchool(t)
		forReal(b)
		pickLetter(t, l, "Letters - All Loans")
		l.SetAudience(2)
		made(t, b, l)
		want := `on Fennimore, Ada|7B|ada@school.test|2|e-mail
on Fennimore, Ada|7B|guardian: nina@home.test|2|e-mail
on Marsh, Cleo|8A||1|paper: no e-mail address
none Li, Eve|8A|||left out: the patron is held (until 4 Dec 2026: ill)`
		got := listOf(l)
		if head, _, _ := strings.Cut(want, "\nnone"); !strings.HasPrefix(got, head) || !strings.Contains(got, "none Li, Eve|8A|||left out: the patron is held") {
			t.Errorf("%s\n%s", got, l.Counts())
		}
	})
	t.Run("ticks are changed one by one, and for all that are shown", func(t *testing.T) {
		b, l := letterSchool(t)
		forReal(b)
		pickLetter(t, l, "Letters - All Loans")
		made(t, b, l)
		if l.Tick([]int{0}); l.Row(0).Tick != screen.TickOff || l.Counts() != "0 of 1 by e-mail, 1 on paper, 1 left out" {
			t.Error(l.Counts())
		}
		l.TickShown(true)
		l.SetShow(2)
		if l.Len() != 1 || l.Row(0).Way != "paper: no e-mail address" {
			t.Fatal(listOf(l))
		}
		if l.TickShown(false); l.Counts() != "1 by e-mail, 0 of 1 on paper, 1 left out" {
			t.Error(l.Counts())
		}
		l.SetShow(3)
		if l.Tick([]int{0}); l.Len() != 1 || l.Row(0).Tick != screen.TickNone {
			t.Error("somebody left out was ticked")
		}
	})
	t.Run("people who changed since are said, and made again they keep their ticks", func(t *testing.T) {
		b, l := letterSchool(t)
		made(t, b, l)
		l.Tick([]int{0})
		cleo, err := b.Store.Patron(t.Context(), b.PatronByKey("1003"))
		if err != nil {
			t.Fatal(err)
		}
		cleo.Email = "cleo@school.test"
		if _, err := b.Store.SavePatron(t.Context(), cleo); err != nil {
			t.Fatal(err)
		}
		b.Look()
		if l.Stale() == "" {
			t.Fatal("it is not said")
		}
		l.Again()
		b.Settle()
		if got := listOf(l); got != "off Fennimore, Ada|7B|ada@school.test|1|e-mail\non Marsh, Cleo|8A|cleo@school.test|1|e-mail" || l.Stale() != "" {
			t.Error(got, l.Stale())
		}
	})
	t.Run("a list with nobody on it says what to do", func(t *testing.T) {
		b, l := letterSchool(t)
		l.SetDays("300")
		made(t, b, l)
		if what, next := l.Empty(); l.Len() != 0 || what == "" || next == "" || l.Counts() != "" {
			t.Error(what, next, l.Counts())
		}
	})
	t.Run("a preview is the letter as it is read, and goes to oneself with a note", func(t *testing.T) {
		b, l := letterSchool(t)
		forReal(b)
		made(t, b, l)
		p := l.Preview(0)
		p.Load()
		b.Settle()
		if e := p.Problem(); e != nil || !strings.Contains(p.Text(), "The Grey Tower") || p.Lines()[1].Text != "ada@school.test" || p.Title() != "1 of 2" {
			t.Fatal(e, p.Title(), p.Lines(), p.Text())
		}
		p.Send()
		b.Settle()
		if got := waitingLetters(t, b); len(got) != 1 || !strings.HasPrefix(got[0], "it@school.test: [Practice] ") || !p.Said().Good {
			t.Fatal(got, p.Said())
		}
		p.Step(1)
		b.Settle()
		if p.Row().Name != "Marsh, Cleo" || p.CanStep(1) || !strings.Contains(p.Note(), "paper") {
			t.Error(p.Row(), p.Note())
		}
		if p.Toggle(); l.Row(1).Tick != screen.TickOff {
			t.Error("it is ticked still")
		}
	})
}

func TestFreeLetter(t *testing.T) {
	t.Run("what is typed goes to a whole group, in every language", func(t *testing.T) {
		b, l := letterSchool(t)
		forReal(b)
		b.People(data.Patron{Key: "3001", First: "Zoé", Last: "Petit", Group: "Teachers", Email: "zoe@school.test", Language: "fr"})
		b.Look()
		pickLetter(t, l, "Free letter")
		tickGroup(t, l, "Teachers")
		l.SetSubject("The library is closed")
		l.SetText("[Greeting],\n\nthe library is closed on Friday.")
		made(t, b, l)
		queue(t, b, l)
		if got := strings.Join(waitingLetters(t, b), "; "); got != "fay@school.test: The library is closed; zoe@school.test: The library is closed" {
			t.Fatal(got)
		}
		for m := int64(1); m <= 2; m++ {
			if text := bodyOf(t, b, m); !strings.Contains(text, "closed on Friday") {
				t.Error(text)
			}
		}
		kept, err := b.Store.Templates(t.Context())
		if err != nil || len(kept) != 0 {
			t.Error("the text was kept", kept, err)
		}
	})
	t.Run("a mistake in it is said with its place and mended by one click", func(t *testing.T) {
		b, l := letterSchool(t)
		pickLetter(t, l, "Free letter")
		l.SetSubject("  To [Frist name]")
		l.SetText("Hello\nDear [Frist name],")
		all := l.TextProblems()
		if len(all) != 2 || all[0].Offer != "[First name]" || !strings.HasPrefix(all[1].Words, "Line 2: ") || l.CannotMake() == "" {
			t.Fatalf("%+v", all)
		}
		if l.Make(); l.Made() {
			t.Fatal("it was made")
		}
		for _, p := range all {
			l.MendText(p)
		}
		if l.Subject() != "To [First name]" || l.Text() != "Hello\nDear [First name]," || l.CannotMake() != "" {
			t.Errorf("%q %q %s", l.Subject(), l.Text(), l.CannotMake())
		}
		b.Settle()
	})
}
