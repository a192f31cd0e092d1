package dispatch_test

import (
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/dispatch"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	const m, h = time.Minute, time.Hour
	sent := data.Outcome{Kind: data.KindSent, Phase: data.PhaseDot, Code: 250}
	later := data.Outcome{Kind: data.KindTemporary, Phase: data.PhaseRcpt, Code: 450, Sentence: "Come back later."}
	never := data.Outcome{Kind: data.KindPermanent, Phase: data.PhaseRcpt, Code: 550}
	lost := data.Outcome{Kind: data.KindUncertain, Phase: data.PhaseDot}
	dead := data.Outcome{Kind: data.KindServer, Phase: data.PhaseConnect, Sentence: "Nothing answers."}
	gone := data.Outcome{Kind: data.KindServer, Phase: data.PhaseDot, Code: 421}
	cut := data.Outcome{Kind: data.KindTemporary, Phase: data.PhaseBody}
	untouched := data.Outcome{Kind: data.KindUntouched}
	old := data.Delivery{ID: 5, FirstTried: 0}
	fresh := data.Delivery{ID: 5, FirstTried: 200 * h}
	half := data.Delivery{ID: 5, FirstTried: 198 * h}
	twice := data.Delivery{ID: 5, FirstTried: 200 * h, Uncertain: 1, Bound: 1}
	back := start.Add(12 * m)
	for _, c := range []struct {
		promise     string
		c           dispatch.Case
		state       data.State
		charged     bool
		bound       int
		least, most time.Duration
	}{
		{"sent is sent", dispatch.Case{Delivery: fresh, Outcome: sent}, data.Sent, true, 0, 0, 0},
		{"sent is sent however late", dispatch.Case{Delivery: old, Outcome: sent}, data.Sent, true, 0, 0, 0},
		{"sent is sent though the service stops", dispatch.Case{Delivery: fresh, Outcome: sent, Stopping: true}, data.Sent, true, 0, 0, 0},
		{"refused for good is failed", dispatch.Case{Delivery: fresh, Outcome: never}, data.Failed, true, 0, 0, 0},
		{"put off in the short range comes back soon", dispatch.Case{Delivery: fresh, Outcome: later}, data.Waiting, true, 0, 3 * m, 9 * m},
		{"put off in the slow range comes back late", dispatch.Case{Delivery: half, Outcome: later}, data.Waiting, true, 0, 60 * m, 90 * m},
		{"put off for 100 hours is given up", dispatch.Case{Delivery: old, Outcome: later}, data.Failed, true, 0, 0, 0},
		{"an outcome nobody knows is put off", dispatch.Case{Delivery: fresh, Outcome: data.Outcome{Kind: "odd"}}, data.Waiting, true, 0, 3 * m, 9 * m},
		{"lost after the dot waits long, bound to its server", dispatch.Case{Delivery: fresh, Outcome: lost, Server: 2}, data.Waiting, true, 2, 60 * m, 90 * m},
		{"lost after the dot is never given up unasked", dispatch.Case{Delivery: old, Outcome: lost, Server: 1}, data.Waiting, true, 1, 60 * m, 90 * m},
		{"lost twice is held for a person", dispatch.Case{Delivery: twice, Outcome: lost, Server: 1}, data.Held, true, 1, 0, 0},
		{"lost once, put off now, stays with its server", dispatch.Case{Delivery: twice, Outcome: later, Server: 1}, data.Waiting, true, 1, 3 * m, 9 * m},
		{"a dead server charges nobody", dispatch.Case{Delivery: fresh, Outcome: dead}, data.Waiting, false, 0, 0, 0},
		{"a dead server for 100 hours gives up", dispatch.Case{Delivery: old, Outcome: dead}, data.Failed, false, 0, 0, 0},
		{"not while the other server can take it", dispatch.Case{Delivery: old, Outcome: dead, Handover: true}, data.Waiting, false, 0, 0, 0},
		{"what the other server may not take is put back", dispatch.Case{Delivery: twice, Outcome: gone, Handover: true, StepBack: back}, data.Waiting, false, 1, 12 * m, 12 * m},
		{"421 in the middle steps back behind the others", dispatch.Case{Delivery: fresh, Outcome: gone, StepBack: back}, data.Waiting, false, 0, 12 * m, 12 * m},
		{"421 in the middle goes to the other server at once", dispatch.Case{Delivery: fresh, Outcome: gone, Handover: true, StepBack: back}, data.Waiting, false, 0, 0, 0},
		{"not offered is as if not claimed", dispatch.Case{Delivery: old, Outcome: untouched}, data.Waiting, false, 0, 0, 0},
		{"cut short by a stop is nobody's fault", dispatch.Case{Delivery: old, Outcome: cut, Stopping: true}, data.Waiting, false, 0, 0, 0},
		{"said by the server during a stop counts", dispatch.Case{Delivery: fresh, Outcome: later, Stopping: true}, data.Waiting, true, 0, 3 * m, 9 * m},
		{"a test fails at once when put off", dispatch.Case{Delivery: fresh, Outcome: later, Single: true}, data.Failed, true, 0, 0, 0},
		{"a test fails at once when the server is dead", dispatch.Case{Delivery: fresh, Outcome: dead, Single: true}, data.Failed, true, 0, 0, 0},
		{"a test fails at once when lost", dispatch.Case{Delivery: fresh, Outcome: lost, Single: true}, data.Failed, true, 0, 0, 0},
	} {
		t.Run(c.promise, func(t *testing.T) {
			t.Parallel()
			c.c.Now, c.c.Running, c.c.Short, c.c.GiveUp = start, 200*h, h, 100*h
			v := dispatch.Judge(c.c, dice())
			if v.Delivery != 5 || v.State != c.state || v.Charged != c.charged || v.Bound != c.bound {
				t.Errorf("%+v", v)
			}
			if wait := v.Due.Sub(start); wait < c.least || wait > c.most {
				t.Errorf("waits %v, want %v to %v", wait, c.least, c.most)
			}
			if v.State == data.Failed && v.Outcome.Kind != data.KindPermanent && !c.c.Single &&
				!strings.Contains(v.Outcome.Sentence, "100 hours") {
				t.Errorf("given up without a word: %q", v.Outcome.Sentence)
			}
		})
	}
}

func TestRoom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		promise string
		limit   int
		used    int64
		room    int
	}{
		{"no cap, the usual hundred", 0, 1 << 40, 100},
		{"far from the cap, the usual hundred", 9000, 0, 100},
		{"near the cap, the rest of it", 450, 443, 7},
		{"at the cap, nothing", 450, 450, 0},
		{"beyond a cap that was lowered, nothing", 100, 450, 0},
	} {
		t.Run(c.promise, func(t *testing.T) {
			t.Parallel()
			if got := dispatch.Room(c.limit, c.used); got != c.room {
				t.Errorf("%d, want %d", got, c.room)
			}
		})
	}
}
