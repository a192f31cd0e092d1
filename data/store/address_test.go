package store_test

import (
	"fmt"
	"testing"

	"smtpgateway/data"
)

// dead is a verdict of a server that knows no such mailbox.
func dead(v *data.Verdict) {
	v.Outcome.Phase, v.Outcome.Code, v.Outcome.Enhanced, v.Outcome.Blame = data.PhaseRcpt, 550, "5.1.1", data.BlameRecipient
	v.Outcome.Sentence = "The address does not exist."
}

func (l *school) health() map[string]data.AddressState {
	l.t.Helper()
	all, err := l.Addresses(l.t.Context())
	ok(l.t, err)
	health := map[string]data.AddressState{}
	for _, a := range all {
		health[a.Address] = a
	}
	return health
}

// send lets a mail to an address end.
func (l *school) send(address string, state data.State, kind data.Kind, options ...func(*data.Verdict)) int64 {
	l.t.Helper()
	m := l.accept(to(address))
	l.record(l.claim(func(w *data.Want) { w.Message = m }), state, kind, options...)
	return m
}

func TestAddressHealth(t *testing.T) {
	family := func(t *testing.T) (*school, []data.Patron) {
		t.Helper()
		l := newSchool(t)
		anna, ole := person("P1", "Anna", "Berg", "5A"), person("P2", "Ole", "Berg", "6B")
		for _, p := range []*data.Patron{&anna, &ole} {
			p.Guardians = []data.Guardian{{Name: "Ida", Email: "Ida@Home.org", Notices: true}}
		}
		return l, l.people(anna, ole)
	}
	t.Run("a refusal for good marks the address, for everybody who uses it", func(t *testing.T) {
		l, all := family(t)
		revision := l.base()
		m := l.send("ida@home.org", data.Failed, data.KindPermanent, dead)
		mark := l.health()["ida@home.org"]
		wantEqual(t, "health", mark.Health, data.AddressFailed)
		wantEqual(t, "reason", mark.Reason, "The address does not exist.")
		wantEqual(t, "message", mark.Message, m)
		wantEqual(t, "list", fmt.Sprint(l.names(data.PatronQuery{Filter: data.FilterBad})), "[Anna Berg Ole Berg]")
		wantEqual(t, "events", l.number(`SELECT count(*) FROM patron_event WHERE kind = 'address'`), 2)
		wantEqual(t, "roster", l.roster().Health["ida@home.org"].Health, data.AddressFailed)
		wantEqual(t, "raised", l.base() > revision, true)
		counts, err := l.PatronCounts(t.Context(), november)
		ok(t, err)
		wantEqual(t, "bad", counts.Bad, 2)
		wantEqual(t, "patrons", len(all), 2)
	})
	t.Run("a mail that arrived clears it", func(t *testing.T) {
		l, _ := family(t)
		l.send("ida@home.org", data.Failed, data.KindPermanent, dead)
		l.send("Ida@home.org", data.Sent, data.KindSent)
		wantEqual(t, "marks", len(l.health()), 0)
		wantEqual(t, "list", len(l.names(data.PatronQuery{Filter: data.FilterBad})), 0)
	})
	t.Run("a mail that arrived does not clear who wants none, nor does a refusal", func(t *testing.T) {
		l, _ := family(t)
		ok(t, l.MarkAddress(t.Context(), data.AddressState{Address: "ida@HOME.org", Health: data.AddressRefused, Reason: "Asked us to."}))
		l.send("ida@home.org", data.Sent, data.KindSent)
		l.send("ida@home.org", data.Failed, data.KindPermanent, dead)
		wantEqual(t, "reason", l.health()["ida@home.org"].Reason, "Asked us to.")
		ok(t, l.ClearAddress(t.Context(), "IDA@home.org"))
		wantEqual(t, "marks", len(l.health()), 0)
	})
	for name, refusal := range map[string]func(*data.Verdict){
		"a full mailbox": func(v *data.Verdict) { dead(v); v.Outcome.Enhanced = "5.2.2" },
		"a policy":       func(v *data.Verdict) { dead(v); v.Outcome.Enhanced, v.Outcome.Blame = "5.7.1", data.BlameIT },
		"a message too large": func(v *data.Verdict) {
			dead(v)
			v.Outcome.Enhanced, v.Outcome.Blame = "5.3.4", data.BlameMessage
		},
		"what never reached the server": func(v *data.Verdict) { dead(v); v.Outcome.Phase = data.PhaseLocal },
		"one given up after days":       func(v *data.Verdict) { dead(v); v.Outcome.Kind = data.KindTemporary },
	} {
		t.Run(name+" marks nothing", func(t *testing.T) {
			l, _ := family(t)
			l.send("ida@home.org", data.Failed, data.KindPermanent, refusal)
			wantEqual(t, "marks", len(l.health()), 0)
		})
	}
	t.Run("an address nobody here uses is not kept", func(t *testing.T) {
		l, _ := family(t)
		l.send("somebody@home.org", data.Failed, data.KindPermanent, dead)
		l.send("a@home.org", data.Failed, data.KindPermanent, dead) // part of another one
		wantEqual(t, "marks", len(l.health()), 0)
	})
	t.Run("who gets a marked address by hand or by a list is marked", func(t *testing.T) {
		l, _ := family(t)
		ok(t, l.MarkAddress(t.Context(), data.AddressState{Address: "dead@home.org", Health: data.AddressFailed, Reason: "Gone."}))
		p := person("P3", "Max", "Ohm", "")
		p.Email = "Dead@home.org"
		all := l.people(p)
		wantEqual(t, "list", fmt.Sprint(l.names(data.PatronQuery{Filter: data.FilterBad})), "[Max Ohm]")
		all[0].Email = "max@home.org"
		_, err := l.SavePatron(t.Context(), all[0])
		ok(t, err)
		wantEqual(t, "list", len(l.names(data.PatronQuery{Filter: data.FilterBad})), 0)
	})
}
