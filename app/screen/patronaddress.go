package screen

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// AddressRow is one address of a person and whether mail arrives there.
type AddressRow struct {
	Address string
	Whose   string
	State   string // in words; empty: nothing is known against it
	Mark    Mark
	Reason  string
	CanMend bool // "mail works again" is offered
	CanStop bool // "wants no e-mail" is offered
}

// Addresses are those of the person and the guardians, as they are stored.
func (p *Patron) Addresses() []AddressRow {
	if p.id == 0 {
		return nil
	}
	var rows []AddressRow
	if p.seen.Email != "" {
		rows = append(rows, p.address(p.seen.Email, p.desk.Say("own address"), true))
	}
	for _, g := range p.seen.Guardians {
		whose := p.desk.Say("guardian")
		if g.Role != "" {
			whose = g.Role
		}
		if g.Name != "" {
			whose = g.Name + ", " + whose
		}
		rows = append(rows, p.address(g.Email, whose, g.Notices))
	}
	return rows
}

func (p *Patron) address(address, whose string, notices bool) AddressRow {
	d := p.desk
	r := AddressRow{Address: address, Whose: whose, Mark: MarkGood}
	a, err := data.ParseAddress(address)
	if err != nil {
		r.Mark, r.State, r.Reason = MarkBad, d.Say("not an e-mail address"), asError(err).Error()
		return r
	}
	known, trouble := p.health[a.Key()]
	switch {
	case trouble && known.Health == data.AddressRefused:
		r.Mark, r.State, r.CanMend = MarkOff, d.Say("wants no e-mail, since {{.Day}}", With("Day", d.DayName(known.Since))), true
	case trouble:
		r.Mark, r.State, r.CanMend, r.CanStop = MarkBad, d.Say("fails, since {{.Day}}", With("Day", d.DayName(known.Since))), true, true
		r.Reason = known.Reason
	case !notices:
		r.Mark, r.State, r.CanStop = MarkOff, d.Say("gets no letters and notices"), true
	default:
		r.CanStop = true
	}
	return r
}

// MailWorks forgets what is known against an address, for everybody who uses it.
func (p *Patron) MailWorks(address string) {
	a, err := data.ParseAddress(address)
	if err != nil {
		return
	}
	p.do(p.desk.Say("Saving."), p.desk.Say("Mail goes to {{.Address}} again.", With("Address", address)), func(ctx context.Context, s *store.Store) error {
		return s.ClearAddress(ctx, a.Key())
	})
}

// NoMail notes that whoever owns an address wants none, for everybody who uses it.
func (p *Patron) NoMail(address string) {
	a, err := data.ParseAddress(address)
	if err != nil {
		return
	}
	state := data.AddressState{Address: a.Key(), Health: data.AddressRefused, Reason: p.desk.Say("Its owner wants no e-mail."), Since: p.desk.Now()}
	p.do(p.desk.Say("Saving."), p.desk.Say("Nothing goes to {{.Address}} any more.", With("Address", address)), func(ctx context.Context, s *store.Store) error {
		return s.MarkAddress(ctx, state)
	})
}
