package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mailing"
	"smtpgateway/data/notice"
	"smtpgateway/data/store"
)

func (a *app) lettersCommand() *cobra.Command {
	c := &cobra.Command{Use: "letters", Short: "Letters to patrons and guardians, by e-mail and on paper", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(a.lettersList(), a.lettersPreview(), a.lettersQueue(), a.lettersPrint(), a.templatesCommand())
	return c
}

// choiceFlags say which letters are meant.
type choiceFlags struct {
	template, audience, which string
	groups, patrons           []string
	days                      int
}

func (f *choiceFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.template, "template", "overdue-first", "which letter; smtp-gateway letters templates list shows them")
	c.Flags().StringVar(&f.audience, "audience", string(data.ToPatron), "to whom: patron, guardian, both, guardian-if-none")
	c.Flags().StringSliceVar(&f.groups, "group", nil, "only these groups; none: all")
	c.Flags().StringSliceVar(&f.patrons, "patron", nil, "only these patrons, by key or card")
	c.Flags().StringVar(&f.which, "loans", "", "about which loans: overdue, due, all, none; empty: as the letter has it")
	c.Flags().IntVar(&f.days, "days", 0, "of overdue loans: at least so many days late; of those due: within so many days")
}

func (f *choiceFlags) choice(ctx context.Context, s *store.Store) (mailing.Choice, error) {
	c := mailing.Choice{Template: f.template, Audience: data.Audience(f.audience), Groups: f.groups, Which: notice.Which(f.which), Days: f.days}
	if err := f.daysOf(&c); err != nil {
		return c, err
	}
	if err := groupsNamed(ctx, s, f.groups); err != nil {
		return c, err
	}
	switch c.Audience {
	case data.ToPatron, data.ToGuardian, data.ToBoth, data.ToEither:
	default:
		return c, &data.Error{Code: data.CodeUsage, Sentence: fmt.Sprintf("%q is no audience.", data.Clean(f.audience, 40)), Next: "Use patron, guardian, both or guardian-if-none."}
	}
	switch c.Which {
	case "", notice.WhichOverdue, notice.WhichDue, notice.WhichAll, notice.WhichNone:
	default:
		return c, &data.Error{Code: data.CodeUsage, Sentence: fmt.Sprintf("%q says nothing about loans.", data.Clean(f.which, 40)), Next: "Use overdue, due, all or none."}
	}
	for _, name := range f.patrons {
		p, err := patronNamed(ctx, s, name)
		if err != nil {
			return c, err
		}
		c.Patrons = append(c.Patrons, p.ID)
	}
	return c, nil
}

// daysOf says about which loans the letters are where only days are given: those the letter is about by itself.
func (f *choiceFlags) daysOf(c *mailing.Choice) error {
	if c.Which == "" && f.days != 0 {
		c.Which, _ = mailing.Usual(c.Template)
	}
	if f.days < 0 || f.days > 0 && (c.Which == notice.WhichAll || c.Which == notice.WhichNone) {
		return usage("A number of days does not go with these letters.", "Use --days with --loans overdue or --loans due.")
	}
	return nil
}

// groupsNamed looks whether there are such groups: a name mistyped would be a list of nobody.
func groupsNamed(ctx context.Context, s *store.Store, names []string) error {
	if len(names) == 0 {
		return nil
	}
	all, err := s.Groups(ctx)
	if err != nil {
		return err
	}
	groups := make([]string, len(all))
	for i, g := range all {
		groups[i] = g.Group
	}
	for _, name := range names {
		if slices.ContainsFunc(groups, func(g string) bool { return strings.EqualFold(strings.TrimSpace(g), strings.TrimSpace(name)) }) {
			continue
		}
		next := "No patron is in a group yet."
		if near := letter.Nearest(name, groups); near != "" {
			next = "Did you mean " + near + "?"
		} else if len(groups) > 0 {
			next = "There are " + quoted(groups) + "."
		}
		return &data.Error{Code: data.CodeNotFound, Sentence: fmt.Sprintf("There is no group %q.", data.Clean(name, 60)), Next: next}
	}
	return nil
}

