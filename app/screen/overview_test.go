package screen_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// ground is an overview on a bench that is set up, with a clock that stands.
type ground struct {
	*screentest.Bench
	*screen.Overview
	t   *testing.T
	now time.Time
}

func overview(t *testing.T) *ground {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	g := &ground{Bench: b, Overview: screen.NewOverview(b.Desk), t: t, now: time.Now().Truncate(time.Second)}
	b.SetClock(g.now)
	return g
}

// see lets the desk look and the screen take in what it saw.
func (g *ground) see() {
	g.t.Helper()
	g.Settle() // the clock stands, so a look that began before would pass for one that came after
	g.Look()
	g.Refresh(screen.Change{Store: true, Service: true, Minute: true})
	g.Settle()
}

func (g *ground) service(s screen.ServiceStatus, beat data.Heartbeat) {
	g.t.Helper()
	g.Bench.Service.Set(s)
	if err := g.Store.Beat(g.t.Context(), beat); err != nil {
		g.t.Fatal(err)
	}
	g.see()
}

// running is a service that runs and checks a minute from now.
func (g *ground) running(trouble string) {
	g.t.Helper()
	g.service(screen.ServiceStatus{State: screen.ServiceRunning, Auto: true}, data.Heartbeat{
		Started: g.now.Add(-time.Hour), LastCheck: g.now.Add(-2 * time.Minute), NextCheck: g.now.Add(time.Minute),
		Trouble: trouble, Remedy: "Ask IT.",
	})
}

// ends takes one waiting message to its end, as dispatch does.
func (g *ground) ends(state data.State) {
	g.t.Helper()
	ctx, now := g.t.Context(), time.Now()
	c, err := g.Store.Next(ctx, nil, &data.Want{
		Now: now, Server: 1, Horizon: now.Add(time.Hour), TriedLast: now.Add(time.Hour), Lease: now.Add(time.Hour), Recipients: 100, Counted: true,
	})
	if err != nil || c == nil {
		g.t.Fatal(c, err)
	}
	r := &data.Result{Claim: c, Host: "mail.school.test:25", Ended: now, Handed: true}
	for _, d := range c.Deliveries {
		r.Verdicts = append(r.Verdicts, data.Verdict{Delivery: d.ID, State: state, Charged: true, Outcome: data.Outcome{Kind: data.KindSent, Sentence: "So it ended."}})
	}
	if _, err := g.Store.Next(ctx, r, nil); err != nil {
		g.t.Fatal(err)
	}
}

func (g *ground) needs() string {
	var all []string
	for _, n := range g.Needs() {
		all = append(all, strings.TrimSpace(n.Words+" "+n.Next))
	}
	return strings.Join(all, "\n")
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, not %v", what, got, want)
	}
}

