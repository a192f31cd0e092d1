package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func (a *app) loansCommand() *cobra.Command {
	c := &cobra.Command{Use: "loans", Short: "What is out, and the lists it comes from", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(a.importCommand(data.RosterLoans), a.loansList(), a.loansHold(), a.undoCommand(data.RosterLoans), a.importsCommand(), a.mappingsCommand())
	return c
}

// loanView is one loan for programs. The names are part of the interface.
type loanView struct {
	Number     int64     `json:"number"`
	Patron     string    `json:"patron"`
	Name       string    `json:"name"`
	Group      string    `json:"group"`
	Title      string    `json:"title"`
	Author     string    `json:"author,omitempty"`
	Barcode    string    `json:"barcode,omitempty"`
	CallNumber string    `json:"call_number,omitempty"`
	Due        data.Date `json:"due"`
	Late       int       `json:"days_late"`
	Issued     data.Date `json:"issued,omitzero"`
	Price      string    `json:"price,omitempty"`
	HoldUntil  data.Date `json:"hold_until,omitzero"`
	HoldReason string    `json:"hold_reason,omitempty"`
}

func loanViewsOf(p *data.Patron, loans []data.Loan, today data.Date) []loanView {
	views := make([]loanView, len(loans))
	for i := range loans {
		l := &loans[i]
		views[i] = loanView{
			Number: l.ID, Patron: p.Key, Name: p.Name(), Group: p.Group, Title: l.Title, Author: l.Author, Barcode: l.Barcode, CallNumber: l.CallNumber,
			Due: l.Due, Late: l.DaysLate(today), Issued: l.Issued, Price: l.Price, HoldUntil: l.HoldUntil, HoldReason: l.HoldReason,
		}
	}
	return views
}

func (a *app) loansList() *cobra.Command {
	var patron, group string
	var overdue bool
	var limit int
	c := &cobra.Command{Use: "list", Short: "List what is out, the longest overdue first", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		roomy()
		ctx := c.Context()
		today := data.DateOf(time.Now())
		q := data.RosterQuery{Loans: true, WithLeft: true}
		if group != "" {
			q.Groups = []string{group}
		}
		if overdue {
			q.DueTo = today - 1
		}
		if limit < 0 {
			return usage("The limit is a number from 0 on.", "--limit 0 shows all.")
		}
		return a.withStore(ctx, func(s *store.Store) error {
			if err := groupsNamed(ctx, s, q.Groups); err != nil {
				return err
			}
			if patron != "" {
				p, err := patronNamed(ctx, s, patron)
				if err != nil {
					return err
				}
				q.Patrons = []int64{p.ID}
			}
			r, err := s.Roster(ctx, q)
			if err != nil {
				return err
			}
			var views []loanView
			for i := range r.Patrons {
				p := &r.Patrons[i]
				views = append(views, loanViewsOf(p, r.Loans[p.ID], today)...)
			}
			if overdue {
				views = slices.DeleteFunc(views, func(v loanView) bool { return v.Late < 1 })
			}
			slices.SortStableFunc(views, func(a, b loanView) int {
				if a.Due != b.Due {
					return int(a.Due - b.Due)
				}
				return strings.Compare(a.Name, b.Name)
			})
			return a.loansAnswer(views, limit)
		})
	}}
	c.Flags().StringVar(&patron, "patron", "", "only those of this patron, by key or card")
	c.Flags().StringVar(&group, "group", "", "only those of this group")
	c.Flags().BoolVar(&overdue, "overdue", false, "only what is late")
	c.Flags().IntVar(&limit, "limit", 1000, "at most this many; 0: all")
	return c
}

func (a *app) loansAnswer(views []loanView, limit int) error {
	all := len(views)
	if limit > 0 && all > limit {
		views = views[:limit]
	}
	if a.json {
		if views == nil {
			views = []loanView{}
		}
		return encode(a.Out, views)
	}
	if all == 0 {
		a.sayf("Nothing is out.")
		return nil
	}
	a.loanLines(views)
	if all > len(views) {
		a.sayf("%d of %d; --limit 0 shows all.", len(views), all)
	}
	return nil
}

// loanLines prints one line a loan.
func (a *app) loanLines(views []loanView) {
	if len(views) == 0 {
		return
	}
	a.sayf("%7s  %-10s  %-9s  %s  %s  %s", "NUMBER", "DUE", "LATE", cut("NAME", 24), cut("BARCODE", 12), "TITLE")
	for _, v := range views {
		late := ""
		if v.Late > 0 {
			late = countOf(v.Late, "day", "days")
		}
		title := v.Title
		if v.HoldUntil != 0 {
			title += " (held until " + v.HoldUntil.String() + ")"
		}
		a.sayf("%7d  %-10s  %-9s  %s  %s  %s", v.Number, v.Due, late, cut(v.Name, 24), cut(v.Barcode, 12), title)
	}
}

func (a *app) loansHold() *cobra.Command {
	var until, reason string
	var lift bool
	c := &cobra.Command{Use: "hold NUMBER|BARCODE", Short: "No letters and notices about a loan for some time", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		day, err := holdUntil(until, lift)
		if err != nil {
			return err
		}
		roomy()
		ctx := c.Context()
		return a.withStore(ctx, func(s *store.Store) error {
			r, err := s.Roster(ctx, data.RosterQuery{Loans: true, WithLeft: true})
			if err != nil {
				return err
			}
			l, err := loanNamed(r, args[0])
			if err != nil {
				return err
			}
			if err := s.HoldLoan(ctx, l.ID, day, reason); err != nil {
				return err
			}
			if a.json {
				return encode(a.Out, map[string]any{"loan": l.ID, "held_until": day})
			}
			a.sayf("%s", holdWords(fmt.Sprintf("Letters and notices about %q", l.Title), day))
			return nil
		})
	}}
	holdFlags(c, &until, &reason, &lift)
	return c
}

// loanNamed finds a loan by its barcode, else by the number that lists show.
func loanNamed(r *data.Roster, name string) (*data.Loan, error) {
	number, _ := strconv.ParseInt(name, 10, 64)
	var byNumber, byBarcode *data.Loan
	for _, all := range r.Loans {
		for i := range all {
			l := &all[i]
			switch {
			case l.Barcode != "" && strings.EqualFold(l.Barcode, name):
				byBarcode = l
			case l.ID == number:
				byNumber = l
			}
		}
	}
	switch {
	case byBarcode != nil && byNumber != nil:
		return nil, usage(fmt.Sprintf("%q is the barcode of one loan and the number of another.", name), "Hold the patron instead, or write the barcode with its leading zeros.")
	case byBarcode != nil:
		return byBarcode, nil
	case byNumber != nil:
		return byNumber, nil
	}
	return nil, &data.Error{Code: data.CodeNotFound, Sentence: fmt.Sprintf("No loan %q is out.", data.Clean(name, 60)), Next: "smtp-gateway loans list shows them."}
}