// patronNamed finds a patron by key, else by card.
func patronNamed(ctx context.Context, s *store.Store, name string) (*data.Patron, error) {
	r, err := s.Roster(ctx, data.RosterQuery{})
	if err != nil {
		return nil, err
	}
	var byCard *data.Patron
	for i := range r.Patrons {
		p := &r.Patrons[i]
		if strings.EqualFold(p.Key, name) {
			return p, nil
		}
		if byCard == nil && p.Card != "" && strings.EqualFold(p.Card, name) {
			byCard = p
		}
	}
	if byCard == nil {
		return nil, &data.Error{Code: data.CodeNotFound, Sentence: fmt.Sprintf("There is no patron %q.", data.Clean(name, 60)), Next: "smtp-gateway patrons list shows them."}
	}
	return byCard, nil
}

// withBatch prepares the letters that are meant.
func (a *app) withBatch(c *cobra.Command, f *choiceFlags, work func(*mailing.Mailer, *data.Settings, *mailing.Batch) error) error {
	return a.withMailer(c.Context(), func(s *store.Store, m *mailing.Mailer, set *data.Settings) error {
		choice, err := f.choice(c.Context(), s)
		if err != nil {
			return err
		}
		b, err := m.Prepare(c.Context(), set, choice)
		if err != nil {
			return err
		}
		return work(m, set, b)
	})
}

func (a *app) withMailer(ctx context.Context, work func(*store.Store, *mailing.Mailer, *data.Settings) error) error {
	roomy()
	return a.withStore(ctx, func(s *store.Store) error {
		set, _, _, err := readSettings(ctx, s)
		if err != nil {
			return err
		}
		return work(s, mailing.New(mailing.Options{Store: s}), &set)
	})
}

// letterView is one letter, or one patron without, for programs. The names are part of the interface.
type letterView struct {
	Patron   string   `json:"patron"`
	Name     string   `json:"name"`
	Group    string   `json:"group"`
	Way      string   `json:"way"`
	Role     string   `json:"role"`
	To       []string `json:"to,omitempty"`
	Loans    []string `json:"loans,omitempty"`
	Also     []string `json:"also_on_loan,omitempty"`
	Stage    string   `json:"stage,omitempty"`
	Template string   `json:"template,omitempty"`
	Ruling   string   `json:"ruling,omitempty"`
	Why      string   `json:"why,omitempty"`
}

func letterViewOf(m *notice.Mail, way mailing.Way) letterView {
	v := letterView{
		Patron: m.Patron.Key, Name: m.Patron.Name(), Group: m.Patron.Group, Way: string(way), Role: string(m.Role), To: m.To,
		Loans: titles(m.Loans), Also: titles(m.Also), Template: m.Template, Ruling: string(m.Ruling), Why: m.Why,
	}
	if m.Stage != (data.Stage{}) {
		v.Stage = m.Stage.Name()
	}
	return v
}

func titles(loans []data.Loan) []string {
	all := make([]string, len(loans))
	for i := range loans {
		all[i] = loans[i].Title
	}
	return all
}

func (a *app) lettersList() *cobra.Command {
	var f choiceFlags
	c := &cobra.Command{Use: "list", Short: "Show who gets a letter and what it is about, and who does not and why", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return a.withBatch(c, &f, func(_ *mailing.Mailer, _ *data.Settings, b *mailing.Batch) error {
			views := make([]letterView, len(b.Lines))
			for i := range b.Lines {
				views[i] = letterViewOf(&b.Lines[i].Mail, b.Lines[i].Way)
			}
			if a.json {
				return encode(a.Out, map[string]any{
					"template": b.Choice.Template, "mail": b.Count(mailing.ByMail, false), "paper": b.Count(mailing.OnPaper, false),
					"left_out": b.Count(mailing.LeftOut, false), "letters": views,
				})
			}
			a.letterLines(views)
			a.sayf("%d by e-mail, %d on paper, %d left out.", b.Count(mailing.ByMail, false), b.Count(mailing.OnPaper, false), b.Count(mailing.LeftOut, false))
			return nil
		})
	}}
	f.add(c)
	return c
}

// letterLines prints one line a letter; the loans of those who get one stand where others have the reason.
func (a *app) letterLines(views []letterView) {
	if len(views) == 0 {
		return
	}
	a.sayf("%-5s  %s  %s  %s  %s", "HOW", cut("NAME", 24), cut("GROUP", 8), cut("TO", 30), "WHAT")
	for _, v := range views {
		what := strings.Join(v.Loans, "; ")
		if v.Why != "" {
			what = strings.TrimSpace(v.Why + " " + what)
		}
		a.sayf("%-5s  %s  %s  %s  %s", v.Way, cut(v.Name, 24), cut(v.Group, 8), cut(strings.Join(v.To, ", "), 30), what)
	}
}

