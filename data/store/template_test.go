package store_test

import (
	"fmt"
	"testing"
	"time"

	"smtpgateway/data"
)

func TestTemplates(t *testing.T) {
	text := func(subject string) data.Template {
		return data.Template{Key: "overdue-first", Language: "en", Name: "First", Subject: subject, Body: "[Items]", Columns: []string{"title"}}
	}
	subjects := func(t *testing.T, all []data.Template, err error) (s string) {
		t.Helper()
		t.Helper()
		ok(t, err)
		for _, x := range all {
			s += x.Subject + " "
		}
		return s
	}
	t.Run("the newest is in force, and all are in the history", func(t *testing.T) {
		l := newLibrary(t)
		for _, s := range []string{"one", "two", "three"} { // in one moment
			ok(t, l.SaveTemplate(t.Context(), text(s)))
		}
		german := text("eins")
		german.Language = "de"
		ok(t, l.SaveTemplate(t.Context(), german))
		all, err := l.Templates(t.Context())
		wantEqual(t, "in force", subjects(t, all, err), "eins three ")
		if x := all[1]; !x.Own || x.Saved.Before(l.now) || x.Body != "[Items]" || fmt.Sprint(x.Columns) != "[title]" || x.Name != "First" {
			t.Errorf("got %+v", x)
		}
		all, err = l.TemplateHistory(t.Context(), "overdue-first", "en")
		wantEqual(t, "history", subjects(t, all, err), "three two one ")
	})
	t.Run("back to the original keeps the history, and another version is in force again", func(t *testing.T) {
		l := newLibrary(t)
		ok(t, l.SaveTemplate(t.Context(), text("one")))
		ok(t, l.DropTemplate(t.Context(), "overdue-first", "en"))
		all, err := l.Templates(t.Context())
		wantEqual(t, "in force", subjects(t, all, err), "")
		all, err = l.TemplateHistory(t.Context(), "overdue-first", "en")
		wantEqual(t, "history", subjects(t, all, err), "one ")
		ok(t, l.SaveTemplate(t.Context(), text("one")))
		all, err = l.Templates(t.Context())
		wantEqual(t, "in force", subjects(t, all, err), "one ")
		ok(t, l.DropTemplate(t.Context(), "nothing", "en"))
	})
	t.Run("what is in force already is not kept twice", func(t *testing.T) {
		l := newLibrary(t)
		ok(t, l.SaveTemplate(t.Context(), text("one")))
		l.pass(time.Hour)
		ok(t, l.SaveTemplate(t.Context(), text("one")))
		all, err := l.TemplateHistory(t.Context(), "overdue-first", "en")
		wantEqual(t, "history", subjects(t, all, err), "one ")
	})
	t.Run("fifty versions are kept, whatever the clock does", func(t *testing.T) {
		l := newLibrary(t)
		for i := range 60 {
			l.now = l.now.Add(-time.Minute)
			ok(t, l.SaveTemplate(t.Context(), text(fmt.Sprint(i))))
		}
		all, err := l.TemplateHistory(t.Context(), "overdue-first", "en")
		ok(t, err)
		if len(all) != 50 || all[0].Subject != "59" || all[49].Subject != "10" {
			t.Errorf("%d are kept: %v", len(all), all)
		}
	})
	t.Run("a text without name or language is refused", func(t *testing.T) {
		l := newLibrary(t)
		wantCode(t, l.SaveTemplate(t.Context(), data.Template{Key: "x"}), data.CodeUsage)
		wantCode(t, l.SaveTemplate(t.Context(), data.Template{Language: "en"}), data.CodeUsage)
	})
}