func TestOverviewNeeds(t *testing.T) {
	t.Run("nothing is claimed before the first look", func(t *testing.T) {
		g := overview(t)
		same(t, "known", g.Known(), false)
		same(t, "needs", g.needs(), "")
		failed, today := g.Failed()
		same(t, "words", strings.Join([]string{g.Waiting(), g.SentToday(), failed, today, g.Held(), g.Empty(), g.NextCheck(), g.DailyLog().Words}, ""), strings.Repeat("\u2013", 4))
		same(t, "the service", g.Overview.Service().Mood, screen.MoodBusy)
		if g.CanStart() || g.CanStop() || g.CanSend() {
			t.Error("something can be ordered of a service nobody has seen")
		}
	})
	t.Run("a gateway that is not set up leads to the settings", func(t *testing.T) {
		g := overview(t)
		g.Save(map[string]string{"server1.host": "", "from.address": ""})
		g.see()
		n := g.Needs()
		if len(n) != 1 || n[0].Fix != screen.FixSettings || n[0].Press != "Set up the gateway" {
			t.Fatalf("needs %+v", n)
		}
		same(t, "sending", g.CanSend(), false)
	})
	t.Run("a setting that cannot be used is named by its label", func(t *testing.T) {
		g := overview(t)
		g.Save(map[string]string{"server1.port": "70000"})
		g.see()
		n := g.Needs()
		if len(n) != 1 || n[0].Fix != screen.FixSettings || !strings.HasPrefix(n[0].Next, "Port: ") {
			t.Fatalf("needs %+v", n)
		}
	})
	t.Run("a gateway that runs well needs nobody", func(t *testing.T) {
		g := overview(t)
		g.running("")
		same(t, "needs", g.needs(), "")
	})
	t.Run("trouble is told with its remedy", func(t *testing.T) {
		g := overview(t)
		g.running("The server refuses the password.")
		same(t, "needs", g.needs(), "The server refuses the password. Ask IT.")
	})
	t.Run("a stopped service is a need when mail waits, and can be started from there", func(t *testing.T) {
		g := overview(t)
		g.see()
		same(t, "needs", g.needs(), "")
		g.Message("Overdue", "ann@school.test", "joe@school.test")
		g.see()
		same(t, "needs", g.needs(), "The service is stopped. 2 messages wait until it runs again.")
		same(t, "fix", g.Needs()[0].Fix, screen.FixStart)
	})
	t.Run("a service that failed says why, and its trouble", func(t *testing.T) {
		g := overview(t)
		g.service(screen.ServiceStatus{State: screen.ServiceFailed}, data.Heartbeat{Started: g.now, Stopped: g.now, Trouble: "The disk is full.", Remedy: "Make room."})
		same(t, "needs", g.needs(), "The service stopped by itself. Nothing is sent before it runs again.\nThe disk is full. Make room.")
	})
	t.Run("a server that is left alone says until when and why", func(t *testing.T) {
		g := overview(t)
		until := g.now.Add(10 * time.Minute)
		if err := g.Store.SaveServerState(t.Context(), data.ServerState{Server: 1, Until: until, Pause: data.PauseShort, Since: g.now, Outcome: data.Outcome{Sentence: "Nobody answers at port 25.", Remedy: "Ask IT."}}); err != nil {
			t.Fatal(err)
		}
		g.running("")
		same(t, "needs", g.needs(), "Server 1 is left alone until "+g.Clock(until)+". Nobody answers at port 25. Ask IT.")
		g.running("Nobody answers at port 25.")
		same(t, "told once", g.needs(), "Nobody answers at port 25. Ask IT. Server 1 is left alone until "+g.Clock(until)+".")
	})
	t.Run("what is held is for a person to decide", func(t *testing.T) {
		g := overview(t)
		g.Message("Overdue", "ann@school.test")
		if _, err := g.Store.Hold(t.Context(), nil, "By hand."); err != nil {
			t.Fatal(err)
		}
		g.running("")
		same(t, "fix", g.Needs()[0].Fix, screen.FixHeld)
		same(t, "held", g.Held(), "1")
	})
}