func (a *app) lettersPreview() *cobra.Command {
	var f choiceFlags
	var html, send bool
	c := &cobra.Command{Use: "preview", Short: "Show one letter as its reader would have it", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		if len(f.patrons) != 1 {
			return usage("Whose letter? One patron's can be shown at a time.", "Add --patron KEY.")
		}
		return a.withBatch(c, &f, func(m *mailing.Mailer, set *data.Settings, b *mailing.Batch) error {
			if len(b.Lines) == 0 || b.Lines[0].Way == mailing.LeftOut {
				why := "There is no such loan."
				if len(b.Lines) > 0 {
					why = b.Lines[0].Why
				}
				return &data.Error{Code: data.CodeNotFound, Sentence: "This patron gets no such letter. " + why, Next: "Choose another letter, or --loans all."}
			}
			one := &b.Lines[0].Mail
			if send {
				return a.sendPreview(c.Context(), m, set, one)
			}
			p, err := m.Preview(c.Context(), set, one)
			switch {
			case err != nil:
				return err
			case a.json:
				return encode(a.Out, p)
			case html:
				_, err := io.WriteString(a.Out, p.HTML)
				return err
			}
			a.sayf("From     %s\nTo       %s\nSubject  %s\n\n%s", p.From, p.To, p.Subject, p.Text)
			return nil
		})
	}}
	f.add(c)
	c.Flags().BoolVar(&html, "html", false, "the HTML part instead of the text")
	c.Flags().BoolVar(&send, "send", false, "send it to the Test to address")
	return c
}

func (a *app) sendPreview(ctx context.Context, m *mailing.Mailer, set *data.Settings, one *notice.Mail) error {
	id, err := m.SendPreview(ctx, set, one)
	if err != nil {
		return err
	}
	if a.json {
		return encode(a.Out, map[string]any{"message": id, "to": set.TestTo})
	}
	a.sayf("Waits to be sent to %s as message %d.", set.TestTo, id)
	return nil
}

func (a *app) lettersQueue() *cobra.Command {
	var f choiceFlags
	var yes, again bool
	c := &cobra.Command{Use: "queue", Short: "Put letters into the queue", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return a.withBatch(c, &f, func(m *mailing.Mailer, set *data.Settings, b *mailing.Batch) error {
			n := b.Count(mailing.ByMail, true)
			switch {
			case n == 0:
				return &data.Error{Code: data.CodeNotFound, Sentence: "There is no letter that could go by e-mail.", Next: "smtp-gateway letters list tells why; letters print puts the others on paper."}
			case !yes:
				return &data.Error{Code: data.CodeUsage, Sentence: "Nothing was queued: this would be " + countOf(n, "letter", "letters") + ".", Next: "Look at them with letters list, then add --yes."}
			}
			b.Again = again
			sent, err := m.Queue(c.Context(), set, b, a.progress("letters queued"))
			if err != nil {
				return err
			}
			if sent.Stopped {
				a.exit = exitNo
			}
			if a.json {
				return encode(a.Out, sent)
			}
			a.sayf("%s", sent)
			if sent.Queued > 0 && sent.Held == 0 && mailing.Practising(set) {
				a.sayf("Practice: they go to %s, with a note saying for whom they were.", set.TestTo)
			}
			if sent.Waiting > 0 {
				a.sayf("Who has the same letter of today, or for whom it waits, gets no second one: --again sends it all the same.")
			}
			if p := b.Count(mailing.OnPaper, true); p > 0 {
				a.sayf("%s no usable address: smtp-gateway letters print --only-paper", countOf(p, "more has", "more have"))
			}
			return nil
		})
	}}
	f.add(c)
	c.Flags().BoolVar(&yes, "yes", false, "really queue them; without it only their number is told")
	c.Flags().BoolVar(&again, "again", false, "also for those who have the same letter of today already, or for whom it waits")
	return c
}

// progress counts on a terminal; elsewhere nobody looks.
func (a *app) progress(what string) func(done, total int) {
	if a.json || !isTerminal(a.Out) {
		return nil
	}
	return func(done, total int) {
		_, _ = fmt.Fprintf(a.Out, "\r%d of %d %s", done, total, what)
		if done == total {
			_, _ = fmt.Fprintln(a.Out)
		}
	}
}
