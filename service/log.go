package main

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func (a *app) logCommand() *cobra.Command {
	var follow bool
	var limit int
	c := &cobra.Command{Use: "log", Short: "Tell what happened, oldest first", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return a.withStore(c.Context(), func(s *store.Store) error {
			lines, err := s.Journal(c.Context(), 0, 0, limit)
			if err != nil {
				return err
			}
			slices.Reverse(lines)
			for _, l := range lines {
				if err := a.logLine(l); err != nil {
					return err
				}
			}
			if !follow {
				return nil
			}
			var last int64
			if len(lines) > 0 {
				last = lines[len(lines)-1].ID
			}
			return a.followLog(c.Context(), s, last)
		})
	}}
	c.Flags().BoolVarP(&follow, "follow", "f", false, "go on as things happen, until interrupted")
	c.Flags().IntVar(&limit, "limit", 100, "at most this many lines")
	return c
}

func (a *app) followLog(ctx context.Context, s *store.Store, last int64) error {
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
		lines, err := s.Journal(ctx, 0, last, 500)
		if err != nil {
			return err
		}
		slices.SortFunc(lines, func(x, y data.JournalLine) int { return int(x.ID - y.ID) })
		for _, l := range lines {
			last = l.ID
			if err := a.logLine(l); err != nil {
				return err
			}
		}
	}
}

// logLine is one line of text, or one JSON object on a line of its own.
func (a *app) logLine(l data.JournalLine) error {
	if a.json {
		return json.NewEncoder(a.Out).Encode(l)
	}
	a.sayf("%s  %-8s  %s", l.At.Local().Format(time.DateTime), l.Kind, l.Text)
	return nil
}

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{Use: "backup FILE", Short: "Write a checked copy of the database while everything runs", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		return a.withStore(c.Context(), func(s *store.Store) error {
			if err := s.Backup(c.Context(), args[0]); err != nil {
				return err
			}
			if a.json {
				return encode(a.Out, map[string]string{"backup": args[0]})
			}
			a.sayf("Written and checked: %s. Passwords in it open on this computer only.", args[0])
			return nil
		})
	}}
}
