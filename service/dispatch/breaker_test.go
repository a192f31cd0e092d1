package dispatch_test

import (
	"slices"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/dispatch"
)

func refused(delivery int64, o data.Outcome) data.Verdict {
	o.Kind = data.KindPermanent
	return data.Verdict{Delivery: delivery, State: data.Failed, Outcome: o}
}

func TestBreaker(t *testing.T) {
	t.Parallel()
	spf := data.Outcome{Phase: data.PhaseDot, Code: 550, Enhanced: "5.7.26", Blame: data.BlameIT}
	relay := data.Outcome{Phase: data.PhaseRcpt, Code: 550, Enhanced: "5.7.1", Blame: data.BlameIT}
	unknown := data.Outcome{Phase: data.PhaseRcpt, Code: 550, Enhanced: "5.1.1", Blame: data.BlameRecipient}
	large := data.Outcome{Phase: data.PhaseMail, Code: 552, Enhanced: "5.3.4", Blame: data.BlameMessage}
	local := data.Outcome{Phase: data.PhaseLocal, Blame: data.BlameMessage}
	sent := data.Verdict{State: data.Sent, Outcome: data.Outcome{Kind: data.KindSent}}
	later := data.Verdict{State: data.Waiting, Outcome: data.Outcome{Kind: data.KindTemporary, Code: 451}}
	type message []data.Verdict
	for _, c := range []struct {
		promise  string
		messages []message
		trips    bool
		failed   []int64
	}{
		{"three messages refused alike are the server's doing", []message{{refused(1, spf)}, {refused(2, spf)}, {refused(3, spf)}}, true, []int64{1, 2}},
		{"two are not", []message{{refused(1, spf)}, {refused(2, spf)}}, false, []int64{1, 2}},
		{"a message that went starts the count again", []message{{refused(1, spf)}, {refused(2, spf)}, {sent}, {refused(3, spf)}}, false, []int64{3}},
		{"a message that went to somebody went", []message{{refused(1, spf)}, {refused(2, spf)}, {refused(3, spf), sent}}, false, nil},
		{"unknown recipients are nobody's doing but theirs", []message{{refused(1, unknown)}, {refused(2, unknown)}, {refused(3, unknown)}}, false, nil},
		{"messages too large are counted never", []message{{refused(1, large)}, {refused(2, large)}, {refused(3, large)}}, false, nil},
		{"rules of ours are counted never", []message{{refused(1, local)}, {refused(2, local)}, {refused(3, local)}}, false, nil},
		{"different refusals are not alike", []message{{refused(1, spf)}, {refused(2, relay)}, {refused(3, spf)}}, false, []int64{3}},
		{"an unknown recipient in between changes nothing", []message{{refused(1, spf)}, {refused(2, unknown)}, {refused(3, spf)}, {later}, {refused(4, spf)}}, true, []int64{1, 3}},
		{"every recipient refused goes back", []message{{refused(1, relay), refused(2, unknown), refused(3, relay)}, {refused(4, relay)}, {refused(5, relay)}}, true, []int64{1, 3, 4}},
	} {
		t.Run(c.promise, func(t *testing.T) {
			t.Parallel()
			var b dispatch.Breaker
			trips := false
			for i, m := range c.messages {
				trips = b.See(int64(i+1), m)
			}
			if trips != c.trips || !slices.Equal(b.Failed(), c.failed) {
				t.Errorf("trips %v, takes back %v; want %v, %v", trips, b.Failed(), c.trips, c.failed)
			}
		})
	}
	t.Run("one message sent in parts is one message", func(t *testing.T) {
		t.Parallel()
		var b dispatch.Breaker
		for i := range int64(5) {
			if b.See(1, []data.Verdict{refused(i, spf)}) {
				t.Fatal("trips over a single message")
			}
		}
	})
}
