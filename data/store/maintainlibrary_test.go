package store_test

import (
	"fmt"
	"testing"
	"time"

	"smtpgateway/data"
)

func TestMaintainLibrary(t *testing.T) {
	old, young := int64(0), int64(0) // moments before and after the history
	start := func(t *testing.T) *library {
		t.Helper()
		l := newLibrary(t)
		old, young = l.now.Add(-401*day).UnixMilli(), l.now.Add(-399*day).UnixMilli()
		return l
	}
	tidy := func(l *library) data.Maintained {
		l.t.Helper()
		m, err := l.Maintain(l.t.Context(), bodies, history)
		ok(l.t, err)
		return m
	}
	t.Run("loans that came back long ago go, what is out stays however old", func(t *testing.T) {
		l := start(t)
		l.patron(1)
		for i, at := range []int64{0, old, young} {
			l.loan(fmt.Sprint("k", i), 1, 10)
			l.exec(`UPDATE loan SET returned_at = ? WHERE key = ?`, at, fmt.Sprint("k", i))
		}
		revision := l.number(`SELECT revision FROM library`)
		wantEqual(t, "loans", tidy(l).Loans, 1)
		wantEqual(t, "kept", l.number(`SELECT count(*) FROM loan WHERE key IN ('k0', 'k2')`), 2)
		wantEqual(t, "a list compared before is compared anew", l.number(`SELECT revision FROM library`) > revision, true)
		revision = l.number(`SELECT revision FROM library`)
		wantEqual(t, "a second time", tidy(l), data.Maintained{})
		wantEqual(t, "revision", l.number(`SELECT revision FROM library`), revision)
	})
	t.Run("people who left long ago and owe nothing are forgotten with all that was known", func(t *testing.T) {
		l := start(t)
		run, err := l.BeginRun(t.Context(), data.Run{Day: l.today})
		ok(t, err)
		for i := range 5 {
			l.patron(i + 1)
			l.exec(`INSERT INTO patron_event (patron, at, kind, text) VALUES (?, ?, 'person', 'x')`, i+1, l.now.UnixMilli())
		}
		ok(t, l.SaveDecisions(t.Context(), run.ID, decisions(5)))
		l.exec(`UPDATE patron SET left_day = ? WHERE id < 5`, int64(l.today)-401)
		l.exec(`UPDATE patron SET left_day = ? WHERE id = 2`, int64(l.today)-399)
		l.loan("out", 3, 10)
		l.loan("back", 4, 10)
		l.exec(`UPDATE loan SET returned_at = ? WHERE key = 'back'`, old)
		m := tidy(l)
		wantEqual(t, "patrons", m.Patrons, 2)
		wantEqual(t, "kept", fmt.Sprint(numbers(t, l.Store, `SELECT id FROM patron ORDER BY id`)), "[2 3 5]")
		wantEqual(t, "guardians", l.number(`SELECT count(DISTINCT patron) FROM guardian`), 3)
		wantEqual(t, "events", l.number(`SELECT count(*) FROM patron_event`), 3)
		wantEqual(t, "decisions", fmt.Sprint(numbers(t, l.Store, `SELECT patron FROM decision ORDER BY patron`)), "[2 3 5]")
	})
	t.Run("runs go with their decisions, more than a slice of them", func(t *testing.T) {
		l := start(t)
		first, err := l.BeginRun(t.Context(), data.Run{Day: 1, Began: time.UnixMilli(old)})
		ok(t, err)
		second, err := l.BeginRun(t.Context(), data.Run{Day: 2, Began: time.UnixMilli(young)})
		ok(t, err)
		ok(t, l.SaveDecisions(t.Context(), first.ID, decisions(450)))
		ok(t, l.SaveDecisions(t.Context(), second.ID, decisions(3)))
		wantEqual(t, "runs", tidy(l).Runs, 1)
		wantEqual(t, "decisions", l.number(`SELECT count(*) FROM decision`), 3)
	})
	t.Run("what was done to a patron goes by its age", func(t *testing.T) {
		l := start(t)
		l.patron(1)
		for i, at := range []int64{old, old, young, l.now.UnixMilli()} {
			l.exec(`INSERT INTO patron_event (patron, at, kind, text) VALUES (1, ?, 'person', ?)`, at, fmt.Sprint(i))
		}
		tidy(l)
		wantEqual(t, "events", fmt.Sprint(numbers(t, l.Store, `SELECT id FROM patron_event ORDER BY id`)), "[3 4]")
		l.exec(`UPDATE patron_event SET at = ?`, old)
		tidy(l)
		wantEqual(t, "events", l.number(`SELECT count(*) FROM patron_event`), 0)
	})
	t.Run("the ledger knows for two years after the due date what was told", func(t *testing.T) {
		l := start(t)
		keys := []data.NoticeKey{
			{Loan: "a", Due: l.today - 732, Stage: "+1", Role: data.RolePatron}, {Loan: "a", Due: l.today - 729, Stage: "+1", Role: data.RolePatron},
			{Loan: "a", Due: l.today, Stage: "+1", Role: data.RolePatron},
		}
		ok(t, l.EnterLedger(t.Context(), keys, 0))
		tidy(l)
		all := l.ledger()
		wantEqual(t, "rows", len(all), 2)
		if _, told := all[keys[1]]; !told {
			t.Error("a notice of last year is forgotten")
		}
	})
	t.Run("an import cannot be undone after so long, and the last one still says how old the lists are", func(t *testing.T) {
		l := start(t)
		for i := range 2 {
			l.exec(`INSERT INTO import (id, at, kind, file, taken_at, complete, counts) VALUES (?, ?, 'loans', 'x', 1, 1, '{}')`, i+1, old)
			l.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
				INSERT INTO import_row (import, what, id, before) SELECT ?, 'loan', i, '{}' FROM n`, i+1)
		}
		l.exec(`INSERT INTO import (id, at, kind, file, taken_at, complete, counts) VALUES (3, ?, 'patrons', 'x', 1, 1, '{}')`, young)
		l.exec(`INSERT INTO import_row (import, what, id, before) VALUES (3, 'patron', 1, '{}')`)
		tidy(l)
		wantEqual(t, "rows", l.number(`SELECT count(*) FROM import_row`), 1)
		wantEqual(t, "imports", fmt.Sprint(numbers(t, l.Store, `SELECT id FROM import ORDER BY id`)), "[2 3]")
		wantEqual(t, "can be undone", fmt.Sprint(numbers(t, l.Store, `SELECT kept FROM import ORDER BY id`)), "[0 1]")
		_, stands, err := l.LastImport(t.Context(), data.RosterLoans)
		ok(t, err)
		wantEqual(t, "stands", stands, true)
	})
}
