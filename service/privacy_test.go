package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/assets"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/data/store/storetest"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay/relaytest"
	"smtpgateway/service/settle"
)

// secrets are the names and titles of the sample school: what no log may hold.
func secrets(t *testing.T) (names, titles []string) {
	t.Helper()
	people, books := assets.School(time.Now())
	columns := func(list []byte, want ...string) (all []string) {
		rows, err := csv.NewReader(bytes.NewReader(list)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range want {
			i := slices.Index(rows[0], name)
			if i < 0 {
				t.Fatalf("no column %s in %v", name, rows[0])
			}
			for _, row := range rows[1:] {
				if row[i] != "" && !slices.Contains(all, row[i]) {
					all = append(all, row[i])
				}
			}
		}
		return all
	}
	return columns(people, "firstname", "surname", "cardnumber"), columns(books, "title", "barcode")
}

// leaks are those of some words that stand in a text, as words.
func leaks(text string, words []string) (found []string) {
	fields := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789'-éèüöäßñç", r)
	})
	flat := " " + strings.Join(fields, " ") + " "
	for _, w := range words {
		if strings.Contains(flat, " "+strings.ToLower(w)+" ") {
			found = append(found, w)
		}
	}
	return found
}

func TestLogsAreSilent(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var told demoTold
	if err := json.Unmarshal([]byte(newDesk(t).ok("demo", "--json")), &told); err != nil {
		t.Fatal(err)
	}
	p := place.At(told.Data)
	st, err := house.Open(t.Context(), p, true, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	names, titles := secrets(t)
	words := slices.Concat(names, titles)
	t.Run("these words are in the letters, so that looking for them elsewhere means something", func(t *testing.T) {
		var all strings.Builder
		for _, l := range readAll(t, told.Received) {
			all.WriteString(l.text)
		}
		if len(names) < 60 || len(titles) < 60 || len(leaks(all.String(), names)) < 10 || len(leaks(all.String(), titles)) < 10 {
			t.Fatalf("%d of %d names, %d of %d titles", len(leaks(all.String(), names)), len(names), len(leaks(all.String(), titles)), len(titles))
		}
	})
	t.Run("the journal of lists, notices, letters and outcomes names nobody and no book", func(t *testing.T) {
		day, err := st.Day(t.Context(), time.Now().AddDate(0, 0, -1), time.Now().AddDate(0, 0, 1))
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[data.JournalKind]int{}
		for _, l := range day.Lines {
			kinds[l.Kind]++
			if found := leaks(l.Text, words); len(found) > 0 {
				t.Errorf("%s: %q says %q", l.Kind, l.Text, found)
			}
		}
		if kinds[data.JournalNotices] == 0 || kinds[data.JournalPerson] == 0 {
			t.Errorf("nothing was written down: %v", kinds)
		}
	})
	t.Run("the daily log mail says as little", func(t *testing.T) {
		now := time.Now()
		if err := st.SetLogTold(t.Context(), now.AddDate(0, 0, -2)); err != nil {
			t.Fatal(err)
		}
		s := settle.New(settle.Options{Store: st, Log: slog.New(slog.DiscardHandler), Open: func() (*os.Root, error) { return os.OpenRoot(told.Folder) }})
		set, problems, _, err := readSettings(t.Context(), st)
		if err != nil || problems.Refused() {
			t.Fatal(err, problems)
		}
		set.LogDailyAt = "00:00"
		if sent, err := s.DailyLog(t.Context(), set, now); err != nil || !sent {
			t.Fatal(sent, err)
		}
		all, err := st.List(t.Context(), data.ListQuery{States: []data.State{data.Waiting}, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(all, func(e data.Entry) bool { return e.Letter.Class == data.ClassLog })
		if i < 0 {
			t.Fatalf("%+v", all)
		}
		body, err := st.Body(t.Context(), all[i].Letter)
		if err != nil {
			t.Fatal(err)
		}
		r, err := body.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(raw), "=\r\n", "")
		if !strings.Contains(text, "of these automatic notices") || !strings.Contains(text, "What was done") {
			t.Fatal(text)
		}
		if found := leaks(text, words); len(found) > 0 {
			t.Errorf("it says %q:\n%s", found, text)
		}
	})
}

func TestServiceLogIsSilent(t *testing.T) {
	refused := 0
	s := relaytest.Start(t, relaytest.Script{Rcpt: func(to string) error {
		if to == assets.SchoolFails {
			refused++
			return relaytest.Reply(550, "5.1.1", "No such user <"+to+">")
		}
		return nil
	}})
	d := newDesk(t, librarySettings(s, "overdue.enabled=true", "overdue.stages=-3,+1,+3:overdue-second:both", "overdue.disclosure=titles", "messages_each_check=200", "overdue.fresh_days=60")...)
	d.withLibrary(func(l *storetest.Library) {
		if err := l.Approve(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
	})
	people, books := assets.School(time.Now())
	for name, text := range map[string][]byte{"patrons": people, "loans": books} {
		if err := os.WriteFile(filepath.Join(d.data, name+".csv"), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d.ok("patrons", "import", filepath.Join(d.data, "patrons.csv"), "--complete", "--yes")
	d.ok("loans", "import", filepath.Join(d.data, "loans.csv"), "--complete", "--yes")
	var log bytes.Buffer
	g := gateway.New(gateway.Options{Place: place.At(d.data), Version: "test", Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = g.Close() }()
	work := func(yes bool) {
		t.Helper()
		if err := g.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		runs, err := g.Store().Runs(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if yes {
			_, err = g.Notices(t.Context(), runs[0].ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		g.Duties(t.Context())
		if _, err := g.CheckNow(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	work(false)
	runs, err := g.Store().Runs(t.Context(), 1)
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	work(runs[0].State == data.RunAwaiting)
	names, titles := secrets(t)
	words := slices.Concat(names, titles)
	if sent := len(s.Messages()); sent < 10 || log.Len() == 0 || refused == 0 {
		t.Fatalf("%d sent, %d refused, %d octets of log", sent, refused, log.Len())
	}
	if found := leaks(log.String(), words); len(found) > 0 {
		t.Errorf("the log says %q:\n%s", found, log.String())
	}
	day, err := g.Store().Day(t.Context(), time.Now().AddDate(0, 0, -1), time.Now().AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	lists := 0
	for _, l := range day.Lines {
		if l.Kind == data.JournalImport {
			lists++
		}
		if found := leaks(l.Text, words); len(found) > 0 {
			t.Errorf("the journal says %q: %s", found, l.Text)
		}
	}
	if lists != 2 {
		t.Errorf("%d lists in the journal", lists)
	}
}
