package screen

import (
	"context"
	"slices"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// How much of what happened to a patron is shown at first, and at most.
const (
	timelineFew  = 6
	timelineMost = 500
)

// Patron is the screen of one person: what is known, what they have at home, whether mail arrives, and why they did or
// did not get a notice. What is typed is kept apart from what is stored until Save.
type Patron struct {
	OnChange func() // something shown changed; nil: nobody looks

	desk  *Desk
	id    int64       // 0: not stored yet
	base  data.Patron // as stored when editing began
	draft data.Patron // as typed
	seen  data.Patron // as stored now

	loans    []data.Loan
	health   map[string]data.AddressState
	timeline []data.TimelineLine
	few      int // lines of the timeline asked for

	loaded  bool
	gone    bool // deleted
	problem *data.Error
	asked   int64
	busy    string // what is being done; empty: nothing
	said    Said
	export  exporting
}

// NewPatron makes the screen of one person; 0: of a new one. Nothing is asked before Refresh.
func NewPatron(d *Desk, id int64) *Patron {
	p := &Patron{desk: d, id: id, few: timelineFew}
	if id == 0 {
		p.draft.AutoOverdue = true
		p.base, p.seen, p.loaded = p.draft, p.draft, true
	}
	return p
}

func (p *Patron) changed() {
	if p.OnChange != nil {
		p.OnChange()
	}
}

// person is all the store knows of somebody.
type person struct {
	patron   data.Patron
	loans    []data.Loan
	health   map[string]data.AddressState
	timeline []data.TimelineLine
}

func readPerson(ctx context.Context, s *store.Store, id int64, few int) (got person, err error) {
	if got.patron, err = s.Patron(ctx, id); err != nil {
		return got, err
	}
	if got.loans, err = s.Loans(ctx, id, false); err != nil {
		return got, err
	}
	trouble, err := s.Addresses(ctx)
	if err != nil {
		return got, err
	}
	got.health = map[string]data.AddressState{}
	for _, a := range trouble {
		got.health[a.Address] = a
	}
	got.timeline, err = s.Timeline(ctx, id, few+1) // one more tells whether there are more
	return got, err
}

// Refresh reads the person, or reads again what may have changed. What is typed and not saved stays.
func (p *Patron) Refresh(c Change) {
	switch {
	case p.id == 0 || p.gone:
		return
	case !c.Store && p.loaded:
		if c.Minute {
			p.changed()
		}
		return
	}
	p.asked++
	number, id, few := p.asked, p.id, p.few
	GoStore(p.desk, func(ctx context.Context, s *store.Store) (person, error) {
		return readPerson(ctx, s, id, few)
	}, func(got person, err error) {
		if number != p.asked || p.gone {
			return
		}
		if err != nil {
			p.problem = asError(err)
		} else {
			p.problem, p.loaded = nil, true
			p.take(got)
		}
		p.changed()
	})
}

func (p *Patron) take(got person) {
	p.loans, p.health, p.timeline = got.loans, got.health, got.timeline
	dirty := p.Dirty()
	p.seen = got.patron
	if !dirty {
		p.begin(got.patron)
	}
}

// begin edits what is stored.
func (p *Patron) begin(from data.Patron) {
	p.base, p.draft = from, from
	p.draft.Guardians = slices.Clone(from.Guardians)
}

// Problem is why nothing can be shown; nil: nothing is wrong. Loaded reports whether there is something to show.
func (p *Patron) Problem() *data.Error { return p.problem }

// Loaded reports whether the person has been read; a new one always is.
func (p *Patron) Loaded() bool { return p.loaded }

// Gone reports whether the person was deleted here.
func (p *Patron) Gone() bool { return p.gone }

// New reports whether the person is not stored yet.
func (p *Patron) New() bool { return p.id == 0 }

// ID is the person's number; 0: not stored yet.
func (p *Patron) ID() int64 { return p.id }

// Title is whom the screen shows.
func (p *Patron) Title() string {
	switch {
	case p.id == 0:
		return p.desk.Say("New patron")
	case p.seen.Name() == "":
		return p.desk.Say("(no name)")
	}
	return p.seen.Name()
}

// Subtitle says where the person belongs: "7B, year 7, card 1234".
func (p *Patron) Subtitle() string {
	var parts []string
	if p.seen.Group != "" {
		parts = append(parts, p.seen.Group)
	}
	if p.seen.Level != "" {
		parts = append(parts, p.desk.Say("year {{.Level}}", With("Level", p.seen.Level)))
	}
	if p.seen.Card != "" {
		parts = append(parts, p.desk.Say("card {{.Card}}", With("Card", p.seen.Card)))
	}
	return listed(parts)
}

func listed(parts []string) string {
	return strings.Join(parts, ", ")
}

// State is whether the person gets mail for now, and if not, why.
func (p *Patron) State() Standing {
	d := p.desk
	switch {
	case p.id == 0:
		return Standing{}
	case p.seen.Left != 0:
		return Standing{MoodOff, d.Say("Left: missing from the list of patrons since {{.Day}}. Gets no letters and notices.", With("Day", d.Date(p.seen.Left)))}
	case p.seen.Held(d.today()):
		words := d.Say("Held until {{.Day}}: no letters and notices.", With("Day", d.Date(p.seen.HoldUntil)))
		if p.seen.HoldReason != "" {
			words = d.Say("Held until {{.Day}} ({{.Reason}}): no letters and notices.", With("Day", d.Date(p.seen.HoldUntil), "Reason", p.seen.HoldReason))
		}
		return Standing{MoodWarn, words}
	case !p.seen.AutoOverdue:
		return Standing{MoodOff, d.Say("Automatic notices are off.")}
	}
	return Standing{MoodGood, d.Say("Automatic notices are on.")}
}

// Held reports whether the person is held.
func (p *Patron) Held() bool { return p.id != 0 && p.seen.Held(p.desk.today()) }

// Said is how the last thing done ended; empty: nothing was done.
func (p *Patron) Said() Said { return p.said }

// Busy says what is being done; empty: nothing.
func (p *Patron) Busy() string { return p.busy }

// do changes something of the person in the store, says how it ended, and reads again.
func (p *Patron) do(doing, done string, change func(ctx context.Context, s *store.Store) error) {
	if p.busy != "" || p.id == 0 {
		return
	}
	p.busy, p.said = doing, Said{}
	p.changed()
	GoStore(p.desk, func(ctx context.Context, s *store.Store) (struct{}, error) {
		return struct{}{}, change(ctx, s)
	}, func(_ struct{}, err error) {
		p.busy = ""
		if err != nil {
			p.said = Said{Words: asError(err).Error(), Bad: true}
		} else {
			p.said = Said{Words: done, Good: true}
		}
		p.changed()
		p.Refresh(Change{Store: true})
		p.desk.Wake()
	})
}

// clockOf is a moment as a line of a list begins: "Tue 24 Nov 2026, 06:30".
func (d *Desk) clockOf(t time.Time) string { return d.DayName(t) + ", " + d.Clock(t) }
