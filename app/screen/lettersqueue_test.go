package screen_test

import (
	"fmt"
	"strings"
	"testing"

	"smtpgateway/data"
)

func TestLettersQueue(t *testing.T) {
	t.Run("for real they go to the people themselves, once", func(t *testing.T) {
		b, l := letterSchool(t)
		forReal(b)
		made(t, b, l)
		if p := l.Plan(); p.Title != "Send 1 letter for real?" || !strings.Contains(p.Text, "print") {
			t.Errorf("%+v", p)
		}
		queue(t, b, l)
		if got := waitingLetters(t, b); len(got) != 1 || !strings.HasPrefix(got[0], "ada@school.test: ") {
			t.Fatal(got)
		}
		if p := l.Plan(); p.Count != 0 {
			t.Errorf("it can be queued twice: %+v", p)
		}
	})
	t.Run("what was queued is taken back, and can be queued again", func(t *testing.T) {
		b, l := letterSchool(t)
		forReal(b)
		made(t, b, l)
		queue(t, b, l)
		if !l.CanUndo() {
			t.Fatal("it cannot")
		}
		l.Undo()
		b.Settle()
		if said, bad := l.Done(); bad || said != "1 letter is taken back. Nobody gets it." || len(waitingLetters(t, b)) != 0 {
			t.Fatal(said, waitingLetters(t, b))
		}
		queue(t, b, l)
		if got := waitingLetters(t, b); len(got) != 1 {
			t.Error(got)
		}
	})
	t.Run("one that left meanwhile is not taken back", func(t *testing.T) {
		b, l := letterSchool(t)
		forReal(b)
		pickLetter(t, l, "Free letter")
		l.SetText("[Greeting],\n\nthe library is closed on Friday.")
		made(t, b, l)
		queue(t, b, l)
		n := len(waitingLetters(t, b))
		all, err := b.Store.List(t.Context(), data.ListQuery{States: []data.State{data.Waiting}, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Store.Hold(t.Context(), []int64{all[0].ID}, "x"); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Store.Cancel(t.Context(), []int64{all[0].ID}, "x"); err != nil {
			t.Fatal(err)
		}
		l.Undo()
		b.Settle()
		if said, _ := l.Done(); !strings.HasPrefix(said, fmt.Sprintf("%d letter", n-1)) || !strings.Contains(said, "1 had gone on meanwhile") {
			t.Error(said)
		}
	})
	t.Run("what waited already is said, is not queued twice and is not taken back here", func(t *testing.T) {
		b, l := letterSchool(t)
		forReal(b)
		made(t, b, l)
		all, _ := l.Ticked()
		queue(t, b, l)
		waits := len(waitingLetters(t, b))
		other := lettersOf(t, b)
		made(t, b, other)
		said := queue(t, b, other)
		if want := fmt.Sprintf("%d of those ticked waited already.", all); !strings.HasPrefix(said, "Nothing new was queued. ") || !strings.Contains(said, want) || other.CanUndo() {
			t.Error(said, other.CanUndo())
		}
		if got := len(waitingLetters(t, b)); got != waits {
			t.Errorf("%d wait, not %d", got, waits)
		}
	})
	t.Run("approved, the same list goes out for real", func(t *testing.T) {
		b, l := letterSchool(t)
		made(t, b, l)
		queue(t, b, l)
		if p := l.Practice(); !p.Approve || p.Words != "These letters are practice: they go to it@school.test, 50 at most." {
			t.Fatalf("%+v", p)
		}
		asked := false
		l.Approve(func() { asked = true })
		b.Settle()
		b.Look()
		if p := l.Practice(); !asked || p.Words != "" {
			t.Fatal(asked, p)
		}
		queue(t, b, l)
		if got := strings.Join(waitingLetters(t, b), "; "); !strings.HasPrefix(got, "ada@school.test: ") || !strings.Contains(got, "it@school.test: [Practice] ") {
			t.Error(got)
		}
	})
	t.Run("nothing is queued when practice ended between question and answer", func(t *testing.T) {
		b, l := letterSchool(t)
		made(t, b, l)
		p := l.Plan()
		b.Save(map[string]string{"practice.letters": "false"})
		l.Queue(p)
		b.Settle()
		if said, bad := l.Done(); !bad || !strings.Contains(said, "practice") || len(waitingLetters(t, b)) != 0 {
			t.Error(said, waitingLetters(t, b))
		}
	})
	t.Run("nothing is queued when a book came back since the list was made", func(t *testing.T) {
		b, l := letterSchool(t)
		forReal(b)
		made(t, b, l)
		p := l.Plan()
		if err := b.Store.HoldPatron(t.Context(), b.PatronByKey("1001"), data.DateOf(schoolMorning)+3, "brought it"); err != nil {
			t.Fatal(err)
		}
		l.Queue(p)
		b.Settle()
		said, bad := l.Done()
		if !bad || !strings.Contains(said, "made again") || len(waitingLetters(t, b)) != 0 || !strings.Contains(listOf(l), "left out: the patron is held") {
			t.Error(said, waitingLetters(t, b), listOf(l))
		}
	})
	t.Run("without a From or a Test to address it says what is missing", func(t *testing.T) {
		b := smallSchool(t)
		l := lettersOf(t, b)
		made(t, b, l)
		if p := l.Plan(); p.Count != 0 || !strings.Contains(p.Text, "From address") {
			t.Errorf("%+v", p)
		}
		b.Save(map[string]string{"from.address": "library@school.test"})
		b.Look()
		if p := l.Plan(); p.Count != 0 || !strings.Contains(p.Text, "Test to address") || l.Practice().Setting == "" {
			t.Errorf("%+v", p)
		}
	})
	t.Run("a person stops it, and it goes on where it stopped", func(t *testing.T) {
		b := many(t, 450)
		b.Configured()
		forReal(b)
		l := lettersOf(t, b)
		pickLetter(t, l, "Free letter")
		l.SetText("[Greeting],\n\nthe library is closed on Friday.")
		made(t, b, l)
		stopped := false
		l.OnChange = func() {
			if _, done, _ := l.Doing(); done > 0 && !stopped {
				stopped = true
				l.StopDoing()
			}
		}
		l.Queue(l.Plan())
		b.Settle()
		l.OnChange = nil
		n := len(waitingLetters(t, b))
		said, bad := l.Done()
		if bad || n < 450 && !strings.HasPrefix(said, "Stopped.") {
			t.Fatal(n, said)
		}
		if n < 450 {
			queue(t, b, l)
		}
		if got := len(waitingLetters(t, b)); got != 450 {
			t.Errorf("%d wait", got)
		}
	})
	t.Run("practice sends no more than fifty", func(t *testing.T) {
		b := many(t, 120)
		b.Configured()
		b.Look()
		l := lettersOf(t, b)
		pickLetter(t, l, "Free letter")
		l.SetText("[Greeting],\n\nthe library is closed on Friday.")
		made(t, b, l)
		said := queue(t, b, l)
		if got := len(waitingLetters(t, b)); got != 50 || !strings.Contains(said, "the other 70 were not queued") {
			t.Error(got, said)
		}
	})
}