func TestOverviewService(t *testing.T) {
	for state, want := range map[screen.ServiceState]screen.Standing{
		screen.ServiceRunning:      {screen.MoodGood, "The service is running"},
		screen.ServiceStopped:      {screen.MoodOff, "The service is stopped"},
		screen.ServiceStarting:     {screen.MoodBusy, "The service is starting"},
		screen.ServiceStopping:     {screen.MoodBusy, "The service is stopping"},
		screen.ServiceRestarting:   {screen.MoodWarn, "The service stopped and is being started again"},
		screen.ServiceFailed:       {screen.MoodBad, "The service stopped by itself"},
		screen.ServiceNotInstalled: {screen.MoodBad, "The service is not installed"},
		screen.ServiceUnknown:      {screen.MoodWarn, "Nobody can say whether the service runs"},
	} {
		t.Run("a service that is "+string(state)+" says so", func(t *testing.T) {
			g := overview(t)
			g.service(screen.ServiceStatus{State: state}, data.Heartbeat{})
			same(t, "it", g.Overview.Service(), want)
		})
	}
	t.Run("a service that ended without a word is known by its heartbeat", func(t *testing.T) {
		g := overview(t)
		g.service(screen.ServiceStatus{State: screen.ServiceStopped}, data.Heartbeat{Started: g.now.Add(-time.Hour), LastCheck: g.now.Add(-time.Minute)})
		if !strings.Contains(g.ServiceNote(), "ended without a word. Its last sign of life was "+g.When(g.now.Add(-time.Minute))) {
			t.Error(g.ServiceNote())
		}
	})
	t.Run("a service that runs and does nothing is not called well", func(t *testing.T) {
		g := overview(t)
		g.service(screen.ServiceStatus{State: screen.ServiceRunning}, data.Heartbeat{Started: g.now.Add(-5 * time.Hour), NextCheck: g.now.Add(-time.Hour)})
		same(t, "mood", g.Overview.Service().Mood, screen.MoodWarn)
		if !strings.Contains(g.ServiceNote(), "Restart it.") {
			t.Error(g.ServiceNote())
		}
	})
	t.Run("start, stop, restart and startup type reach the service", func(t *testing.T) {
		g := overview(t)
		g.see()
		for _, step := range []struct {
			can   func() bool
			order func()
		}{
			{g.CanStart, g.Start},
			{g.CanRestart, g.Restart},
			{g.CanStop, g.Stop},
			{g.CanChooseStartup, func() { g.SetStartup(true) }},
		} {
			if !step.can() {
				t.Fatalf("cannot, after %q", g.Bench.Service.Asked())
			}
			step.order()
			if step.can() {
				t.Errorf("a second order is possible while the first is under way")
			}
			step.order()
			g.see()
		}
		if got := g.Bench.Service.Asked(); !slices.Equal(got, []string{"start", "stop", "start", "stop", "startup auto"}) {
			t.Errorf("it was asked to %q", got)
		}
		if _, auto, choose := g.Startup(); !auto || !choose {
			t.Error("the startup type does not show")
		}
		same(t, "said", g.OrderSaid(), screen.Standing{})
	})
	t.Run("what is being done shows until the desk has seen what came of it", func(t *testing.T) {
		g := overview(t)
		g.see()
		g.Start()
		g.Settle()
		same(t, "mood", g.Overview.Service().Mood, screen.MoodBusy)
		g.see()
		same(t, "mood", g.Overview.Service(), screen.Standing{Mood: screen.MoodGood, Words: "The service is running"})
	})
	t.Run("a refused administrator's question is an answer, not trouble", func(t *testing.T) {
		g := overview(t)
		g.see()
		g.Bench.Service.Fail = &data.Error{Code: data.CodeNotNow, Sentence: "You said no.", Next: "Nothing was changed."}
		g.SetStartup(true)
		g.see()
		same(t, "said", g.OrderSaid(), screen.Standing{Mood: screen.MoodOff, Words: "You said no. Nothing was changed."})
		if _, auto, _ := g.Startup(); auto {
			t.Error("it claims to be changed")
		}
	})
	t.Run("an error nobody wrote words for is still a sentence", func(t *testing.T) {
		g := overview(t)
		g.see()
		g.Bench.Service.Fail = errors.New("exit status 0xC0000142")
		g.Start()
		g.see()
		said := g.OrderSaid()
		if said.Mood != screen.MoodBad || strings.Contains(said.Words, "0xC") || !strings.Contains(said.Words, "Copy for IT") {
			t.Errorf("says %+v", said)
		}
	})
	t.Run("a gateway somebody started by hand has no startup type to choose", func(t *testing.T) {
		g := overview(t)
		g.service(screen.ServiceStatus{State: screen.ServiceRunning, ByHand: true}, data.Heartbeat{})
		same(t, "choice", g.CanChooseStartup(), false)
	})
}

