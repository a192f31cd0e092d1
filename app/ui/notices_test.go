package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/mailing"
)

// noticesBench is a window that shows the automatic notices.
type noticesBench struct {
	roomBench

	p *noticesPage
}

func openNotices(t *testing.T, fill func(b *screentest.Bench)) *noticesBench {
	t.Helper()
	return noticesOn(t, setUp(goldenBench(t), fill))
}

func noticesOn(t *testing.T, b *screentest.Bench) *noticesBench {
	t.Helper()
	r := openRoom(t, b, "notices")
	return &noticesBench{r, pageOf[*noticesPage](t, r.w, "notices")}
}

// noticing is a school whose notices are on, with a service that runs.
func noticing(t *testing.T, more map[string]string) func(b *screentest.Bench) {
	t.Helper()
	return func(b *screentest.Bench) {
		smallSchool(b)
		today := data.DateOf(goldenDay)
		b.Lend("1001", data.Loan{Barcode: "30011", Title: "Knots", Due: today - 1})
		b.Lend("1002", data.Loan{Barcode: "30012", Title: "Ships", Due: today - 3})
		b.Lend("1004", data.Loan{Barcode: "30014", Title: "Bees", Due: today - 1})
		b.Lend("2001", data.Loan{Barcode: "30015", Title: "Maps", Due: today + 3})
		b.Save(map[string]string{"overdue.enabled": "true"})
		if more != nil {
			b.Save(more)
		}
		beat(t, b, data.Heartbeat{Revision: 99, InForce: goldenDay.Add(-time.Hour)})
	}
}

