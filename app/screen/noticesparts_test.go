package screen_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/data"
)

func TestNoticesStages(t *testing.T) {
	open := func(t *testing.T) (*noticesBench, *screen.Settings, *screen.Stages) {
		t.Helper()
		b := noticesAt(t, nil)
		s := screen.NewSettings(b.Desk)
		return b, s, screen.NewStages(b.n, s)
	}
	t.Run("the notices are rows, and changing one saves", func(t *testing.T) {
		b, s, g := open(t)
		rows := g.Rows()
		if len(rows) != 3 || rows[0].Days != "3" || rows[0].When != screen.StageBefore || rows[2].When != screen.StageAfter || b.n.LetterNames()[rows[0].Letter] != "Due soon" {
			t.Fatalf("%+v, %v", rows, b.n.LetterNames())
		}
		g.Set(2, func(r *screen.StageRow) { r.Days, r.To = "14", 2 })
		s.Save(nil)
		b.Settle()
		if got := b.set().Overdue.Stages; got != "-3,+1,+14:overdue-second:both" {
			t.Fatal(got, s.Said())
		}
	})
	t.Run("one more stands a week behind the last, and rows are sorted when they are saved", func(t *testing.T) {
		b, s, g := open(t)
		g.Rows()
		g.Add()
		g.Set(0, func(r *screen.StageRow) { r.When = screen.StageOn })
		g.Set(1, func(r *screen.StageRow) { r.Days = "20" })
		s.Save(nil)
		b.Settle()
		if got := b.set().Overdue.Stages; got != "+0,+3,+10,+20:overdue-first" {
			t.Fatal(got, s.Said())
		}
	})
	t.Run("days that are no number are refused with the reason in their row", func(t *testing.T) {
		b, s, g := open(t)
		g.Rows()
		for _, typed := range []string{"", "soon", "0", "-4", "400", "1,+2", "1:free"} {
			g.Set(0, func(r *screen.StageRow) { r.Days = typed })
			if g.Rows()[0].Wrong == "" || g.Rows()[0].Days != typed {
				t.Errorf("%q: %+v", typed, g.Rows()[0])
			}
			s.Save(nil)
			b.Settle()
			if got := b.set().Overdue.Stages; got != "-3,+1,+3" || !s.Said().Bad {
				t.Errorf("%q: %s, %+v", typed, got, s.Said())
			}
		}
		s.Revert()
		if r := g.Rows(); len(r) != 3 || r[0].Days != "3" || r[0].Wrong != "" {
			t.Errorf("%+v", r)
		}
	})
	t.Run("one can be taken out", func(t *testing.T) {
		b, s, g := open(t)
		g.Rows()
		g.Remove(1)
		s.Save(nil)
		b.Settle()
		if got := b.set().Overdue.Stages; got != "-3,+3" {
			t.Fatal(got)
		}
	})
	t.Run("a notice that stands twice is refused", func(t *testing.T) {
		_, s, g := open(t)
		g.Rows()
		g.Set(2, func(r *screen.StageRow) { r.Days = "1" })
		wants(t, s.Note("overdue.stages").Text, "twice")
	})
	t.Run("the days of the week are ticks", func(t *testing.T) {
		b, s, g := open(t)
		if days := g.OpenOn(); !days[0] || !days[4] || days[5] || days[6] {
			t.Fatal(days)
		}
		g.SetOpen(5, true)
		g.SetOpen(0, false)
		s.Save(nil)
		b.Settle()
		values, _, _ := b.Store.Settings(t.Context())
		if got := values["overdue.open_days"]; got != "tue,wed,thu,fri,sat" {
			t.Fatal(got)
		}
	})
	t.Run("a library that is never open is refused", func(t *testing.T) {
		_, s, g := open(t)
		for day := range g.OpenOn() {
			g.SetOpen(day, false)
		}
		if n := s.Note("overdue.open_days"); !n.Wrong || n.Text == "" {
			t.Error(n)
		}
	})
}

func (b *noticesBench) group(name string) screen.GroupRow {
	b.t.Helper()
	for i := range b.n.Groups() {
		if g := b.n.Group(i); g.Group == name {
			return g
		}
	}
	b.t.Fatalf("no group %q", name)
	return screen.GroupRow{}
}

