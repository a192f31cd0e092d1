package screen_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/data"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay/relaytest"
)

// carrier is who runs a gateway in a test: nobody watches it.
type carrier struct{ ready chan struct{} }

func (c carrier) Ready()                  { close(c.ready) }
func (carrier) Status(string)             {}
func (carrier) Alive()                    {}
func (carrier) AliveEvery() time.Duration { return 0 }

// carry runs the real gateway on the bench's place, as the service would, until the test ends.
func (g *ground) carry() {
	g.t.Helper()
	gw := gateway.New(gateway.Options{Place: g.Place(), Version: "test"})
	if err := gw.Open(g.t.Context()); err != nil {
		g.t.Error(err)
		return
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(g.t.Context()))
	c, ended := carrier{make(chan struct{})}, make(chan struct{})
	go func() {
		defer close(ended)
		if err := gw.Run(ctx, c); err != nil {
			g.t.Error(err)
		}
	}()
	g.t.Cleanup(func() {
		stop()
		<-ended
		if err := gw.Close(); err != nil {
			g.t.Error(err)
		}
	})
	select {
	case <-c.ready:
	case <-ended:
	}
}

// lives is an overview whose desk looks by itself, with a server that takes mail.
func lives(t *testing.T) (*ground, *relaytest.Server) {
	t.Helper()
	g := overview(t)
	g.Watch(g.Refresh)
	server := relaytest.Start(t, relaytest.Script{})
	g.Save(map[string]string{
		"server1.host": server.Host, "server1.port": strconv.Itoa(server.Port), "log.daily_at": "", "messages_each_check": "1",
	})
	g.Bench.Service.Done = func(order string) {
		if order == "start" {
			g.carry()
		}
	}
	return g, server
}

// answered lets the desk live until the service has said what became of Send now.
func (g *ground) answered() screen.Standing {
	g.t.Helper()
	go g.Run()
	g.Until(func() bool {
		g.SetClock(time.Now())
		s := g.SendSaid()
		return s.Words != "" && s.Mood != screen.MoodBusy
	})
	return g.SendSaid()
}

func TestSendNow(t *testing.T) {
	t.Run("a running service sends at once, beyond its share, and the answer is a sentence", func(t *testing.T) {
		g, server := lives(t)
		g.Message("One", "ann@school.test")
		g.Start()
		g.Settle()
		g.Look()
		if !g.CanSend() {
			t.Fatal("a running service cannot be asked")
		}
		g.Message("Two", "joe@school.test") // the first check sent its one
		g.SendNow(nil)
		same(t, "busy", g.CanSend(), false)
		said := g.answered()
		if len(server.Messages()) == 0 || !strings.HasSuffix(said.Words, "was sent.") && !strings.Contains(said.Words, "was sent. ") {
			t.Errorf("%d messages arrived, says %+v", len(server.Messages()), said)
		}
	})
	t.Run("a stopped service is offered to be started, and answers then", func(t *testing.T) {
		g, server := lives(t)
		g.Message("One", "ann@school.test")
		g.see()
		asked := ""
		g.SendNow(func(question string) { asked = question })
		if asked == "" || g.SendSaid().Words != "" {
			t.Fatalf("asked %q, says %+v", asked, g.SendSaid())
		}
		g.StartAndSend()
		said := g.answered()
		if len(server.Messages()) != 1 || said.Mood != screen.MoodGood {
			t.Errorf("%d messages arrived, says %+v", len(server.Messages()), said)
		}
	})
	t.Run("a service that dies meanwhile is told, and nobody sends for it later", func(t *testing.T) {
		g := overview(t)
		g.running("")
		g.SendNow(nil)
		g.see()
		same(t, "mood", g.SendSaid().Mood, screen.MoodBusy)
		g.service(screen.ServiceStatus{State: screen.ServiceFailed}, data.Heartbeat{Started: g.now, Stopped: g.now})
		same(t, "mood", g.SendSaid().Mood, screen.MoodBad)
		if r, err := g.Store.TakeRequest(t.Context()); r != nil || err != nil {
			t.Errorf("the request is still open: %+v, %v", r, err)
		}
	})
	t.Run("a service that was restarted over it does not answer any more", func(t *testing.T) {
		g := overview(t)
		g.running("")
		g.SendNow(nil)
		g.see()
		if r, err := g.Store.TakeRequest(t.Context()); r == nil || err != nil {
			t.Fatal(r, err)
		}
		g.see()
		same(t, "taken", g.SendSaid().Words, "The service is sending.")
		g.service(screen.ServiceStatus{State: screen.ServiceRunning}, data.Heartbeat{Started: time.Now().Add(time.Minute), NextCheck: g.now.Add(time.Minute)})
		same(t, "mood", g.SendSaid().Mood, screen.MoodBad)
	})
	t.Run("a start that fails leaves no request behind", func(t *testing.T) {
		g := overview(t)
		g.see()
		g.Bench.Service.Fail = &data.Error{Sentence: "The service cannot be started."}
		g.StartAndSend()
		g.see()
		g.see()
		same(t, "order", g.OrderSaid().Words, "The service cannot be started.")
		same(t, "mood", g.SendSaid().Mood, screen.MoodBad)
		if r, err := g.Store.TakeRequest(t.Context()); r != nil || err != nil {
			t.Errorf("the request is still open: %+v, %v", r, err)
		}
	})
	for promise, c := range map[string]struct {
		ok              bool
		result, details string
		mood            screen.Mood
		says            string
	}{
		"nothing to do is no failure":                    {true, "", `{"queue":{},"waiting":0}`, screen.MoodGood, "Nothing is waiting to be sent."},
		"what did not go is told, with why":              {true, "", `{"queue":{"sent":2,"failed":1,"deferred":1,"held":1,"trouble":{"sentence":"Nobody answers."}},"waiting":4}`, screen.MoodBad, "2 were sent. 1 could not be sent; the Queue says why. 1 will be tried again later. 1 is held for you to decide. Nobody answers. 4 still waiting."},
		"a daily limit that is reached is told":          {true, "", `{"queue":{"capped":true},"waiting":4}`, screen.MoodWarn, "None was sent. The daily limit is reached: the rest goes later. 4 still waiting."},
		"an answer of another version is shown as it is": {true, "All done.", "", screen.MoodGood, "All done."},
		"an error is the service's sentence":             {false, "The disk is full.", "", screen.MoodBad, "The disk is full."},
	} {
		t.Run(promise, func(t *testing.T) {
			g := overview(t)
			g.running("")
			g.SendNow(nil)
			g.Settle()
			r, err := g.Store.TakeRequest(t.Context())
			if err != nil || r == nil {
				t.Fatal(r, err)
			}
			result := c.result
			if result == "" {
				result = "Check."
			}
			if err := g.Store.FinishRequest(t.Context(), r.ID, c.ok, result, []byte(c.details)); err != nil {
				t.Fatal(err)
			}
			g.see()
			_, says, timed := strings.Cut(g.SendSaid().Words, ": ")
			same(t, "says", says, c.says)
			same(t, "with its time", timed, true)
			same(t, "mood", g.SendSaid().Mood, c.mood)
			same(t, "again", g.CanSend(), true)
		})
	}
}
