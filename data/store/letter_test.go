package store_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// library is a queue with people, written straight into the tables.
type library struct {
	*queue
	today data.Date
}

func newLibrary(t *testing.T) *library {
	t.Helper()
	q := newQueue(t)
	return &library{queue: q, today: data.DateOf(q.now)}
}

func (l *library) exec(query string, args ...any) {
	l.t.Helper()
	err := l.Update(l.t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// patron writes a person who gets notices; the address is made of the number.
func (l *library) patron(id int) {
	l.t.Helper()
	l.exec(`INSERT INTO patron (id, key, folded, first_name, last_name, sort, email, auto_overdue, changed_at)
		VALUES (?1, 'P' || ?1, 'p' || ?1, 'Ada', 'Reader', 'reader, ada', 'reader' || ?1 || '@school.org', 1, 1)`, id)
	l.exec(`INSERT INTO guardian (patron, seq, email, notices) VALUES (?1, 1, 'mother' || ?1 || '@home.org', 1), (?1, 2, 'uncle' || ?1 || '@home.org', 0)`, id)
}

func (l *library) loan(key string, patron int, due data.Date) {
	l.t.Helper()
	l.exec(`INSERT INTO loan (patron, key, title, due) VALUES (?, ?, ?, ?)`, patron, key, "Title "+key, int64(due))
}

// notice is a notice of a run about loans, all due on one day.
func notice(patron int, due data.Date, loans ...string) data.Letter {
	l := data.Letter{
		Message: newMessage(class(data.ClassNotice), to(fmt.Sprintf("reader%d@school.org", patron))),
		Patron:  int64(patron), Run: 1, Letter: "overdue-first", Role: data.RolePatron, Loans: loans,
	}
	l.Message.Door = data.DoorNotice
	for _, k := range loans {
		l.Notices = append(l.Notices, data.NoticeKey{Loan: k, Due: due, Stage: "+1", Role: data.RolePatron})
	}
	return l
}

// letterTo is a letter a person sends.
func letterTo(patron int, loans ...string) data.Letter {
	l := notice(patron, 0, loans...)
	l.Message.Class, l.Message.Door, l.Run, l.Notices = data.ClassLetter, data.DoorLetter, 0, nil
	return l
}

func (l *library) post(letters ...data.Letter) []int64 {
	l.t.Helper()
	ids, err := l.QueueLetters(l.t.Context(), letters)
	if err != nil {
		l.t.Fatal(err)
	}
	return ids
}

func (l *library) ledger() data.Ledger {
	l.t.Helper()
	all, err := l.Ledger(l.t.Context(), 0, 0)
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

func TestQueueLetters(t *testing.T) {
	t.Run("letter, bytes, delivery and ledger are there together", func(t *testing.T) {
		l := newLibrary(t)
		l.patron(1)
		l.loan("a", 1, l.today-1)
		ids := l.post(notice(1, l.today-1, "a"))
		d := l.state(ids[0], data.Waiting)
		wantEqual(t, "recipient", d.Recipient, "reader1@school.org")
		wantEqual(t, "bytes", l.number(`SELECT count(*) FROM body WHERE message = ?`, ids[0]), 2)
		wantEqual(t, "letters", l.number(`SELECT count(*) FROM letter WHERE message = ? AND patron = 1 AND run = 1 AND loans = '["a"]'`, ids[0]), 1)
		key := data.NoticeKey{Loan: "a", Due: l.today - 1, Stage: "+1", Role: data.RolePatron}
		wantEqual(t, "told by", l.ledger()[key], ids[0])
	})
	t.Run("a notice told already is not queued again, and the others of the call are", func(t *testing.T) {
		l := newLibrary(t)
		first := l.post(notice(1, 20, "a", "b"))
		ids := l.post(notice(1, 20, "b", "c"), notice(2, 20, "d"), notice(3, 20, "d"))
		if first[0] == 0 || ids[0] != 0 || ids[1] == 0 || ids[2] != 0 {
			t.Errorf("got %v and %v", first, ids)
		}
		wantEqual(t, "messages", l.number(`SELECT count(*) FROM message`), 2)
		if _, told := l.ledger()[data.NoticeKey{Loan: "c", Due: 20, Stage: "+1", Role: data.RolePatron}]; told {
			t.Error("a notice that was not queued counts as told")
		}
	})
	t.Run("a renewal, another stage and the guardian are told apart", func(t *testing.T) {
		l := newLibrary(t)
		later, guardian := notice(1, 20, "a"), notice(1, 20, "a")
		later.Notices[0].Stage = "+3"
		guardian.Notices[0].Role = data.RoleGuardian
		for i, id := range l.post(notice(1, 20, "a"), notice(1, 34, "a"), later, guardian) {
			if id == 0 {
				t.Errorf("letter %d was not queued", i)
			}
		}
	})
	t.Run("a practice copy has a ledger of its own, whatever its keys say", func(t *testing.T) {
		l := newLibrary(t)
		copied := notice(1, 20, "a")
		copied.Message.Practice = true
		ids := l.post(copied, notice(1, 20, "a"))
		if ids[0] == 0 || ids[1] == 0 {
			t.Errorf("got %v", ids)
		}
		wantEqual(t, "practised", l.ledger()[data.NoticeKey{Loan: "a", Due: 20, Stage: "+1", Role: data.RolePatron, Practice: true}], ids[0])
	})
	t.Run("a letter a person sends is queued as often as it is sent", func(t *testing.T) {
		l := newLibrary(t)
		ids := l.post(letterTo(1, "a"), letterTo(1, "a"))
		if ids[0] == 0 || ids[1] == 0 || len(l.ledger()) != 0 {
			t.Errorf("got %v and %v", ids, l.ledger())
		}
	})
	t.Run("one that is to be queued once is passed over while the same waits for the same reader", func(t *testing.T) {
		l := newLibrary(t)
		once := func(reader int, loans ...string) data.Letter {
			one := letterTo(reader, loans...)
			one.Once = true
			return one
		}
		ids := l.post(once(1, "a"), once(1, "a"), once(2, "a"), once(1, "a", "b"), once(1), once(1))
		if ids[1] != 0 || ids[0] == 0 || ids[2] == 0 || ids[3] == 0 || ids[4] == 0 || ids[5] == 0 {
			t.Errorf("got %v", ids)
		}
		practice := once(1, "a")
		practice.Message.Practice = true
		if ids := l.post(practice); ids[0] == 0 {
			t.Error("practice cannot be looked at again")
		}
	})
	t.Run("one whose words its reader has today is passed over, also when it was sent already; the next day it goes", func(t *testing.T) {
		l := newLibrary(t)
		once := func(words string) data.Letter {
			one := letterTo(1)
			one.Once, one.Digest = true, words
			return one
		}
		ids := l.post(once("closed on Friday"), once("closed on Friday"), once("open on Friday"), once(""), once(""))
		if ids[0] == 0 || ids[1] != 0 || ids[2] == 0 || ids[3] == 0 || ids[4] == 0 {
			t.Fatalf("got %v", ids)
		}
		l.record(l.claim(func(w *data.Want) { w.Message = ids[0] }), data.Sent, data.KindSent)
		if got := l.post(once("closed on Friday")); got[0] != 0 {
			t.Error("sent, and queued once more")
		}
		l.step(store.StepCancel, l.only(ids[2]).ID)
		l.pass(25 * time.Hour)
		if got := l.post(once("closed on Friday")); got[0] == 0 {
			t.Error("it cannot be sent again the next day")
		}
		if got := l.post(once("open on Friday")); got[0] == 0 {
			t.Error("one that was cancelled cannot be sent")
		}
	})
	t.Run("one that fails half-way leaves nothing, and can be queued again whole", func(t *testing.T) {
		l := newLibrary(t)
		broken := notice(2, 20, "b")
		broken.Message.Body = io.MultiReader(strings.NewReader(strings.Repeat("0123456789abcde\r\n", 100_000)), failing{})
		letters := []data.Letter{notice(1, 20, "a"), broken}
		if ids, err := l.QueueLetters(t.Context(), letters); err == nil || ids != nil {
			t.Fatalf("got %v, %v", ids, err)
		}
		for _, table := range []string{"message", "body", "delivery", "letter", "ledger"} {
			wantEqual(t, table, l.number(`SELECT count(*) FROM `+table), 0)
		}
		id := l.post(letters[:1]...)[0]
		wantEqual(t, "octets", l.number(`SELECT size FROM message WHERE id = ?`, id), l.number(`SELECT sum(length(bytes)) FROM body`))
		wantEqual(t, "rows of bytes", l.number(`SELECT count(*) FROM body`), 2)
	})
	t.Run("what is neither letter nor notice nor direct e-mail is refused", func(t *testing.T) {
		l := newLibrary(t)
		n := notice(1, 20, "a")
		n.Message.Class = data.ClassDropped
		_, err := l.QueueLetters(t.Context(), []data.Letter{n})
		wantCode(t, err, data.CodeUsage)
		_, err = l.QueueLetters(t.Context(), []data.Letter{{}})
		wantCode(t, err, data.CodeUsage)
	})
	t.Run("cancelled by a person or failed for good it stays told", func(t *testing.T) {
		l := newLibrary(t)
		ids := l.post(notice(1, 20, "a"), notice(2, 20, "b"))
		_, err := l.Cancel(t.Context(), []int64{l.only(ids[0]).ID}, "Cancelled by you.")
		ok(t, err)
		l.record(l.claim(), data.Failed, data.KindPermanent)
		l.state(ids[0], data.Cancelled)
		l.state(ids[1], data.Failed)
		for i, id := range l.post(notice(1, 20, "a"), notice(2, 20, "b")) {
			wantEqual(t, fmt.Sprint("again ", i), id, 0)
		}
	})
	t.Run("the ledger outlives the message", func(t *testing.T) {
		l := newLibrary(t)
		id := l.post(notice(1, l.today, "a"))[0]
		l.record(l.claim(), data.Sent, data.KindSent)
		l.pass(401 * 24 * time.Hour)
		m, err := l.Maintain(t.Context(), bodies, history)
		ok(t, err)
		wantEqual(t, "messages removed", m.Messages, 1)
		wantEqual(t, "letters", l.number(`SELECT count(*) FROM letter`), 0)
		wantEqual(t, "told by", l.ledger()[data.NoticeKey{Loan: "a", Due: l.today, Stage: "+1", Role: data.RolePatron}], id)
	})
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("torn off") }