// ran makes a run as the service does.
func ran(t *testing.T, b *screentest.Bench) data.Run {
	t.Helper()
	m := mailing.New(mailing.Options{Store: b.Store, Now: b.Now})
	set := storedSet(t, b)
	run, err := m.Run(t.Context(), &set, mailing.Order{Day: data.DateOf(b.Now())})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func storedSet(t *testing.T, b *screentest.Bench) data.Settings {
	t.Helper()
	values, _, err := b.Store.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, _ := data.ParseSettings(values)
	return s
}

// tap presses the one button with these words in o.
func tap(t *testing.T, o fyne.CanvasObject, words string) {
	t.Helper()
	for _, b := range find[*button](o) {
		if b.text == words && !b.Disabled() {
			test.Tap(b)
			return
		}
	}
	t.Fatalf("no %q to press", words)
}

func TestNoticesPage(t *testing.T) {
	t.Run("switching on asks first, with what will happen, and saves at once", func(t *testing.T) {
		b := openNotices(t, smallSchool)
		has(t, b.w, "Off. Nobody is reminded by itself.")
		b.press(t, "Switch on")
		has(t, b.w, "Switch automatic notices on?")
		if said := words(b.w); !strings.Contains(said, "practice for now") || !strings.Contains(said, "a first run right away") {
			t.Fatal(said)
		}
		if stored(t, b.Bench, "overdue.enabled") == "true" {
			t.Fatal("saved before the yes")
		}
		key(b.w, fyne.KeyReturn)
		b.settle()
		if stored(t, b.Bench, "overdue.enabled") != "true" || !strings.Contains(words(b.w), "On. Every day at 06:30.") {
			t.Fatal(words(b.w))
		}
		b.press(t, "Switch off")
		if stored(t, b.Bench, "overdue.enabled") == "true" || !strings.Contains(words(b.w), "Off. Nobody") {
			t.Fatal(words(b.w))
		}
	})
	t.Run("without an address for practice it leads to the settings", func(t *testing.T) {
		b := openNotices(t, func(b *screentest.Bench) { b.Save(map[string]string{"test_to": ""}) })
		b.press(t, "Switch on")
		b.press(t, "Open the settings")
		if b.w.current != "settings" {
			t.Error(b.w.current)
		}
	})
	t.Run("a stopped service is said, and started with a button", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.Service.Set(screen.ServiceStatus{State: screen.ServiceStopped})
		b.settle()
		if !strings.Contains(words(b.w), "The service is stopped: nothing goes out by itself.") {
			t.Fatal(words(b.w))
		}
		tap(t, b.p.object, "Start the service")
		b.settle()
		if !slices.Contains(b.Service.Asked(), "start") {
			t.Error(b.Service.Asked())
		}
	})
	t.Run("approving asks first and ends practice", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.press(t, "Approve and send for real...")
		if stored(t, b.Bench, "practice.letters") == "false" {
			t.Fatal("approved before the yes")
		}
		b.press(t, "Approve")
		if stored(t, b.Bench, "practice.letters") != "false" || strings.Contains(words(b.w), "These notices are practice") {
			t.Fatal(words(b.w))
		}
		b.press(t, "Practise again")
		if !strings.Contains(words(b.w), "These notices are practice") {
			t.Error(words(b.w))
		}
	})
	t.Run("the run that waits is looked at, sent by a yes, or put aside by a no", func(t *testing.T) {
		b := openNotices(t, noticing(t, map[string]string{"practice.letters": "false"}))
		run := ran(t, b.Bench)
		b.settle()
		if !strings.Contains(words(b.w), "The first run for real: 1 notice waits for your yes.") {
			t.Fatal(words(b.w))
		}
		b.press(t, "Look at them")
		if !strings.Contains(words(b.w), "On Tue 24 Nov 2026: 1 mail to 1 patron, 2 on paper, 2 left out.") {
			t.Fatal(words(b.w))
		}
		b.press(t, "Send them")
		press(t, b.w, "Send them")
		b.settle()
		r, err := b.Store.TakeRequest(t.Context())
		if err != nil || r == nil || int64(r.Server) != run.ID {
			t.Fatal(r, err)
		}
		if err := b.Store.FinishRequest(t.Context(), r.ID, false, "Not now.", nil); err != nil {
			t.Fatal(err)
		}
		b.settle()
		has(t, b.w, "Not now.")
		b.press(t, "Do not send")
		b.press(t, "Do not send")
		if got, err := b.Store.RunByID(t.Context(), run.ID); err != nil || got.State != data.RunRefused {
			t.Error(got, err)
		}
	})
	t.Run("old loans offer to import, and a run that rests to send anyway", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.SetClock(goldenDay.AddDate(0, 0, 4))
		b.settle()
		if said := words(b.w); !strings.Contains(said, "4 days old") || !strings.Contains(said, "Import now...") || strings.Contains(said, "Send anyway") {
			t.Fatal(said)
		}
		ran(t, b.Bench)
		b.settle()
		if said := words(b.w); !strings.Contains(said, "Send anyway") || strings.Count(said, "Import now...") != 1 {
			t.Fatal(said)
		}
	})
	t.Run("the overview leads here", func(t *testing.T) {
		b := openNotices(t, noticing(t, map[string]string{"practice.letters": "false"}))
		ran(t, b.Bench)
		b.w.show("overview")
		b.settle()
		b.press(t, "Show the notices")
		if b.w.current != "notices" || b.w.banner.object.Visible() {
			t.Error(b.w.current)
		}
	})
	t.Run("the settings lead here, and Ctrl+S saves here", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.w.show("settings")
		b.settle()
		b.press(t, "Show the notices")
		b.press(t, "Change when and what")
		typeIn(t, b.w, "Each day at", "07:45")
		b.w.saveHere(nil)
		b.settle()
		if stored(t, b.Bench, "overdue.at") != "07:45" || b.w.current != "notices" {
			t.Error(b.w.current, words(b.w))
		}
	})
}

