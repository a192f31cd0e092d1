package settle_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
)

func TestDailyLogOfTheLibrary(t *testing.T) {
	now := time.Date(2026, 5, 5, 7, 0, 0, 0, time.UTC) // a Tuesday
	tell := func(t *testing.T, on bool, day data.Day) string {
		t.Helper()
		d := newDesk(t)
		d.told, d.day = now.Add(-24*time.Hour), day
		d.settings.Overdue = data.Overdue{Enabled: on, FreshDays: 1, Calendar: data.CalendarNext, OpenDays: data.OpenDays{time.Monday: true, time.Tuesday: true}}
		sent, err := d.settler.DailyLog(context.Background(), d.settings, now)
		d.must(err)
		if !sent {
			t.Fatal("not due")
		}
		return body(t, d.mails[0])
	}
	for _, c := range []struct {
		promise string
		on      bool
		day     data.Day
		says    []string
		silent  string
	}{
		{
			"letters and notices are counted under the sums", true, data.Day{Sent: 40, Letters: 2, Notices: 30, Practice: 3, Loans: now},
			[]string{"40  sent\r\n", "2  of these letters\r\n", "30  of these automatic notices\r\n", "3  of these for practice", "Nothing."}, "list of loans",
		},
		{"where there were none they are not spoken of", true, data.Day{Sent: 40, Loans: now}, []string{"40  sent\r\n"}, "of these"},
		{"notices that wait for a yes", true, data.Day{Awaiting: 37, Loans: now}, []string{"37 notices wait for your yes"}, "Nothing."},
		{"a single one", true, data.Day{Awaiting: 1, Loans: now}, []string{"1 notice waits for your yes"}, "Nothing."},
		{"an old list of loans", true, data.Day{Loans: now.AddDate(0, 0, -7)}, []string{"The list of loans is 7 days old"}, "Nothing."},
		{"one of the last open day is not old", true, data.Day{Loans: now.AddDate(0, 0, -1)}, []string{"Nothing."}, "list of loans"},
		{
			"nor is it old while the library was closed", true,
			data.Day{Loans: now.AddDate(0, 0, -7), Closed: []data.Closed{{First: data.DateOf(now) - 6, Last: data.DateOf(now) - 1}}}, []string{"Nothing."}, "list of loans",
		},
		{"no list of loans at all", true, data.Day{}, []string{"There is no list of loans yet"}, "Nothing."},
		{"who does not use notices hears nothing of lists", false, data.Day{Loans: now.AddDate(0, 0, -70)}, []string{"Nothing."}, "list of loans"},
	} {
		t.Run(c.promise, func(t *testing.T) {
			text := tell(t, c.on, c.day)
			for _, s := range c.says {
				if !strings.Contains(text, s) {
					t.Errorf("it does not say %q:\n%s", s, text)
				}
			}
			if strings.Contains(text, c.silent) {
				t.Errorf("it says %q:\n%s", c.silent, text)
			}
		})
	}
}