func TestNoticesGroups(t *testing.T) {
	t.Run("groups say how many have notices", func(t *testing.T) {
		b := noticesAt(t, nil)
		wants(t, b.n.GroupWords(), "4 of 6 patrons")
		if g := b.group("8A"); b.n.GroupEnabled(g) != "2 of 3" || b.n.Disclosure(g) != 0 {
			t.Error(g)
		}
	})
	t.Run("what guardians are told and leaving out are kept for the group", func(t *testing.T) {
		b := noticesAt(t, nil)
		b.n.SetDisclosure(b.group("8A"), 2)
		b.Settle()
		b.n.SetExcluded(b.group("8A"), true)
		b.Settle()
		rules, err := b.Store.GroupRules(t.Context())
		if err != nil || len(rules) != 1 || rules[0] != (data.GroupRule{Group: "8A", Disclosure: data.DiscloseCount, Excluded: true}) {
			t.Fatal(rules, err)
		}
		if g := b.group("8A"); g.Rule != data.DiscloseCount || !g.Excluded || g.Patrons != 3 {
			t.Error(g)
		}
		wants(t, b.n.GroupWords(), "1 group has a rule of its own.")
		b.n.SetDisclosure(b.group("8A"), 0)
		b.Settle()
		b.n.SetExcluded(b.group("8A"), false)
		b.Settle()
		if rules, _ := b.Store.GroupRules(t.Context()); len(rules) != 0 {
			t.Error(rules)
		}
	})
	t.Run("notices go on for a whole group, and back for those who had none", func(t *testing.T) {
		b := noticesAt(t, nil)
		title, _ := b.n.EnableWords(b.group("8A"))
		wants(t, title, "1 more patron of 8A")
		b.n.Enable(b.group("8A"))
		b.Settle()
		if g := b.group("8A"); g.Enabled != 3 {
			t.Fatal(g, b.said)
		}
		if title, _ := b.n.EnableWords(b.group("8A")); title != "" {
			t.Error(title)
		}
		wants(t, b.last(), "Automatic notices are on for 1 patron.")
		b.undo()
		b.Settle()
		if g := b.group("8A"); g.Enabled != 2 {
			t.Error(g)
		}
	})
	t.Run("those without a group are one of their own", func(t *testing.T) {
		b := noticesAt(t, nil)
		if _, err := b.Store.SavePatron(t.Context(), data.Patron{Key: "9", Last: "Alone"}); err != nil {
			t.Fatal(err)
		}
		b.look()
		b.n.Enable(b.group(""))
		b.Settle()
		if g, other := b.group(""), b.group("8A"); g.Enabled != 1 || other.Enabled != 2 || b.n.GroupName(g) != "no group" {
			t.Error(g, other)
		}
	})
}