// TestNoticesSettings keeps the promise of DESIGN 5 for the settings that stand on this screen: each can be edited.
func TestNoticesSettings(t *testing.T) {
	t.Run("every setting of automatic notices is changed here, and the service is asked whether it has it", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.press(t, "Change when and what")
		c := b.p.when
		want := map[string]string{"overdue.enabled": "", "overdue.stages": "-3,+1,+21:overdue-final:both", "overdue.open_days": "tue,wed,thu,fri,sat"}
		typed := map[string]string{"overdue.at": "07:15", "overdue.catch_up_days": "5", "overdue.fresh_days": "2", "overdue.flood": "4"}
		for _, f := range data.Fields() {
			at := c.fields[f.Name]
			if !strings.HasPrefix(f.Name, "overdue.") || at == nil {
				if _, known := want[f.Name]; strings.HasPrefix(f.Name, "overdue.") && !known {
					t.Errorf("%s has no field", f.Name)
				}
				continue
			}
			switch x := at.control.(type) {
			case *entry:
				x.SetText(typed[f.Name])
				want[f.Name] = typed[f.Name]
			case *choice:
				x.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
				want[f.Name] = f.Choices[len(f.Choices)-1]
			case *check:
				test.Tap(x)
				want[f.Name] = "true"
			}
		}
		last := c.list.forms[2]
		last.days.SetText("21")
		last.letter.pick(slices.Index(b.p.n.LetterNames(), "Overdue, last letter"))
		if last.letter.index() < 0 {
			t.Fatal(b.p.n.LetterNames())
		}
		last.letter.pick(3)
		last.to.pick(2)
		test.Tap(c.days[0])
		test.Tap(c.days[5])
		b.press(t, "Save")
		has(t, b.w, "Saved. The service runs with the new settings since 09:42:00.")
		tap(t, b.p.object, "Switch off")
		b.settle()
		for name, v := range want {
			if got := stored(t, b.Bench, name); got != v {
				t.Errorf("%s is %q, not %q", name, got, v)
			}
		}
	})
	t.Run("what cannot be saved is said in its place, and the keyboard goes there", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.press(t, "Change when and what")
		b.p.when.list.forms[1].days.SetText("soon")
		arrange(b.w)
		has(t, b.w, "Write a number of days from 1 to 365.")
		b.press(t, "Hide these settings")
		b.press(t, "Save")
		if b.w.window.Canvas().Focused() != b.p.when.list.forms[1].days || stored(t, b.Bench, "overdue.stages") != "" {
			t.Error("the keyboard is elsewhere, or it was saved")
		}
		b.press(t, "Revert")
		typeIn(t, b.w, "Each day at", "25:00")
		b.press(t, "Save")
		if e := b.p.when.fields["overdue.at"].control.(*entry); b.w.window.Canvas().Focused() != e || !e.wrong {
			t.Error("the keyboard is elsewhere")
		}
	})
	t.Run("a notice is added and taken out by button", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.press(t, "Change when and what")
		b.press(t, "Add a notice")
		if n := len(b.p.when.list.forms); n != 4 || b.w.window.Canvas().Focused() != b.p.when.list.forms[3].days {
			t.Fatal(n)
		}
		test.Tap(b.p.when.list.forms[0].remove)
		b.press(t, "Save")
		if got := stored(t, b.Bench, "overdue.stages"); got != "+1,+3,+10" {
			t.Error(got)
		}
	})
	t.Run("what is switched above is not told below as somebody else's", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.press(t, "Change when and what")
		typeIn(t, b.w, "Each day at", "09:00")
		tap(t, b.p.object, "Switch off")
		b.settle()
		b.w.bar.hide()
		if said := words(b.w); strings.Contains(said, "Somebody else") || !strings.Contains(said, "Unsaved changes") {
			t.Fatal(said)
		}
		b.Save(map[string]string{"overdue.flood": "9"})
		b.settle()
		if said := words(b.w); !strings.Contains(said, "Somebody else") {
			t.Error("what somebody else saved is not told")
		}
	})
	t.Run("leaving with something typed asks", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.press(t, "Change when and what")
		typeIn(t, b.w, "Each day at", "09:00")
		b.w.show("log")
		b.press(t, "Discard")
		if b.w.current != "log" || stored(t, b.Bench, "overdue.at") != "" {
			t.Error(b.w.current)
		}
	})
}

func (b *noticesBench) table(t *testing.T) *table {
	t.Helper()
	all := find[*table](b.w)
	if len(all) != 1 {
		t.Fatalf("%d tables", len(all))
	}
	return all[0]
}