func TestOverviewNumbers(t *testing.T) {
	t.Run("what waits, went, failed and is held is counted", func(t *testing.T) {
		g := overview(t)
		g.Message("One", "ann@school.test")
		g.ends(data.Sent)
		g.Message("Two", "ann@school.test")
		g.ends(data.Failed)
		g.Message("Three", "ann@school.test", "joe@school.test")
		g.running("")
		failed, today := g.Failed()
		same(t, "numbers", strings.Join([]string{g.Waiting(), g.SentToday(), failed, today, g.Held()}, " "), "2 1 1 1 today 0")
	})
	t.Run("the end of the queue is told, or why nobody knows it", func(t *testing.T) {
		g := overview(t)
		g.running("")
		same(t, "nothing", g.Empty(), "Nothing is waiting.")
		for range 11 {
			g.Message("Overdue", "ann@school.test")
		}
		g.now = noonOf(g.now).AddDate(0, 0, 1) // so that the end is that day, and what was queued just now is due
		g.SetClock(g.now)
		g.running("")
		same(t, "running", g.Empty(), "All sent by about "+g.Clock(g.now.Add(4*time.Minute))+".")
		g.running("The server refuses the password.")
		same(t, "trouble", g.Empty(), "Unknown while there is trouble.")
		g.service(screen.ServiceStatus{State: screen.ServiceStopped}, data.Heartbeat{})
		same(t, "stopped", g.Empty(), "Nothing is sent while the service does not run.")
		g.Save(map[string]string{"server1.recipients_per_day": "5"})
		g.running("")
		same(t, "limited", g.Empty(), "Not today: the daily limit is reached before. All sent by about "+g.DayName(g.now.AddDate(0, 0, 2))+".")
		g.Save(map[string]string{"server1.host": "", "from.address": ""})
		g.see()
		same(t, "not set up", g.Empty(), "Nothing is sent before the gateway is set up.")
	})
	t.Run("the next check has its time, and a stopped service none", func(t *testing.T) {
		g := overview(t)
		g.running("")
		same(t, "next", g.NextCheck(), "Next check "+g.When(g.now.Add(time.Minute))+" (in 1 minute).")
		same(t, "last", g.LastCheck(), "Last check "+g.When(g.now.Add(-2*time.Minute))+".")
		g.service(screen.ServiceStatus{State: screen.ServiceStopped}, data.Heartbeat{NextCheck: g.now.Add(time.Minute)})
		same(t, "next", g.NextCheck(), "No check while the service does not run.")
	})
	t.Run("today's share of the limit is a number and a part", func(t *testing.T) {
		g := overview(t)
		g.running("")
		if _, _, set := g.Limit(); set {
			t.Error("a limit nobody set")
		}
		g.Message("One", "ann@school.test")
		g.ends(data.Sent)
		g.Save(map[string]string{"server1.recipients_per_day": "4"})
		g.running("")
		words, share, set := g.Limit()
		if words != "1 of 4 today" || share != 0.25 || !set {
			t.Errorf("is %q %v %v", words, share, set)
		}
		g.Save(map[string]string{"server1.recipients_per_day": "1"})
		g.running("")
		if words, share, _ = g.Limit(); share != 1 || !strings.HasPrefix(words, "1 of 1 today. The rest goes") {
			t.Errorf("is %q %v", words, share)
		}
	})
	t.Run("a daily log that is missing is a warning while the service runs", func(t *testing.T) {
		g := overview(t)
		g.running("")
		same(t, "never", g.DailyLog().Mood, screen.MoodOff)
		for age, mood := range map[time.Duration]screen.Mood{25 * time.Hour: screen.MoodGood, 27 * time.Hour: screen.MoodWarn} {
			if err := g.Store.SetLogTold(t.Context(), g.now.Add(-age)); err != nil {
				t.Fatal(err)
			}
			g.see()
			same(t, age.String(), g.DailyLog().Mood, mood)
		}
		if err := g.Store.SetLogTold(t.Context(), g.now.Add(-27*time.Hour)); err != nil {
			t.Fatal(err)
		}
		g.service(screen.ServiceStatus{State: screen.ServiceStopped}, data.Heartbeat{})
		same(t, "stopped", g.DailyLog().Mood, screen.MoodGood)
		g.Save(map[string]string{"log.daily_at": ""})
		g.running("")
		same(t, "switched off", g.DailyLog(), screen.Standing{Mood: screen.MoodOff, Words: "The daily log is switched off."})
	})
	t.Run("a long number shows its size", func(t *testing.T) {
		g := overview(t)
		for n, want := range map[int64]string{0: "0", 999: "999", 1284: "1,284", 1_000_000: "1,000,000", -1284: "-1,284", -128: "-128"} {
			same(t, "it", g.Number(n), want)
		}
	})
}

func noonOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, t.Location())
}