func TestClosedDays(t *testing.T) {
	names := func(l *library) (s string) {
		l.t.Helper()
		all, err := l.ClosedDays(l.t.Context())
		ok(l.t, err)
		for _, c := range all {
			s += fmt.Sprintf("%s %s-%s %s;", c.Name, c.First, c.Last, c.Source)
		}
		return s
	}
	t.Run("a calendar replaces what came from it, and leaves what was entered by hand", func(t *testing.T) {
		l := newLibrary(t)
		ok(t, l.SaveClosed(t.Context(), data.Closed{First: 20, Last: 20, Name: "Stocktaking"}))
		ok(t, l.ReplaceClosed(t.Context(), "school.ics", []data.Closed{{First: 10, Last: 12, Name: "Autumn"}, {First: 30, Last: 40, Name: "Winter"}}))
		ok(t, l.ReplaceClosed(t.Context(), "state.csv", []data.Closed{{First: 5, Last: 5, Name: "Unity"}}))
		ok(t, l.ReplaceClosed(t.Context(), "school.ics", []data.Closed{{First: 31, Last: 40, Name: "Winter"}}))
		wantEqual(t, "closed", names(l), "Unity 1970-01-06-1970-01-06 state.csv;Stocktaking 1970-01-21-1970-01-21 ;Winter 1970-02-01-1970-02-10 school.ics;")
		ok(t, l.ReplaceClosed(t.Context(), "school.ics", nil))
		wantEqual(t, "closed", names(l), "Unity 1970-01-06-1970-01-06 state.csv;Stocktaking 1970-01-21-1970-01-21 ;")
	})
	t.Run("a span is changed and deleted", func(t *testing.T) {
		l := newLibrary(t)
		ok(t, l.SaveClosed(t.Context(), data.Closed{First: 20, Last: 20, Name: "A"}))
		all, err := l.ClosedDays(t.Context())
		ok(t, err)
		c := all[0]
		c.Last, c.Name = 22, "B"
		ok(t, l.SaveClosed(t.Context(), c))
		wantEqual(t, "closed", names(l), "B 1970-01-21-1970-01-23 ;")
		ok(t, l.DeleteClosed(t.Context(), c.ID))
		ok(t, l.DeleteClosed(t.Context(), c.ID))
		wantEqual(t, "closed", names(l), "")
		wantCode(t, l.SaveClosed(t.Context(), c), data.CodeNotFound)
	})
	t.Run("days that are none change nothing", func(t *testing.T) {
		l := newLibrary(t)
		wantCode(t, l.SaveClosed(t.Context(), data.Closed{First: 20, Last: 19}), data.CodeUsage)
		wantCode(t, l.SaveClosed(t.Context(), data.Closed{Last: 19}), data.CodeUsage)
		ok(t, l.ReplaceClosed(t.Context(), "a", []data.Closed{{First: 1, Last: 1}}))
		wantCode(t, l.ReplaceClosed(t.Context(), "a", []data.Closed{{First: 2, Last: 2}, {First: 3, Last: 2}}), data.CodeUsage)
		wantCode(t, l.ReplaceClosed(t.Context(), "", nil), data.CodeUsage)
		wantEqual(t, "closed", names(l), " 1970-01-02-1970-01-02 a;")
	})
}

func TestGroupRules(t *testing.T) {
	l := newLibrary(t)
	rules := func() string {
		t.Helper()
		all, err := l.GroupRules(t.Context())
		ok(t, err)
		return fmt.Sprint(all)
	}
	t.Run("a rule is kept by its group, and goes when it says nothing", func(t *testing.T) {
		ok(t, l.SaveGroupRule(t.Context(), data.GroupRule{Group: "9B", Excluded: true}))
		ok(t, l.SaveGroupRule(t.Context(), data.GroupRule{Group: "5A", Disclosure: data.DiscloseCount}))
		ok(t, l.SaveGroupRule(t.Context(), data.GroupRule{Group: "5A", Disclosure: data.DiscloseTitles}))
		wantEqual(t, "rules", rules(), "[{5A titles false} {9B  true}]")
		ok(t, l.SaveGroupRule(t.Context(), data.GroupRule{Group: "5A"}))
		wantEqual(t, "rules", rules(), "[{9B  true}]")
	})
	t.Run("a disclosure nobody knows is refused", func(t *testing.T) {
		wantCode(t, l.SaveGroupRule(t.Context(), data.GroupRule{Group: "9B", Disclosure: "all"}), data.CodeUsage)
		wantEqual(t, "rules", rules(), "[{9B  true}]")
	})
}

func TestLibraryFlags(t *testing.T) {
	l := newLibrary(t)
	t.Run("the day notices begin", func(t *testing.T) {
		day, err := l.NoticesFrom(t.Context())
		ok(t, err)
		wantEqual(t, "at first", day, 0)
		ok(t, l.SetNoticesFrom(t.Context(), l.today))
		day, err = l.NoticesFrom(t.Context())
		ok(t, err)
		wantEqual(t, "day", day, l.today)
	})
	t.Run("the first yes is remembered until it is taken back", func(t *testing.T) {
		approved := func(want time.Time) {
			t.Helper()
			at, err := l.Approved(t.Context())
			ok(t, err)
			wantEqual(t, "approved", at, want)
		}
		approved(time.Time{})
		ok(t, l.Approve(t.Context(), l.now))
		ok(t, l.Approve(t.Context(), l.now.Add(time.Hour)))
		approved(l.now)
		ok(t, l.Approve(t.Context(), time.Time{}))
		approved(time.Time{})
		ok(t, l.Approve(t.Context(), l.now.Add(time.Hour)))
		approved(l.now.Add(time.Hour))
	})
}
