package notice_test

import (
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

func TestCalendar(t *testing.T) {
	holiday := data.Closed{First: monday, Last: monday + 1, Name: "Two days off"}
	c := notice.Calendar{Mode: data.CalendarNext, Open: data.OpenDays{false, true, true, true, true, true, false}, Closed: []data.Closed{holiday, holiday}}
	t.Run("week-ends and holidays are closed", func(t *testing.T) {
		for d, want := range map[data.Date]bool{monday - 3: true, monday - 2: false, monday - 1: false, monday: false, monday + 1: false, monday + 2: true} {
			if c.IsOpen(d) != want || c.Rests(d) == want {
				t.Errorf("%s (%s): open %v, rests %v", d, d.Weekday(), c.IsOpen(d), c.Rests(d))
			}
		}
	})
	t.Run("the next open day skips them, an open day is its own", func(t *testing.T) {
		if got := c.NextOpen(monday - 2); got != monday+2 {
			t.Errorf("after the week-end comes %s", got)
		}
		if got := c.NextOpen(monday + 2); got != monday+2 {
			t.Errorf("the open day became %s", got)
		}
	})
	t.Run("open days are counted behind the first, up to the last", func(t *testing.T) {
		for days, want := range map[data.Date]int{-5: 0, 0: 0, 2: 1, 4: 3, 5: 3, 7: 4} {
			if got := c.OpenDaysBetween(monday, monday+days); got != want {
				t.Errorf("%d days: %d, want %d", days, got, want)
			}
		}
	})
	t.Run("a library never open is no reason to wait for ever", func(t *testing.T) {
		never := notice.Calendar{Mode: data.CalendarNext, Closed: []data.Closed{{First: monday - 9999, Last: monday + 9999}}}
		if got := never.NextOpen(monday); got <= monday || got > monday+500 {
			t.Errorf("it opens on %s", got)
		}
		out := notice.Plan(input(school(anna(), late("L1", 1)), stages("-365,+1,+365"), func(in *notice.Input) { in.Calendar = never }))
		if !out.Closed || len(out.Mails) != 0 {
			t.Errorf("on a closed day it sent %v", said(out))
		}
	})
	t.Run("where closed days mean nothing, no day rests", func(t *testing.T) {
		c := c
		c.Mode = data.CalendarIgnore
		if c.Rests(monday) || c.IsOpen(monday) {
			t.Error("the day rests, or is open")
		}
	})
	t.Run("the settings make the calendar", func(t *testing.T) {
		o := data.Overdue{Calendar: data.CalendarCount, OpenDays: data.OpenDays{1: true}}
		if c := notice.NewCalendar(o, nil); c.Mode != data.CalendarCount || !c.IsOpen(monday) || c.IsOpen(monday+1) {
			t.Errorf("it is %+v", c)
		}
	})
}

// TestPlanOnClosedDays is about loans around a week-end; Monday is an open day.
func TestPlanOnClosedDays(t *testing.T) {
	on := func(d data.Date) func(*notice.Input) { return func(in *notice.Input) { in.Day = d } }
	missed := func(d data.Date) func(*notice.Input) { return func(in *notice.Input) { in.From = d } }
	start := func(d data.Date) func(*notice.Input) { return func(in *notice.Input) { in.Start = d } }
	const saturday, sunday, friday = -2, -1, -3
	tells := func(template string) string { return "mail patron anna@school.org " + template + ": L1 |" }
	soon, first, second := tells("due-soon"), tells("overdue-first"), tells("overdue-second")
	autumn := data.Closed{First: monday - 14, Last: monday - 1}
	cases := []struct {
		promise string
		in      notice.Input
		want    []string
	}{
		{"ignore: Saturday's notice goes out on Saturday", input(school(anna(), loan("L1", monday+friday)), weekdays(data.CalendarIgnore), on(monday+saturday)), []string{first, "send patron L1 +1"}},
		{"next: Saturday's notice waits", input(school(anna(), loan("L1", monday+friday)), weekdays(data.CalendarNext), on(monday+saturday)), []string{"closed patron L1 +1"}},
		{"next: on Sunday it waits still", input(school(anna(), loan("L1", monday+friday)), weekdays(data.CalendarNext), on(monday+sunday)), []string{"closed patron L1 +1"}},
		{"next: Saturday's notice goes out on Monday", input(school(anna(), loan("L1", monday+friday)), weekdays(data.CalendarNext), stages("+1")), []string{first, "send patron L1 +1"}},
		{"next: Monday's own notice goes out on Monday", input(school(anna(), loan("L1", monday-1)), weekdays(data.CalendarNext)), []string{first, "send patron L1 +1"}},
		{"next: Friday's notice does not go out on Monday if Friday ran", input(school(anna(), loan("L1", monday+friday-1)), weekdays(data.CalendarNext), stages("+1")), nil},
		{
			"next: two stages on closed days are one, the later",
			input(school(anna(), loan("L1", monday+friday)), weekdays(data.CalendarNext), stages("+1,+2")),
			[]string{first, "later-stage patron L1 +1", "send patron L1 +2"},
		},
		{
			"next: two weeks of holidays are no days missed",
			input(school(anna(), loan("L1", monday-16)), weekdays(data.CalendarNext, autumn), stages("+3")),
			[]string{second, "send patron L1 +3"},
		},
		{
			"next: holidays do not eat into the days that are made up for",
			input(school(anna(), loan("L1", monday-17)), weekdays(data.CalendarNext, autumn), stages("+1"), missed(monday-16)),
			[]string{first, "send patron L1 +1"},
		},
		{
			"next: days before they were switched on are not told, though the library was closed",
			input(school(anna(), loan("L1", monday+friday)), weekdays(data.CalendarNext), stages("+1"), start(monday+sunday)),
			[]string{"too-late patron L1 +1"},
		},
		{
			"next: a warning that waited until after the due date says nothing",
			input(school(anna(), loan("L1", monday-7)), weekdays(data.CalendarNext, data.Closed{First: monday - 12, Last: monday - 8}), stages("-3"), missed(monday-9), on(monday-5), func(in *notice.Input) { in.Settings.CatchUpDays = 9 }),
			[]string{"too-late patron L1 -3"},
		},
		{
			"next: a warning in the holidays holds still when the due date lies in them too",
			input(school(anna(), loan("L1", monday-1)), weekdays(data.CalendarNext, autumn), stages("-3")),
			[]string{soon, "send patron L1 -3"},
		},
		{"count: one open day after a due Friday is Monday", input(school(anna(), loan("L1", monday+friday)), weekdays(data.CalendarCount)), []string{first, "send patron L1 +1"}},
		{"count: a due Saturday counts from Monday, so Monday is no day late", input(school(anna(), loan("L1", monday+saturday)), weekdays(data.CalendarCount)), nil},
		{"count: a due Saturday is told on Tuesday", input(school(anna(), loan("L1", monday+saturday)), weekdays(data.CalendarCount), on(monday+1)), []string{first, "send patron L1 +1"}},
		{"count: three open days after a due Wednesday is Monday", input(school(anna(), loan("L1", monday-5)), weekdays(data.CalendarCount)), []string{second, "send patron L1 +3"}},
		{"count: three open days before a due Thursday is Monday", input(school(anna(), loan("L1", monday+3)), weekdays(data.CalendarCount)), []string{soon, "send patron L1 -3"}},
		{"count: three open days before a due Tuesday is the Thursday before", input(school(anna(), loan("L1", monday+1)), weekdays(data.CalendarCount), on(monday-4)), []string{soon, "send patron L1 -3"}},
		{"count: holidays are not counted", input(school(anna(), loan("L1", monday-17)), weekdays(data.CalendarCount, autumn)), []string{first, "send patron L1 +1"}},
		{"count: nothing goes out on a closed day", input(school(anna(), loan("L1", monday+friday)), weekdays(data.CalendarCount), on(monday+saturday)), nil},
		{
			"a missed Friday waits over the week-end",
			input(school(anna(), loan("L1", monday+friday-1)), weekdays(data.CalendarNext), on(monday+saturday), missed(monday+friday)),
			[]string{"closed patron L1 +1"},
		},
		{
			"and is told on Monday",
			input(school(anna(), loan("L1", monday+friday-1)), weekdays(data.CalendarNext), stages("+1"), missed(monday+friday)),
			[]string{first, "send patron L1 +1"},
		},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) { expect(t, notice.Plan(c.in), c.want...) })
	}
}
