package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/roster"
	"smtpgateway/data/store"
)

func (a *app) patronsCommand() *cobra.Command {
	c := &cobra.Command{Use: "patrons", Short: "The people of the library, and the lists they come from", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(a.importCommand(data.RosterPatrons), a.patronsExport(), a.patronsList(), a.patronsShow(), a.patronsHold(), a.patronsDelete(),
		a.undoCommand(data.RosterPatrons), a.importsCommand(), a.mappingsCommand())
	return c
}

// patronView is one patron for programs. The names are part of the interface.
type patronView struct {
	data.Patron

	Name    string `json:"name"`
	Out     int    `json:"loans"`
	Overdue int    `json:"overdue"`
	Bad     bool   `json:"bad_address,omitempty"`
}

func (a *app) patronsList() *cobra.Command {
	var search, group, filter, after string
	var limit int
	c := &cobra.Command{Use: "list", Short: "List patrons by name", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		roomy()
		ctx := c.Context()
		q := data.PatronQuery{Search: search, Group: group, Filter: data.Filter(filter), Limit: limit, WithOut: true, Today: data.DateOf(time.Now())}
		switch q.Filter {
		case data.FilterAll, data.FilterOverdue, data.FilterNoAddress, data.FilterBad, data.FilterHeld, data.FilterLeft:
		default:
			return usage(fmt.Sprintf("%q is no filter.", data.Clean(filter, 40)), "Use overdue, no-address, bad, held or left.")
		}
		if err := between(limit, 500); err != nil {
			return err
		}
		return a.withStore(ctx, func(s *store.Store) error {
			if group != "" {
				if err := groupsNamed(ctx, s, []string{group}); err != nil {
					return err
				}
			}
			if after != "" {
				p, err := patronNamed(ctx, s, after)
				if err != nil {
					return err
				}
				q.After = p
			}
			page, err := s.Patrons(ctx, q)
			if err != nil {
				return err
			}
			return a.patronLines(page, limit)
		})
	}}
	c.Flags().StringVar(&search, "search", "", "only those in whose name, group, card, key or e-mail each word begins one")
	c.Flags().StringVar(&group, "group", "", "only this group")
	c.Flags().StringVar(&filter, "filter", "", "only these: overdue, no-address, bad (address), held, left")
	c.Flags().StringVar(&after, "after", "", "only those behind this patron, by key or card")
	c.Flags().IntVar(&limit, "limit", 100, "at most this many, 1 to 500")
	return c
}

func (a *app) patronLines(page []data.PatronLine, limit int) error {
	views := make([]patronView, len(page))
	for i := range page {
		p := &page[i]
		views[i] = patronView{Patron: p.Patron, Name: p.Name(), Out: p.Out, Overdue: p.Overdue, Bad: p.Bad}
	}
	if a.json {
		return encode(a.Out, views)
	}
	if len(views) == 0 {
		a.sayf("No patrons here.")
		return nil
	}
	a.sayf("%s  %s  %s  %5s  %5s  %s", cut("KEY", 12), cut("NAME", 26), cut("GROUP", 8), "LOANS", "LATE", "E-MAIL")
	for _, v := range views {
		mail := v.Email
		if mail == "" && len(v.Guardians) > 0 {
			mail = v.Guardians[0].Email + " (guardian)"
		}
		if v.Bad {
			mail += " - does not arrive"
		}
		a.sayf("%s  %s  %s  %5d  %5d  %s", cut(v.Key, 12), cut(v.Last+", "+v.First, 26), cut(v.Group, 8), v.Out, v.Overdue, mail)
	}
	if len(views) == limit {
		a.sayf("More: smtp-gateway patrons list --after %q", views[len(views)-1].Key)
	}
	return nil
}

func (a *app) patronsExport() *cobra.Command {
	var one string
	c := &cobra.Command{
		Use: "export FILE|-", Short: "Write all patrons as CSV (or FILE.json), or all that is known of one as JSON", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := exportEnding(args[0], one != ""); err != nil {
				return err
			}
			roomy()
			ctx := c.Context()
			return a.withStore(ctx, func(s *store.Store) error {
				n, write := 1, func(w io.Writer) error {
					p, err := patronNamed(ctx, s, one)
					if err != nil {
						return err
					}
					f, err := s.ExportPatron(ctx, p.ID)
					if err != nil {
						return err
					}
					return encode(w, f)
				}
				if one == "" {
					r, err := s.Roster(ctx, data.RosterQuery{})
					if err != nil {
						return err
					}
					n = len(r.Patrons)
					write = func(w io.Writer) error {
						if a.json && args[0] == "-" || strings.EqualFold(filepath.Ext(args[0]), ".json") {
							for i := range r.Patrons {
								r.Patrons[i].ByHand = nil // ours alone: the list is for other systems
							}
							return encode(w, r.Patrons)
						}
						return roster.ExportCSV(w, r)
					}
				}
				return a.writeOut(args[0], n, write)
			})
		},
	}
	c.Flags().StringVar(&one, "patron", "", "only this one, by key or card, with all that is known: loans, notices, mails")
	return c
}