const schoolIcs = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n" +
	"BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Winter holidays\r\nDTSTART;VALUE=DATE:20261223\r\nDTEND;VALUE=DATE:20270106\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:2\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Carnival\r\nDTSTART;VALUE=DATE:20270208\r\nDTEND;VALUE=DATE:20270210\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestNoticesCalendar(t *testing.T) {
	t.Run("closed days are added by hand and told in words", func(t *testing.T) {
		b := noticesAt(t, nil)
		wants(t, b.n.ClosedWords(), "No holidays are known.", "Notices go out on closed days too")
		if !b.n.AddClosed(screen.ClosedTyped{First: "23.12.2026", Last: "5 Jan 2027", Name: " Winter holidays "}) {
			t.Fatal("refused")
		}
		b.Settle()
		wants(t, b.n.ClosedWords(), "Closed next: Winter holidays, Wed 23 Dec 2026 to Tue 5 Jan 2027.")
		if !b.n.AddClosed(screen.ClosedTyped{First: "2026-11-24"}) {
			t.Fatal("refused")
		}
		b.Settle()
		wants(t, b.n.ClosedWords(), "Closed now: Tue 24 Nov 2026.")
	})
	t.Run("days that are none are refused with the reason", func(t *testing.T) {
		b := noticesAt(t, nil)
		for _, c := range []struct {
			typed screen.ClosedTyped
			wrong int
		}{{screen.ClosedTyped{}, 0}, {screen.ClosedTyped{First: "soon"}, 0}, {screen.ClosedTyped{First: "24.12.2026", Last: "never"}, 1}, {screen.ClosedTyped{First: "24.12.2026", Last: "23.12.2026"}, 1}, {screen.ClosedTyped{First: "24.12.2026", Name: strings.Repeat("x", 81)}, 2}} {
			first, last, name := b.n.ClosedWrong(c.typed)
			if wrong := []string{first, last, name}; wrong[c.wrong] == "" || b.n.AddClosed(c.typed) {
				t.Errorf("%+v: %q", c.typed, wrong)
			}
		}
	})
	t.Run("a calendar file is looked into, taken in, and taken out as a whole", func(t *testing.T) {
		b := noticesAt(t, nil)
		b.n.AddClosed(screen.ClosedTyped{First: "1.12.2026", Name: "Staff day"})
		b.Settle()
		file := filepath.Join(t.TempDir(), "school.ics")
		if err := os.WriteFile(file, []byte(schoolIcs), 0o600); err != nil {
			t.Fatal(err)
		}
		var found screen.CalendarFile
		b.n.ReadCalendar(file, func(c screen.CalendarFile) { found = c }, func(words string) { t.Error(words) })
		b.Settle()
		wants(t, found.Words+strings.Join(found.Spans, "\n"), "2 times of closed days", "Wed 23 Dec 2026 to Tue 5 Jan 2027", "Carnival")
		if b.n.ClosedDays() != 1 {
			t.Error("it was stored before anybody said yes")
		}
		b.n.TakeCalendar(found)
		b.Settle()
		if b.n.ClosedDays() != 3 || b.n.ClosedSpan(1).Source != "school.ics" || b.n.ClosedSpan(0).Source != "" {
			t.Fatal(b.n.ClosedDays())
		}
		b.n.RemoveSource("school.ics")
		b.Settle()
		if b.n.ClosedDays() != 1 {
			t.Error(b.n.ClosedDays())
		}
		b.undo()
		b.Settle()
		if b.n.ClosedDays() != 3 {
			t.Error(b.n.ClosedDays())
		}
	})
	t.Run("one span is removed, and comes back", func(t *testing.T) {
		b := noticesAt(t, nil)
		b.n.AddClosed(screen.ClosedTyped{First: "1.12.2026", Name: "Staff day"})
		b.Settle()
		b.n.RemoveClosed(b.n.ClosedSpan(0))
		b.Settle()
		if b.n.ClosedDays() != 0 {
			t.Fatal(b.n.ClosedDays())
		}
		b.undo()
		b.Settle()
		if b.n.ClosedDays() != 1 || b.n.ClosedSpan(0).Name != "Staff day" {
			t.Error(b.n.ClosedDays())
		}
	})
	t.Run("what is no calendar says why, in words for people", func(t *testing.T) {
		b := noticesAt(t, nil)
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "x.ics"), []byte("hello"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"", "school.ics", filepath.Join(dir, "missing.ics"), filepath.Join(dir, "x.ics")} {
			said := ""
			b.n.ReadCalendar(path, func(screen.CalendarFile) { t.Error("found something") }, func(words string) { said = words })
			b.Settle()
			if said == "" || strings.Contains(said, "no such file") {
				t.Errorf("%q: %q", path, said)
			}
		}
	})
	t.Run("of a calendar for a whole country only the region that was chosen is taken in", func(t *testing.T) {
		b := noticesAt(t, nil)
		file := filepath.Join(t.TempDir(), "ch.csv")
		if err := os.WriteFile(file, []byte("StartDate;EndDate;Name;Subdivisions\n2026-12-25;;DE Weihnachten;\n2027-01-06;;DE Heilige;GR,TI\n2027-02-08;2027-02-20;DE Sportferien;BE\n2020-01-01;;DE Alt;ZH\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		var found screen.CalendarFile
		b.n.ReadCalendar(file, func(c screen.CalendarFile) { found = c }, func(words string) { t.Error(words) })
		b.Settle()
		wants(t, found.Words+strings.Join(found.Regions, " "), "Choose yours.", "BE GR TI ZH")
		if len(found.Spans) != 0 {
			t.Error("days are shown before a region is chosen")
		}
		b.n.TakeCalendar(found)
		b.Settle()
		if b.n.ClosedDays() != 0 {
			t.Error("they were taken in for no region")
		}
		found = b.n.InRegion(b.n.InRegion(found, "BE"), "GR")
		wants(t, found.Words+strings.Join(found.Spans, "\n"), "2 times of closed days", "Weihnachten", "Heilige")
		if strings.Contains(strings.Join(found.Spans, ""), "Sportferien") {
			t.Error(found.Spans)
		}
		b.n.TakeCalendar(found)
		b.Settle()
		if b.n.ClosedDays() != 2 {
			t.Error(b.n.ClosedDays())
		}
		if none := b.n.InRegion(found, "XX"); len(none.Spans) != 0 || none.Words == "" {
			t.Error(none)
		}
	})
}

func TestRehearsal(t *testing.T) {
	lines := func(r *screen.Rehearsal, list screen.RehearsalList) string {
		var all []string
		for i := range r.Len(list) {
			l := r.Line(list, i)
			all = append(all, l.Name+"|"+l.Group+"|"+l.What+"|"+l.To)
		}
		return strings.Join(all, "\n")
	}
	t.Run("a day says who gets what, who on paper and who nothing and why, and nothing is written", func(t *testing.T) {
		b := noticesAt(t, on())
		r := b.n.Rehearsal()
		r.Start()
		wants(t, r.Busy(), "Looking through the loans.")
		b.Settle()
		if got := r.Words(); got != "On Tue 24 Nov 2026: 1 mail to 1 patron, 2 on paper, 1 left out." {
			t.Error(got)
		}
		wants(t, strings.Join(r.Notes(), "\n"), "Nothing was sent")
		wants(t, lines(r, screen.ListMails), "Fennimore, Ada|7B|notice 1 day overdue|ada@school.test")
		wants(t, lines(r, screen.ListPaper), "Okoro, Ben|7B|notice 3 days overdue|", "Ängström, Dan|8A|notice 1 day overdue|")
		wants(t, lines(r, screen.ListLeft), "Marsh, Cleo|8A|\"A Short History of Salt\", notice 1 day overdue|automatic notices are off for this patron")
		runs, err := b.Store.Runs(t.Context(), 5)
		if err != nil || len(runs) != 0 || b.waiting() != 0 {
			t.Error(runs, err, b.waiting())
		}
	})
	t.Run("the mail of a line is shown as it would be", func(t *testing.T) {
		b := noticesAt(t, on())
		r := b.n.Rehearsal()
		r.Start()
		b.Settle()
		var mail screen.MailView
		r.Preview(screen.ListMails, 0, func(m screen.MailView) { mail = m }, func(words string) { t.Error(words) })
		b.Settle()
		wants(t, mail.To+mail.Text, "ada@school.test", "Knots")
		if mail.Subject == "" || strings.Contains(mail.Subject, "Knots") {
			t.Error(mail.Subject)
		}
	})
	t.Run("the next day and the day before are one step away", func(t *testing.T) {
		b := noticesAt(t, on())
		r := b.n.Rehearsal()
		r.Step(1)
		b.Settle()
		wants(t, r.Words()+strings.Join(r.Notes(), "\n"), "On Wed 25 Nov 2026", "is not known yet")
		r.Step(-2)
		b.Settle()
		wants(t, r.Words(), "On Mon 23 Nov 2026")
		r.SetDay("24.12.2026")
		r.Start()
		b.Settle()
		wants(t, r.Words()+r.Typed(), "On Thu 24 Dec 2026: no mail", "Thu 24 Dec 2026")
		r.Today()
		b.Settle()
		wants(t, r.Words(), "On Tue 24 Nov 2026")
	})
	t.Run("a day that is none is not rehearsed", func(t *testing.T) {
		b := noticesAt(t, on())
		r := b.n.Rehearsal()
		r.SetDay("someday")
		if r.Wrong() == "" {
			t.Fatal("nothing is wrong")
		}
		r.Start()
		b.Settle()
		if r.Ready() || r.Busy() != "" {
			t.Error(r.Words())
		}
	})
	t.Run("overnight the day that stands there becomes the new one", func(t *testing.T) {
		b := noticesAt(t, nil)
		b.SetClock(schoolMorning.AddDate(0, 0, 1))
		b.n.Refresh(screen.Change{Minute: true})
		if got := b.n.Rehearsal().Typed(); got != "Wed 25 Nov 2026" {
			t.Error(got)
		}
	})
	t.Run("what has changed since is said: settings, people, runs, the day", func(t *testing.T) {
		b := noticesAt(t, nil)
		r := b.n.Rehearsal()
		again := func(what string) {
			t.Helper()
			r.Start()
			b.Settle()
			b.look()
			if got := r.Stale(); got != "" {
				t.Fatalf("before %s: %s", what, got)
			}
		}
		stale := func(what string) {
			t.Helper()
			b.look()
			if got := r.Stale(); got != "Something has changed since; rehearse again." || !r.Ready() {
				t.Errorf("%s: %q", what, got)
			}
		}
		again("switching on")
		b.n.Switch(true)
		b.Settle()
		stale("switching on")
		again("a loan")
		b.Lend("2001", data.Loan{Barcode: "30099", Title: "Maps", Due: data.DateOf(schoolMorning) - 1})
		stale("a loan")
		again("a run")
		if run := b.run(); run.Queued == 0 {
			t.Fatalf("%+v", run)
		}
		stale("a run")
		again("a closed day")
		if err := b.Store.SaveClosed(t.Context(), data.Closed{First: data.DateOf(schoolMorning), Last: data.DateOf(schoolMorning), Name: "Fair"}); err != nil {
			t.Fatal(err)
		}
		stale("a closed day")
		again("what groups are told")
		if err := b.Store.SaveGroupRule(t.Context(), data.GroupRule{Group: "7B", Excluded: true}); err != nil {
			t.Fatal(err)
		}
		stale("what groups are told")
		again("midnight")
		b.SetClock(schoolMorning.AddDate(0, 0, 1))
		b.n.Refresh(screen.Change{Minute: true})
		stale("midnight")
	})
	t.Run("it works while notices are off, and says so", func(t *testing.T) {
		b := noticesAt(t, nil)
		r := b.n.Rehearsal()
		r.Start()
		b.Settle()
		wants(t, strings.Join(r.Notes(), "\n"), "Automatic notices are off")
	})
}

func TestNoticesRuns(t *testing.T) {
	t.Run("runs are listed with what became of them, and open with each decision", func(t *testing.T) {
		b := noticesAt(t, on())
		if len(b.n.Runs()) != 0 {
			t.Fatal(b.n.Runs())
		}
		b.run()
		rows := b.n.Runs()
		if len(rows) != 1 || rows[0].Day != "Tue 24 Nov 2026" || rows[0].Words != "1 notice queued, 2 on paper, 3 loans without a mail (practice)" || !rows[0].Paper {
			t.Fatal(rows)
		}
		v := b.n.OpenRun(rows[0].ID)
		v.Load()
		b.Settle()
		var all []string
		for i := range v.Len() {
			l := v.Line(i)
			all = append(all, l.Name+"|"+l.About+"|"+l.What)
		}
		wants(t, strings.Join(all, "\n"), "Fennimore, Ada|\"Knots\", notice 1 day overdue|mail to ada@school.test", "Marsh, Cleo|\"A Short History of Salt\", notice 1 day overdue|automatic notices are off")
	})
	t.Run("the print pile of a run is written as PDF or for the browser, and no file is lost", func(t *testing.T) {
		b := noticesAt(t, on())
		b.run()
		v := b.n.OpenRun(b.n.Runs()[0].ID)
		for begins, p := range map[string]screen.Piling{"%PDF": {}, "<!": {Web: true, Slip: true}} {
			path := v.PileIn(t.TempDir(), p)
			v.Pile(path, p, false, func() { t.Error("there is a file") })
			b.Settle()
			said, failed := v.Piled()
			content, err := os.ReadFile(path)
			if failed || err != nil || !strings.HasPrefix(strings.ToLower(string(content)), strings.ToLower(begins)) {
				t.Fatal(said, err)
			}
			wants(t, said, "2 letters are in "+path)
			asked := false
			v.Pile(path, p, false, func() { asked = true })
			b.Settle()
			if !asked {
				t.Error("the file was replaced without a question")
			}
		}
		v.Pile("here.pdf", screen.Piling{}, false, nil)
		if said, failed := v.Piled(); !failed {
			t.Error(said)
		}
		v.ShowFolder(filepath.Join("/tmp", "x.pdf"))
		b.Settle()
		if len(b.Desktop.Opened) != 1 || b.Desktop.Opened[0] != "/tmp" {
			t.Error(b.Desktop.Opened)
		}
	})
}
