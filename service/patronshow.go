package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// timelineView is one line of what happened to a patron, for programs. The names are part of the interface.
type timelineView struct {
	data.TimelineLine

	Words string     `json:"words"`
	Mail  *entryView `json:"mail,omitempty"`
}

func (a *app) patronsShow() *cobra.Command {
	var limit int
	c := &cobra.Command{Use: "show KEY", Short: "Show one patron, and why they did or did not get a notice", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		if err := between(limit, 500); err != nil {
			return err
		}
		roomy()
		ctx := c.Context()
		return a.withStore(ctx, func(s *store.Store) error {
			p, err := patronNamed(ctx, s, args[0])
			if err != nil {
				return err
			}
			loans, err := s.Loans(ctx, p.ID, false)
			if err != nil {
				return err
			}
			lines, err := s.Timeline(ctx, p.ID, limit)
			if err != nil {
				return err
			}
			bad, err := badAddresses(ctx, s, p)
			if err != nil {
				return err
			}
			views := make([]timelineView, len(lines))
			for i := range lines {
				views[i] = timelineViewOf(&lines[i])
			}
			if a.json {
				return encode(a.Out, struct {
					data.Patron

					Loans     []data.Loan         `json:"loans"`
					Addresses []data.AddressState `json:"bad_addresses,omitempty"`
					Timeline  []timelineView      `json:"timeline"`
				}{*p, loans, bad, views})
			}
			a.patronWords(p, bad)
			a.loanLines(loanViewsOf(p, loans, data.DateOf(time.Now())))
			a.sayf("\nWhat happened, newest first:")
			for _, v := range views {
				a.sayf("  %s  %-6s  %s", cut(when(v.At), 21), v.Kind, v.Words)
			}
			return nil
		})
	}}
	c.Flags().IntVar(&limit, "limit", 50, "at most so many lines of what happened, 1 to 500")
	return c
}

// badAddresses are those of a patron and guardians that mail does not arrive at.
func badAddresses(ctx context.Context, s *store.Store, p *data.Patron) ([]data.AddressState, error) {
	all, err := s.Addresses(ctx)
	if err != nil {
		return nil, err
	}
	var bad []data.AddressState
	for _, st := range all {
		is := strings.EqualFold(st.Address, p.Email)
		for _, g := range p.Guardians {
			is = is || strings.EqualFold(st.Address, g.Email)
		}
		if is {
			bad = append(bad, st)
		}
	}
	return bad, nil
}

func (a *app) patronWords(p *data.Patron, bad []data.AddressState) {
	a.sayf("%s", p.Name())
	line := func(name, value string) {
		if value != "" {
			a.sayf("  %s  %s", cut(name, 18), value)
		}
	}
	line("Key", p.Key)
	line("Card", p.Card)
	line("Group", p.Group)
	line("Level", p.Level)
	line("E-mail", p.Email)
	for _, g := range p.Guardians {
		who := strings.TrimSpace(strings.TrimSpace(g.Role+" "+g.Name) + " " + g.Email)
		if !g.Notices {
			who += " (gets no letters)"
		}
		line("Guardian", who)
	}
	line("Language", p.Language)
	line("Address", strings.ReplaceAll(p.Address, "\n", ", "))
	notices := "no"
	if p.AutoOverdue {
		notices = "yes"
	}
	line("Automatic notices", notices)
	if p.HoldUntil != 0 {
		line("Held", "up to and including "+p.HoldUntil.String()+". "+p.HoldReason)
	}
	if p.Left != 0 {
		line("Left", "not in the list since "+p.Left.String())
	}
	for _, st := range bad {
		line("Does not arrive", st.Address+": "+st.Reason)
	}
}

func timelineViewOf(l *data.TimelineLine) timelineView {
	v := timelineView{TimelineLine: *l, Words: l.Text}
	if l.Decision != nil {
		v.Words = strings.TrimSpace(mailing.Reason(l.Decision))
		if l.Practice && (l.Decision.Ruling == data.RulingSend || l.Decision.Ruling == data.RulingAlong) {
			v.Words = "Practice: " + v.Words
		}
		if l.Decision.Title != "" {
			v.Words = l.Decision.Title + ", due " + l.Decision.Due.String() + ": " + v.Words
		}
	}
	if l.Entry != nil {
		mail := viewOf(*l.Entry)
		v.Mail = &mail
		v.Words = strings.TrimSpace(mail.Subject + " to " + mail.Recipient + ": " + mail.Words + ". " + mail.Reason)
	}
	return v
}