// exportEnding refuses a file whose name promises what is not written: a program would open it and find nonsense.
func exportEnding(path string, one bool) error {
	ending := strings.ToLower(filepath.Ext(path))
	switch {
	case path == "-" || ending == "" || ending == ".json" || ending == ".txt" || ending == ".csv" && !one:
		return nil
	case one:
		return &data.Error{Code: data.CodeUsage, Sentence: "What is known of one person is written as JSON, not " + data.Clean(ending, 20) + ".", Next: "Give the file the ending .json."}
	}
	return &data.Error{Code: data.CodeUsage, Sentence: "The list is written as CSV or JSON, not " + data.Clean(ending, 20) + ".", Next: "Give the file the ending .csv or .json; a spreadsheet opens .csv."}
}

// writeOut writes to standard output, or a file that is there whole or not at all and that nobody else may read.
func (a *app) writeOut(path string, n int, write func(io.Writer) error) error {
	if path == "-" {
		return write(a.Out)
	}
	if _, err := writeWhole(path, func(w io.Writer) (int, error) { return n, write(w) }); err != nil {
		return err
	}
	if a.json {
		return encode(a.Out, map[string]any{"file": path, "patrons": n})
	}
	a.sayf("%s written to %s.", countOf(n, "patron", "patrons"), path)
	return nil
}

func (a *app) patronsHold() *cobra.Command {
	var until, reason string
	var lift bool
	c := &cobra.Command{Use: "hold KEY", Short: "No letters and notices about a patron for some time", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		day, err := holdUntil(until, lift)
		if err != nil {
			return err
		}
		roomy()
		return a.withStore(c.Context(), func(s *store.Store) error {
			p, err := patronNamed(c.Context(), s, args[0])
			if err != nil {
				return err
			}
			if err := s.HoldPatron(c.Context(), p.ID, day, reason); err != nil {
				return err
			}
			if a.json {
				return encode(a.Out, map[string]any{"patron": p.Key, "held_until": day})
			}
			a.sayf("%s", holdWords("Letters and notices about "+p.Name(), day))
			return nil
		})
	}}
	holdFlags(c, &until, &reason, &lift)
	return c
}

func holdFlags(c *cobra.Command, until, reason *string, lift *bool) {
	c.Flags().StringVar(until, "until", "", "up to and including this day, as 2026-12-05")
	c.Flags().StringVar(reason, "reason", "", "why, for whoever asks later")
	c.Flags().BoolVar(lift, "lift", false, "end the hold")
}

// holdUntil reads the flags of a hold; 0: it is lifted.
func holdUntil(until string, lift bool) (data.Date, error) {
	if lift {
		return 0, nil
	}
	if until == "" {
		return 0, usage("Until when?", "Add --until 2026-12-05, or --lift to end a hold.")
	}
	day, err := data.ParseDate(until)
	if err != nil {
		return 0, usage(fmt.Sprintf("%q is no day.", data.Clean(until, 40)), "Write it as 2026-12-05.")
	}
	if day < data.DateOf(time.Now()) {
		return 0, usage(day.String()+" is over.", "Name a day that is still to come, or --lift to end a hold.")
	}
	return day, nil
}

func holdWords(what string, day data.Date) string {
	if day == 0 {
		return what + " are no longer held."
	}
	return what + " are held up to and including " + day.String() + "."
}

func (a *app) patronsDelete() *cobra.Command {
	var yes bool
	c := &cobra.Command{Use: "delete KEY", Short: "Delete a patron with all that is known, from the backups too", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		roomy()
		ctx := c.Context()
		return a.withStore(ctx, func(s *store.Store) error {
			p, err := patronNamed(ctx, s, args[0])
			if err != nil {
				return err
			}
			if !yes {
				return usage("Nothing was deleted: this would delete "+p.Name()+" with all loans, letters and notices, from the backups too.",
					"Add --yes. The next list of patrons brings whoever is still in it back.")
			}
			if err := s.DeletePatron(ctx, p.ID); err != nil {
				return err
			}
			if a.json {
				return encode(a.Out, map[string]any{"deleted": p.Key})
			}
			a.sayf("%s was deleted. If the next list of patrons still has this person, delete them in the library system first.", p.Name())
			return nil
		})
	}}
	c.Flags().BoolVar(&yes, "yes", false, "really delete")
	return c
}
