package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay"
	"smtpgateway/service/relay/relaytest"
)

// moody is a server that misbehaves by the dice.
type moody struct {
	mu   sync.Mutex
	dice *rand.Rand
	well atomic.Bool
}

// answer is what it says to a verb: mostly the right thing.
func (m *moody) answer(verb, _ string) string {
	if m.well.Load() {
		return relaytest.Default
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch n := m.dice.IntN(1000); {
	case n < 10:
		return relaytest.Abort
	case n < 18:
		return relaytest.Drop
	case n < 21:
		return relaytest.Silence
	case n < 29 && verb != relaytest.Body:
		return "421 4.3.2 Restarting"
	case n < 45 && verb != relaytest.Body:
		return "451 4.3.0 Later"
	case n < 47 && verb != relaytest.Body:
		return "999 what a day"
	}
	return relaytest.Default
}

// TestSoak: minutes with a server in every mood, a line that loses answers to the dot, services that stop and start,
// and mail coming in by both doors all the time.
func TestSoak(t *testing.T) {
	needLong(t)
	mood := &moody{dice: rand.New(rand.NewPCG(7, 11))} // #nosec G404 -- the same moods each time
	server := relaytest.Raw(t, relaytest.RawScript{Answer: mood.answer})
	line := startCutter(t, server, "250 2.0.0 queued", reset, 40)
	d := newDesk(t, portSettings(line.port)...)
	ahead := &clock{}
	quick := relay.Timeouts{Connect: 5 * time.Second, Greeting: time.Second, Command: time.Second, Data: time.Second, Body: time.Second, Dot: time.Second}
	// Asked for on the clock of the services: on our own, which is days behind, nobody would still be looking.
	asking, err := store.Open(t.Context(), place.At(d.data).Database(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = asking.Close() }()
	once := func() {
		id, err := asking.Ask(t.Context(), data.Request{Kind: data.RequestCheck, Asked: ahead.now()})
		if err != nil {
			t.Fatal(err)
		}
		d.until("the check that was asked for", func() bool {
			r, err := asking.Request(t.Context(), id)
			return err == nil && !r.Done.IsZero()
		})
	}
	routines, lives, queued := 0, 0, 0
	for over := time.After(3 * time.Minute); ; lives++ {
		l := d.live(gateway.Options{Now: ahead.now, Timeouts: quick, Grace: 2 * time.Second})
		<-l.host.ready
		for range 5 {
			var letters []string
			for range 10 {
				letters = append(letters, named(strconv.Itoa(queued), "p@example.org", "q@example.org"))
				d.drop(fmt.Sprintf("d%d.TMP", queued), named(fmt.Sprintf("d%d", queued), "p@example.org"))
				queued++
			}
			d.enqueue(letters...)
			once()
			ahead.add(time.Hour)
		}
		l.stop()
		if err := <-l.ended; err != nil {
			t.Fatal(err)
		}
		if lives == 1 {
			routines = runtime.NumGoroutine()
		}
		select {
		case <-over:
		default:
			continue
		}
		break
	}
	server.CloseConnections()
	d.until("no more goroutines than after the second life", func() bool { return runtime.NumGoroutine() <= routines+5 })

	mood.well.Store(true)
	d.ok("settings", "set", "messages_each_check=100000")
	g := d.gateway(gateway.Options{Now: ahead.now, Timeouts: quick})
	// What is uncertain waits its hour; what is so for the second time waits for a person. The line may still lose answers,
	// one a check.
	for left, stuck := -1, 0; left != 0; {
		ahead.add(2 * time.Hour)
		d.run("queue", "release", "--all")
		d.check(g)
		before, now := left, d.status()
		stuck++
		if left = int(now.Waiting + now.Held); left != before {
			stuck = 0
		}
		if stuck > 50 {
			t.Fatalf("%d do not go: %s %s", left, now.Trouble, now.Remedy)
		}
	}
	received := server.Counts()
	history := make(map[string][]attemptView)
	states := make(map[data.State]int)
	for _, e := range d.all() {
		states[data.State(e.State)]++
		if received[e.MessageID+" "+e.Recipient] > 1 {
			history[e.MessageID+" "+e.Recipient] = d.show(e.ID).History
		}
	}
	lost, doubles := 0, 0
	for i := range queued {
		for _, who := range []string{fmt.Sprintf("<%d@example.org> p@example.org", i), fmt.Sprintf("<%d@example.org> q@example.org", i), fmt.Sprintf("<d%d@example.org> p@example.org", i)} {
			n := received[who]
			if n == 0 {
				lost++
				t.Errorf("%s was lost", who)
			}
			uncertain := 0
			for _, a := range history[who] {
				if a.Outcome.Kind == data.KindUncertain {
					uncertain++
				}
			}
			if n > 1+uncertain {
				t.Errorf("%s came %d times with %d uncertain tries", who, n, uncertain)
			}
			doubles += max(n-1, 0)
		}
	}
	if states[data.Sent] != 3*queued {
		t.Errorf("%v", states)
	}
	if left, _ := filepath.Glob(filepath.Join(d.folder(), "*")); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	info, err := os.Stat(filepath.Join(d.data, "gateway.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d lives, %d deliveries over %d connections, %d lost, %d doubles, all admitted; %d answers lost on the line; %d KiB", lives+1, 3*queued, server.Connections(), lost, doubles, line.lost, info.Size()>>10)
}
