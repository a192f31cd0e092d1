package settle_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
)

func zone(t *testing.T) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestDailyLog(t *testing.T) {
	ctx := context.Background()
	ask := func(d *desk, now time.Time) bool {
		d.Helper()
		sent, err := d.settler.DailyLog(ctx, d.settings, now)
		d.must(err)
		return sent
	}
	next := func(d *desk, now time.Time) time.Time {
		d.Helper()
		at, ok := d.settler.NextDailyLog(ctx, d.settings, now)
		if !ok {
			d.Fatal("never")
		}
		return at
	}
	t.Run("it comes once a day at its time, also with nothing to tell", func(t *testing.T) {
		d := newDesk(t)
		now := time.Date(2026, 5, 4, 10, 0, 0, 0, zone(t))
		if ask(d, now) {
			t.Fatal("a new installation has nothing to tell of yesterday")
		}
		for range 3 {
			at := next(d, now)
			if at.Hour() != 7 || at.Minute() != 0 || at.Sub(now) > 24*time.Hour || ask(d, at.Add(-time.Second)) {
				t.Fatalf("next at %v", at)
			}
			if now = at; !ask(d, now) || ask(d, now) || ask(d, now.Add(time.Hour)) {
				t.Fatal("not once")
			}
		}
		m := d.mails[0]
		if len(d.mails) != 3 || m.Class != data.ClassLog || !m.NoReturn || m.Recipients[0] != "library@school.org" {
			t.Fatalf("%d mails: %+v", len(d.mails), m)
		}
		if text := body(t, m); !strings.Contains(whole(t, m), "0 sent, 0 failed, 0 waiting") || !strings.Contains(text, "Nothing.") {
			t.Fatal(text)
		}
	})
	t.Run("days off are caught up once, from where it left off", func(t *testing.T) {
		d := newDesk(t)
		d.told = time.Date(2026, 5, 1, 7, 0, 0, 0, zone(t))
		now := time.Date(2026, 5, 5, 12, 0, 0, 0, zone(t))
		if at := next(d, now); !at.Equal(now) || !ask(d, now) || ask(d, now) || len(d.mails) != 1 {
			t.Fatalf("%d mails, next %v", len(d.mails), at)
		}
		if text := body(t, d.mails[0]); !strings.Contains(text, "From Fri 1 May 2026 07:00 to Tue 5 May 2026 12:00") {
			t.Fatal(text)
		}
		if at := next(d, now); !at.Equal(time.Date(2026, 5, 6, 7, 0, 0, 0, zone(t))) {
			t.Fatalf("next at %v", at)
		}
	})
	t.Run("the sums come first, failed addresses are named, subjects never", func(t *testing.T) {
		d := newDesk(t)
		now := time.Date(2026, 5, 5, 7, 0, 0, 0, time.UTC)
		d.told = now.Add(-24 * time.Hour)
		d.day = data.Day{
			Sent: 12, FailedAll: 2, Held: 3, Waiting: 4, Oldest: now.Add(-48 * time.Hour),
			Failed: []data.FailedDelivery{{Recipient: "gone@school.org", Reason: "There is no such mailbox."}},
			Lines: []data.JournalLine{
				{At: now, Kind: data.JournalTrouble, Text: "Server 1 does not answer."},
				{At: now, Kind: data.JournalIntake, Text: `The file "Private Matters.tmp" was not taken`},
				{At: now, Kind: data.JournalFailed, Text: `The message in the file "Private Matters.tmp" could not be sent`},
			},
		}
		if !ask(d, now) {
			t.Fatal("not due")
		}
		text := body(t, d.mails[0])
		at := -1
		for _, part := range []string{"12  sent", "What needs you", "3 held", "1 notes about dropped files", "gone@school.org: There is no such mailbox.", "and 1 more", "What was done", "Server 1 does not answer."} {
			i := strings.Index(text, part)
			if i <= at {
				t.Errorf("%q is missing or in the wrong place", part)
			}
			at = i
		}
		if strings.Contains(text, "Private") {
			t.Error("a file name is told, and with it perhaps a title")
		}
	})
	t.Run("changes of the clocks neither skip nor double it", func(t *testing.T) {
		for _, clock := range []string{"02:30", "01:30", "07:00"} {
			for _, day := range []time.Time{time.Date(2026, 3, 8, 0, 0, 0, 0, zone(t)), time.Date(2026, 11, 1, 0, 0, 0, 0, zone(t))} {
				d := newDesk(t)
				d.settings.LogDailyAt = clock
				d.told = day.Add(-12 * time.Hour)
				for now := day; now.Before(day.Add(47 * time.Hour)); now = now.Add(5 * time.Minute) {
					ask(d, now)
				}
				if len(d.mails) != 2 {
					t.Errorf("%s on %s: %d mails in two days", clock, day.Format(time.DateOnly), len(d.mails))
				}
			}
		}
	})
	t.Run("a clock set back does not silence it", func(t *testing.T) {
		d := newDesk(t)
		now := time.Date(2026, 5, 5, 6, 0, 0, 0, time.UTC)
		d.told = now.AddDate(1, 0, 0)
		if ask(d, now) || !ask(d, now.Add(time.Hour)) {
			t.Fatal("silenced")
		}
	})
	t.Run("it is off without a time, and without a From", func(t *testing.T) {
		for _, off := range []func(*data.Settings){
			func(s *data.Settings) { s.LogDailyAt = "" },
			func(s *data.Settings) { s.From.Address = "" },
		} {
			d := newDesk(t)
			d.told = time.Now().AddDate(0, 0, -3)
			off(&d.settings)
			if _, ok := d.settler.NextDailyLog(ctx, d.settings, time.Now()); ok || ask(d, time.Now()) {
				t.Fatal("not off")
			}
		}
	})
	t.Run("killed at any step, it comes exactly once", func(t *testing.T) {
		for _, after := range []bool{false, true} {
			for die := 1; die <= 3; die++ {
				d := newDesk(t)
				now := time.Date(2026, 5, 5, 7, 0, 0, 0, time.UTC)
				d.told = now.Add(-24 * time.Hour)
				d.dieAt, d.after = die, after
				if _, err := d.settler.DailyLog(ctx, d.settings, now); !errors.Is(err, errDied) {
					t.Fatalf("step %d: %v", die, err)
				}
				if at := next(d, now); !at.After(now) {
					t.Errorf("step %d: tried again at once, for ever", die)
				}
				d.start()
				ask(d, now.Add(time.Minute))
				ask(d, now.Add(2*time.Minute))
				if len(d.mails) != 1 {
					t.Errorf("step %d, after %v: %d mails", die, after, len(d.mails))
				}
			}
		}
	})
}
