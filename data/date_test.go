package data_test

import (
	"encoding/json"
	"testing"
	"testing/quick"
	"time"
	_ "time/tzdata" // zones, also where the system has none

	"smtpgateway/data"
)

func TestDate(t *testing.T) {
	t.Run("the first day is 1 January 1970, and 0 means none", func(t *testing.T) {
		if d := data.NewDate(1970, time.January, 2); d != 1 || d.String() != "1970-01-02" {
			t.Errorf("it is %d, %s", d, d)
		}
		if s := data.Date(0).String(); s != "" {
			t.Errorf("none is written %q", s)
		}
	})
	t.Run("days before 1970 are days", func(t *testing.T) {
		d := data.NewDate(1969, time.December, 31)
		if d != -1 || d.String() != "1969-12-31" || d.Weekday() != time.Wednesday {
			t.Errorf("it is %d, %s, a %s", d, d, d.Weekday())
		}
	})
	t.Run("what is written reads back", func(t *testing.T) {
		if err := quick.Check(func(n int16) bool {
			d := data.Date(n)
			again, err := data.ParseDate(d.String())
			y, m, dd := d.Parts()
			return n == 0 || err == nil && again == d && data.NewDate(y, m, dd) == d
		}, nil); err != nil {
			t.Error(err)
		}
	})
	t.Run("a day is that of the clock on the wall", func(t *testing.T) {
		late := time.Date(2026, 11, 23, 23, 30, 0, 0, time.FixedZone("", -5*3600)) // the 24th in Greenwich
		if d := data.DateOf(late); d.String() != "2026-11-23" {
			t.Errorf("it is %s", d)
		}
	})
	t.Run("days beyond a month run on", func(t *testing.T) {
		if d := data.NewDate(2026, time.February, 30); d.String() != "2026-03-02" {
			t.Errorf("it is %s", d)
		}
	})
	t.Run("days follow on each other when the clocks change", func(t *testing.T) {
		berlin, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		for d := data.NewDate(2026, time.March, 27); d < data.NewDate(2026, time.April, 2); d++ {
			if got := data.DateOf(d.At(0, 30, berlin)); got != d {
				t.Errorf("%s at half past midnight is %s", d, got)
			}
		}
		skipped := data.NewDate(2026, time.March, 29).At(2, 30, berlin)
		if data.DateOf(skipped).String() != "2026-03-29" || skipped.Hour() == 2 {
			t.Errorf("a time that is skipped became %s", skipped)
		}
	})
	for _, s := range []string{"", "24.11.2026", "2026-13-01", "2026-02-29", "2026-11-24 06:30", "tomorrow"} {
		t.Run("no day: "+s, func(t *testing.T) {
			d, err := data.ParseDate(s)
			if e := data.AsError(err); d != 0 || e == nil || e.Code != data.CodeUsage || e.Next == "" {
				t.Errorf("%s, %v", d, err)
			}
		})
	}
	t.Run("JSON has days as people write them, and leaves out none", func(t *testing.T) {
		type holds struct {
			Until data.Date `json:"until,omitzero"`
			Due   data.Date `json:"due"`
		}
		raw, err := json.Marshal(holds{Due: data.NewDate(2026, time.November, 24)})
		if err != nil || string(raw) != `{"due":"2026-11-24"}` {
			t.Fatalf("%s, %v", raw, err)
		}
		var back holds
		if err := json.Unmarshal([]byte(`{"until":"","due":"2026-11-24"}`), &back); err != nil || back.Until != 0 || back.Due.String() != "2026-11-24" {
			t.Errorf("%+v, %v", back, err)
		}
		if err := json.Unmarshal([]byte(`{"due":"soon"}`), &back); err == nil {
			t.Error("\"soon\" was taken for a day")
		}
	})
}
