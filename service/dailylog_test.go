package main

import (
	"strings"
	"testing"
	"time"

	"smtpgateway/data/place"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay/relaytest"
)

func TestDailyLog(t *testing.T) {
	t.Run("the log arrives each day, also with nothing to tell, and once after days off", func(t *testing.T) {
		arrived := make(chan relaytest.Message, 100)
		s := relaytest.Start(t, relaytest.Script{Accepted: arrived})
		d := newDesk(t, serverSettings(s)...)
		d.ok("settings", "set", "log.daily_at=07:00")
		days := 0
		g := gateway.New(gateway.Options{Place: place.At(d.data), Version: "test", Now: func() time.Time {
			return time.Now().AddDate(0, 0, days)
		}})
		if err := g.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = g.Close() }()
		day := func() int {
			// Queued by the first, sent by the second check of the day.
			for range 2 {
				if err := g.Load(t.Context()); err != nil {
					t.Fatal(err)
				}
				g.Duties(t.Context())
				if _, err := g.CheckNow(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			return len(arrived)
		}
		if n := day(); n != 0 {
			t.Fatalf("%d logs on the day it was installed", n)
		}
		days = 1
		if n := day(); n != 1 {
			t.Fatalf("%d logs after a day with nothing to tell", n)
		}
		m := <-arrived
		if text := string(m.Raw); strings.Join(m.To, " ") != "library@example.org" || !strings.Contains(text, "0") || !strings.Contains(text, "Subject: ") {
			t.Fatalf("%+v %s", m.To, text)
		}
		days = 6
		if n := day(); n != 1 {
			t.Fatalf("%d logs after five days off", n)
		}
	})
}
