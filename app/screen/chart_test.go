package screen_test

import (
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/data"
)

func TestChart(t *testing.T) {
	t.Run("before it is counted it says so", func(t *testing.T) {
		c := overview(t).Chart()
		if len(c.Days) != 0 || c.Sum != "Counting the last 30 days." {
			t.Errorf("is %+v", c)
		}
	})
	t.Run("nothing sent at all is said in words", func(t *testing.T) {
		g := overview(t)
		g.see()
		c := g.Chart()
		if len(c.Days) != screen.ChartDays || c.Top != 0 || c.Sum != "Nothing was sent in the last 30 days." || c.Most != "" {
			t.Errorf("is %+v", c)
		}
	})
	t.Run("bars and words tell the same", func(t *testing.T) {
		g := overview(t)
		g.Message("One", "ann@school.test", "joe@school.test")
		g.ends(data.Sent)
		g.Message("Two", "ann@school.test")
		g.ends(data.Failed)
		g.see()
		c := g.Chart()
		last := c.Days[screen.ChartDays-1]
		if last.Sent != 2 || last.Failed != 1 || c.Top != 3 || c.Sum != "2 sent and 1 failed in the last 30 days." || c.Most != "Most: 2 on "+g.DayName(g.now)+"." {
			t.Errorf("is %+v", c)
		}
		if c.First != g.DayName(g.now.AddDate(0, 0, -29)) {
			t.Errorf("begins %s", c.First)
		}
	})
	t.Run("at midnight today becomes yesterday, counted to its end", func(t *testing.T) {
		g := overview(t)
		g.Message("One", "ann@school.test")
		g.ends(data.Sent)
		g.see()
		g.Message("Two", "ann@school.test")
		g.ends(data.Sent) // not seen before midnight
		g.SetClock(g.now.AddDate(0, 0, 1))
		g.Look()
		g.Refresh(screen.Change{Minute: true})
		g.Settle()
		same(t, "today", g.SentToday(), "0")
		same(t, "yesterday", g.Chart().Days[screen.ChartDays-2].Sent, 2)
		g.SetClock(g.now.AddDate(0, 0, 30))
		g.see()
		same(t, "a month later", g.Chart().Top, 0)
	})
	t.Run("a failure of another day that is sent again leaves its day", func(t *testing.T) {
		g := overview(t)
		g.Message("One", "ann@school.test")
		g.ends(data.Failed)
		g.SetClock(g.now.AddDate(0, 0, 1))
		g.see()
		same(t, "yesterday", g.Chart().Days[screen.ChartDays-2].Failed, 1)
		if _, err := g.Store.Retry(t.Context(), nil, "By hand."); err != nil {
			t.Fatal(err)
		}
		g.see()
		same(t, "yesterday", g.Chart().Days[screen.ChartDays-2].Failed, 0)
	})
	t.Run("changes that come while it counts are counted, too", func(t *testing.T) {
		g := overview(t)
		g.see()
		g.Message("One", "ann@school.test")
		g.Look()
		g.Refresh(screen.Change{Store: true})
		g.ends(data.Sent)
		g.Refresh(screen.Change{Store: true})
		g.Settle()
		same(t, "today", g.SentToday(), "1")
	})
}