func TestNoticesPanels(t *testing.T) {
	t.Run("a rehearsed mail is shown, and its patron opened", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.press(t, "Rehearse")
		b.press(t, "Mails (1)...")
		b.table(t).pick(0, false, false)
		b.press(t, "Show the mail")
		if said := words(b.w); !strings.Contains(said, "ada@school.test") || !strings.Contains(said, "Knots") {
			t.Fatal(said)
		}
		shot(t, b.w, "notices-mail")
		inspect(t, b.w, "mail")
		b.w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		b.press(t, "Open the patron")
		if !strings.Contains(words(b.w), "Ada Fennimore") || len(b.w.layers) != 2 {
			t.Error(words(b.w))
		}
	})
	t.Run("who is left out is listed with the reason, and opens", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.press(t, "Rehearse")
		b.press(t, "Left out, and why (2)...")
		has(t, b.w, "automatic notices are off for this patron")
		b.table(t).o.open(0)
		b.settle()
		if len(b.w.layers) != 2 || !strings.Contains(words(b.w), "Cleo Marsh") {
			t.Error(words(b.w))
		}
	})
	t.Run("a group is chosen and what holds for it changed", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.press(t, "Show the groups...")
		b.table(t).pick(1, false, false)
		arrange(b.w)
		find[*choice](b.w)[0].pick(3)
		b.settle()
		test.Tap(find[*check](b.w)[0])
		b.settle()
		rules, err := b.Store.GroupRules(t.Context())
		if err != nil || len(rules) != 1 || rules[0] != (data.GroupRule{Group: "8A", Disclosure: data.DiscloseNothing, Excluded: true}) {
			t.Fatal(rules, err)
		}
		b.press(t, "Switch on for the whole group...")
		b.press(t, "Switch on")
		on, err := b.Store.NoticesOn(t.Context())
		if err != nil || on["8A"] != 3 {
			t.Error(on, err)
		}
	})
	t.Run("a calendar file is found by looking for it, and its region is chosen", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		dir := t.TempDir()
		for name, text := range map[string]string{
			"ch.csv": "StartDate;EndDate;Name;Subdivisions\n2026-12-25;;DE Weihnachten;\n2027-01-06;;DE Heilige;GR\n2027-02-08;2027-02-20;DE Sportferien;BE\n", "list.xlsx": "",
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		b.press(t, "Show the calendar...")
		b.press(t, "Import a calendar file...")
		if strings.Contains(words(b.w), "Region") {
			t.Error("a region is asked for before there is a file")
		}
		typeIn(t, b.w, "File", filepath.Join(dir, "x.ics"))
		b.press(t, "Choose...")
		has(t, b.w, "Choose the file", "ch.csv", "Folders and calendars")
		if strings.Contains(words(b.w), "list.xlsx") {
			t.Error("a workbook is offered")
		}
		key(b.w, fyne.KeyDown)
		key(b.w, fyne.KeyReturn)
		b.settle()
		has(t, b.w, "Region", "Choose yours.")
		if strings.Contains(words(b.w), "Weihnachten") {
			t.Error("days are shown before a region is chosen")
		}
		inspect(t, b.w, "region")
		shown := find[*choice](b.w)
		region := shown[slices.IndexFunc(shown, func(c *choice) bool { return slices.Equal(c.words, []string{"BE", "GR"}) })]
		region.pick(1)
		b.settle()
		has(t, b.w, "2 times of closed days", "Weihnachten", "Heilige")
		shot(t, b.w, "notices-calendar-region")
		b.press(t, "Take them in")
		if all, err := b.Store.ClosedDays(t.Context()); err != nil || len(all) != 2 {
			t.Error(all, err)
		}
	})
	t.Run("closed days are added, refused, and taken in from a file", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		b.press(t, "Show the calendar...")
		b.press(t, "Add")
		has(t, b.w, "Write the day as 24.11.2026 or 2026-11-24.")
		typeIn(t, b.w, "First closed day", "23.12.2026")
		typeIn(t, b.w, "Last closed day", "5.1.2027")
		typeIn(t, b.w, "Name", "Winter holidays")
		b.press(t, "Add")
		if said := words(b.w); !strings.Contains(said, "Closed next: Winter holidays, Wed 23 Dec 2026 to Tue 5 Jan 2027.") {
			t.Fatal(said)
		}
		shot(t, b.w, "notices-calendar-filled")
		file := filepath.Join(t.TempDir(), "days.csv")
		if err := os.WriteFile(file, []byte("first,last,name\n2027-02-08,2027-02-09,Carnival\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		b.press(t, "Import a calendar file...")
		typeIn(t, b.w, "File", file)
		b.press(t, "Look into it")
		if said := words(b.w); !strings.Contains(said, "1 time of closed days") || !strings.Contains(said, "Carnival") {
			t.Fatal(said)
		}
		shot(t, b.w, "notices-calendar-import")
		inspect(t, b.w, "import")
		b.press(t, "Take them in")
		b.table(t).pick(1, false, false)
		b.press(t, "Remove all of this file")
		b.table(t).pick(0, false, false)
		b.press(t, "Remove")
		if all, err := b.Store.ClosedDays(t.Context()); err != nil || len(all) != 0 {
			t.Error(all, err)
		}
	})
	t.Run("a run opens with its decisions, and prints those on paper", func(t *testing.T) {
		b := openNotices(t, noticing(t, nil))
		ran(t, b.Bench)
		b.settle()
		if !strings.Contains(words(b.w), "1 notice queued, 2 on paper") {
			t.Fatal(words(b.w))
		}
		b.press(t, "Show")
		has(t, b.w, "mail to ada@school.test")
		shot(t, b.w, "notices-run")
		inspect(t, b.w, "run")
		b.press(t, "Print those on paper...")
		file := filepath.Join(t.TempDir(), "pile.pdf")
		typeIn(t, b.w, "File", file)
		b.press(t, "Write the file")
		if said := words(b.w); !strings.Contains(said, "2 letters are in "+file) {
			t.Fatal(said)
		}
		shot(t, b.w, "notices-pile")
		inspect(t, b.w, "pile")
		if content, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(content), "%PDF") {
			t.Error(err)
		}
		b.press(t, "Show the folder")
		if len(b.Desktop.Opened) != 1 || b.Desktop.Opened[0] != filepath.Dir(file) {
			t.Error(b.Desktop.Opened)
		}
	})
}

