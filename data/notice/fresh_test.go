package notice_test

import (
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

func TestFresh(t *testing.T) {
	c := notice.Calendar{Open: data.OpenDays{false, true, true, true, true, true, false}}
	at := func(days int, hour int) time.Time { return (monday + data.Date(days)).At(hour, 30, time.UTC) }
	cases := []struct {
		promise string
		taken   time.Time
		days    int
		ok      bool
		age     string
	}{
		{"a list of this morning is fresh", at(0, 5), 1, true, "of today"},
		{"Friday's list is fresh on Monday", at(-3, 18), 1, true, "3 days old"},
		{"Thursday's is not", at(-4, 18), 1, false, "4 days old"},
		{"Sunday's is", at(-1, 18), 1, true, "1 day old"},
		{"of today only, if so set", at(-3, 18), 0, false, "3 days old"},
		{"a week-end behind it does not count", at(-1, 18), 0, false, "1 day old"},
		{"no list at all is not fresh", time.Time{}, 60, false, "not there yet"},
		{"a list from tomorrow is a clock a little off", at(1, 5), 1, true, "of today"},
		{"a list from next year is a clock far off", at(300, 5), 1, false, "dated 2027-09-19, which is still to come"},
	}
	for _, k := range cases {
		t.Run(k.promise, func(t *testing.T) {
			ok, age := notice.Fresh(k.taken, at(0, 6), c, k.days)
			if ok != k.ok || age != k.age {
				t.Errorf("%v, %q; want %v, %q", ok, age, k.ok, k.age)
			}
		})
	}
	t.Run("holidays do not make a list old", func(t *testing.T) {
		c := c
		c.Closed = []data.Closed{{First: monday - 14, Last: monday - 1}}
		if ok, age := notice.Fresh(at(-17, 18), at(0, 6), c, 1); !ok || age != "17 days old" {
			t.Errorf("%v, %q", ok, age)
		}
	})
	t.Run("on a Saturday Friday's list is fresh even if only today's is", func(t *testing.T) {
		if ok, _ := notice.Fresh(at(-3, 18), at(-2, 6), c, 0); !ok {
			t.Error("it is not")
		}
	})
	t.Run("days are those of the place, not of Greenwich", func(t *testing.T) {
		auckland := time.FixedZone("NZDT", 13*3600)
		taken := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) // 1 in the morning of Monday there
		if ok, age := notice.Fresh(taken, time.Date(2026, 11, 23, 6, 30, 0, 0, auckland), c, 0); !ok || age != "of today" {
			t.Errorf("%v, %q", ok, age)
		}
	})
}

func TestFlood(t *testing.T) {
	cases := []struct {
		promise                            string
		count, median, runs, factor, limit int
		want                               string
	}{
		{"a run like the others goes out", 30, 20, 20, 3, 450, ""},
		{"three times the usual goes out still", 60, 20, 20, 3, 450, ""},
		{"more waits", 61, 20, 20, 3, 450, "61 mails are far more than usual: most runs have 20."},
		{"what is usual is not known before five runs", 61, 20, 4, 3, 450, ""},
		{"it is after five", 61, 20, 5, 3, 450, "61 mails are far more than usual: most runs have 20."},
		{"a handful is no flood, even where one is usual", 10, 1, 20, 3, 450, ""},
		{"more than a handful is", 11, 1, 20, 3, 450, "11 mails are far more than usual: most runs have 1."},
		{"the brake can be switched off", 400, 20, 20, 0, 450, ""},
		{"more than the server takes a day waits, brake or not", 451, 400, 20, 0, 450, "451 mails are more than the 450 a day that the mail server takes."},
		{"a server without a known limit takes all", 5000, 4000, 20, 3, 0, ""},
		{"the first run for real waits, however small", 1, 0, 0, 0, 0, "This is the first run that sends for real: 1 mail."},
		{"nothing to send is nothing to ask about", 0, 0, 0, 3, 450, ""},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			if got := notice.Flood(c.count, c.median, c.runs, c.factor, c.limit); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
