package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/notice"
	"smtpgateway/data/store"
)

func (a *app) calendarCommand() *cobra.Command {
	c := &cobra.Command{Use: "calendar", Short: "The days on which the library is closed", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(
		&cobra.Command{Use: "list", Short: "List the closed days", Args: cobra.NoArgs, RunE: a.calendarList},
		a.calendarAdd(),
		&cobra.Command{Use: "remove NUMBER", Short: "Remove one span", Args: cobra.ExactArgs(1), RunE: a.calendarRemove},
		a.calendarImport(),
	)
	return c
}

func (a *app) calendarList(c *cobra.Command, _ []string) error {
	return a.withStore(c.Context(), func(s *store.Store) error {
		all, err := s.ClosedDays(c.Context())
		if err != nil {
			return err
		}
		if a.json {
			return encode(a.Out, append([]data.Closed{}, all...))
		}
		if len(all) == 0 {
			a.sayf("No closed days are entered; smtp-gateway settings get overdue.open_days tells the open days of the week.")
		}
		for _, d := range all {
			a.sayf("%6d  %s to %s  %s  %s", d.ID, d.First, d.Last, cut(d.Name, 30), d.Source)
		}
		return nil
	})
}

func (a *app) calendarAdd() *cobra.Command {
	var to, name string
	c := &cobra.Command{Use: "add DAY", Short: "Add a closed day, or with --to several", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		first, err := data.ParseDate(args[0])
		if err != nil {
			return err
		}
		closed := data.Closed{First: first, Last: first, Name: data.Clean(name, 80)}
		if to != "" {
			if closed.Last, err = data.ParseDate(to); err != nil {
				return err
			}
		}
		return a.withStore(c.Context(), func(s *store.Store) error {
			if err := s.SaveClosed(c.Context(), closed); err != nil {
				return err
			}
			if a.json {
				all, err := s.ClosedDays(c.Context())
				for _, d := range all {
					if d.First == closed.First && d.Last == closed.Last && d.Name == closed.Name {
						closed.ID = max(closed.ID, d.ID)
					}
				}
				return errors.Join(err, encode(a.Out, closed))
			}
			a.sayf("Closed from %s to %s.", closed.First, closed.Last)
			return nil
		})
	}}
	c.Flags().StringVar(&to, "to", "", "last day (2026-12-31)")
	c.Flags().StringVar(&name, "name", "", "what it is, such as Christmas holidays")
	return c
}

func (a *app) calendarRemove(c *cobra.Command, args []string) error {
	id, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil {
		return &data.Error{Code: data.CodeUsage, Sentence: fmt.Sprintf("%q is not the number of a span.", data.Clean(args[0], 40)), Next: "smtp-gateway notices calendar list shows them."}
	}
	return a.withStore(c.Context(), func(s *store.Store) error {
		all, err := s.ClosedDays(c.Context())
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(d data.Closed) bool { return d.ID == id }) {
			return &data.Error{Code: data.CodeNotFound, Sentence: fmt.Sprintf("There is no span %d.", id), Next: "smtp-gateway notices calendar list shows them."}
		}
		if err := s.DeleteClosed(c.Context(), id); err != nil {
			return err
		}
		if a.json {
			return encode(a.Out, map[string]int64{"removed": id})
		}
		a.sayf("Removed.")
		return nil
	})
}

func (a *app) calendarImport() *cobra.Command {
	var region string
	c := &cobra.Command{Use: "import FILE", Short: "Read closed days from a calendar file (iCalendar or CSV)", Long: "Read closed days from a calendar file (iCalendar or CSV), from a month ago to three years ahead. They take the place of those read from a file of this name before. A file for a whole country is taken in for one --region; without it, a file of several is refused and its regions are told.", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		f, err := openNamed(args[0])
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		now := time.Now()
		calendar, err := notice.ReadRegions(filepath.Base(args[0]), f, data.DateOf(now.AddDate(0, -1, 0)), data.DateOf(now.AddDate(3, 0, 0)))
		if err != nil {
			return err
		}
		all, err := closedIn(calendar, region)
		if err != nil {
			return err
		}
		return a.withStore(c.Context(), func(s *store.Store) error {
			if err := s.ReplaceClosed(c.Context(), all[0].Source, all); err != nil {
				return err
			}
			if a.json {
				return encode(a.Out, all)
			}
			for _, d := range all {
				a.sayf("%s to %s  %s", d.First, d.Last, d.Name)
			}
			set, _, _, err := readSettings(c.Context(), s)
			if err == nil && set.Overdue.Calendar == data.CalendarIgnore {
				a.sayf("%s. Closed days mean nothing yet: set overdue.calendar=%s or %s.", countOf(len(all), "span", "spans"), data.CalendarNext, data.CalendarCount)
			}
			return err
		})
	}}
	c.Flags().StringVar(&region, "region", "", "the region of a file for a whole country (GR)")
	return c
}

// closedIn gives the days of one region. A file of several is taken in for none of them unless one was named: the holidays
// of all regions together would close a library for months.
func closedIn(c *notice.RegionalCalendar, region string) ([]data.Closed, error) {
	switch {
	case region != "":
		return c.In(region)
	case len(c.Regions()) > 1:
		return nil, c.Ask("The calendar is for several regions: name yours with --region.")
	}
	return c.Everywhere(), nil
}

func (a *app) groupCommand() *cobra.Command {
	var disclosure string
	var excluded bool
	c := &cobra.Command{Use: "group [GROUP]", Short: "What differs for one group; without one: list the rules", Args: cobra.MaximumNArgs(1), RunE: func(c *cobra.Command, args []string) error {
		return a.withStore(c.Context(), func(s *store.Store) error {
			rules, err := s.GroupRules(c.Context())
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return a.groupRules(rules)
			}
			rule := data.GroupRule{Group: args[0]}
			for _, r := range rules {
				if strings.EqualFold(r.Group, args[0]) {
					rule = r
				}
			}
			if c.Flags().Changed("disclosure") {
				if rule.Disclosure, err = disclosureNamed(disclosure); err != nil {
					return err
				}
			}
			if c.Flags().Changed("excluded") {
				rule.Excluded = excluded
			}
			if err := s.SaveGroupRule(c.Context(), rule); err != nil {
				return err
			}
			return a.groupRules([]data.GroupRule{rule})
		})
	}}
	c.Flags().StringVar(&disclosure, "disclosure", "", "guardians are told: titles, count, nothing; default: as the setting says")
	c.Flags().BoolVar(&excluded, "excluded", false, "the group gets no automatic notices")
	return c
}

func disclosureNamed(word string) (data.Disclosure, error) {
	switch d := data.Disclosure(word); d {
	case data.DiscloseTitles, data.DiscloseCount, data.DiscloseNothing:
		return d, nil
	case "default", "":
		return "", nil
	}
	return "", &data.Error{Code: data.CodeUsage, Sentence: fmt.Sprintf("%q is nothing guardians can be told.", data.Clean(word, 40)), Next: "Use titles, count, nothing or default."}
}

func (a *app) groupRules(rules []data.GroupRule) error {
	if a.json {
		return encode(a.Out, append([]data.GroupRule{}, rules...))
	}
	if len(rules) == 0 {
		a.sayf("No group differs; settings overdue.disclosure holds for all.")
	}
	for _, r := range rules {
		told, gets := "as the setting says", "gets notices"
		if r.Disclosure != "" {
			told = string(r.Disclosure)
		}
		if r.Excluded {
			gets = "gets no notices"
		}
		a.sayf("%s  guardians are told: %s; %s", cut(r.Group, 16), told, gets)
	}
	return nil
}