// TestNoticesLooks goes through the states of the screen and its panels as TestWalk does through the screens.
func TestNoticesLooks(t *testing.T) {
	for _, look := range []string{screen.ThemeLight, screen.ThemeDark} {
		for _, size := range []fyne.Size{fyne.NewSize(1100, 700), fyne.NewSize(800, 600)} {
			name := fmt.Sprintf("%s-%.0f", look, size.Width)
			t.Run(name, func(t *testing.T) {
				picture := func(b *noticesBench, what string) {
					b.w.appearance.SetTheme(look)
					b.w.setLook()
					b.w.window.Resize(size)
					b.settle()
					arrange(b.w)
					arrange(b.w)
					shot(t, b.w, "notices-"+what+"-"+name)
					inspect(t, b.w, what)
					if size.Width > 1000 { // below the edge of a small window a card lies where the save bar is
						tabOrder(t, b.w, what)
					}
					rings(t, b.w, what)
				}
				b := openNotices(t, nil)
				picture(b, "off")
				b = openNotices(t, noticing(t, map[string]string{"practice.letters": "false"}))
				ran(t, b.Bench)
				b.settle()
				picture(b, "first-run")
				b.press(t, "Look at them")
				picture(b, "rehearsed")
				b.p.rehearse.list(screen.ListLeft)
				picture(b, "left")
				b = openNotices(t, noticing(t, nil))
				b.press(t, "Rehearse")
				b.p.rehearse.list(screen.ListMails)
				picture(b, "mails")
				b = openNotices(t, noticing(t, nil))
				b.press(t, "Change when and what")
				picture(b, "practice")
				focusOn(b.p.when.list.forms[0].days)
				picture(b, "when")
				focusOn(b.p.when.fields["overdue.flood"].control)
				arrange(b.w)
				shot(t, b.w, "notices-when-low-"+name)
				b = openNotices(t, noticing(t, nil))
				b.press(t, "Show the groups...")
				picture(b, "groups")
				b = openNotices(t, noticing(t, nil))
				b.press(t, "Show the calendar...")
				picture(b, "calendar")
			})
		}
	}
}
