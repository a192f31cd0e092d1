package main

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/mail"
	"smtpgateway/data/store"
)

func (a *app) queueCommand() *cobra.Command {
	c := &cobra.Command{Use: "queue", Short: "See and steer the messages", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(a.queueList(), a.queueShow(), a.queueExport(),
		a.queueDo("retry", "Send again: failed ones, and waiting ones at once", func(s *store.Store, c *cobra.Command, ids []int64) (int64, error) {
			return s.Retry(c.Context(), ids, "Sent again by a person.")
		}),
		a.queueDo("hold", "Hold what is waiting", func(s *store.Store, c *cobra.Command, ids []int64) (int64, error) {
			return s.Hold(c.Context(), ids, "Held by a person.")
		}),
		a.queueDo("release", "Let go what is held", func(s *store.Store, c *cobra.Command, ids []int64) (int64, error) {
			return s.Release(c.Context(), ids, "Released by a person.")
		}),
		a.queueDo("cancel", "Cancel what is waiting or held", func(s *store.Store, c *cobra.Command, ids []int64) (int64, error) {
			return s.Cancel(c.Context(), ids, "Cancelled by a person.")
		}),
		a.queueCopy())
	return c
}

// listFlags are the filters that list and export share.
type listFlags struct {
	states []string
	search string
	by     string
	before int64
	limit  int
}

func (f *listFlags) add(c *cobra.Command) {
	c.Flags().StringSliceVar(&f.states, "state", nil, "only these: waiting, sending, held, failed, sent, cancelled")
	c.Flags().StringVar(&f.search, "search", "", "only with this text in address or subject")
	c.Flags().StringVar(&f.by, "by", "", "only queued on or before this day (2026-11-24)")
}

func (f *listFlags) query() (data.ListQuery, error) {
	q := data.ListQuery{Search: f.search, Before: f.before, Limit: f.limit}
	for _, s := range f.states {
		st := data.State(strings.ToLower(strings.TrimSpace(s)))
		if !st.Valid() {
			return q, &data.Error{Code: data.CodeUsage, Sentence: fmt.Sprintf("%q is no state.", s), Next: "Use waiting, sending, held, failed, sent or cancelled."}
		}
		q.States = append(q.States, st)
	}
	if f.by != "" {
		day, err := time.ParseInLocation(time.DateOnly, f.by, time.Local)
		if err != nil {
			return q, &data.Error{Code: data.CodeUsage, Sentence: fmt.Sprintf("%q is no day.", f.by), Next: "Write it as 2026-11-24."}
		}
		q.QueuedBy = day.AddDate(0, 0, 1).Add(-time.Millisecond)
	}
	return q, nil
}

func (a *app) queueList() *cobra.Command {
	var f listFlags
	c := &cobra.Command{Use: "list", Short: "List messages, newest first, one line a recipient", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		q, err := f.query()
		if err != nil {
			return err
		}
		return a.withStore(c.Context(), func(s *store.Store) error {
			page, err := s.List(c.Context(), q)
			if err != nil {
				return err
			}
			views := make([]entryView, len(page))
			for i, e := range page {
				views[i] = viewOf(e)
			}
			if a.json {
				return encode(a.Out, views)
			}
			if len(views) == 0 {
				a.sayf("No messages here.")
				return nil
			}
			a.sayf("%7s  %-9s  %s  %s  %s", "NUMBER", "STATE", cut("RECIPIENT", 30), cut("SUBJECT", 34), "WHY")
			for _, v := range views {
				why := v.Reason
				if v.State == string(data.Waiting) && v.Due.After(time.Now()) {
					why = strings.TrimSpace("Next try " + when(v.Due) + ". " + why)
				}
				a.sayf("%7d  %-9s  %s  %s  %s", v.ID, v.State, cut(v.Recipient, 30), cut(v.Subject, 34), why)
			}
			if len(views) == q.Limit {
				a.sayf("More: smtp-gateway queue list --before %d", views[len(views)-1].ID)
			}
			return nil
		})
	}}
	f.add(c)
	c.Flags().IntVar(&f.limit, "limit", 100, "at most this many, 1 to 500")
	c.Flags().Int64Var(&f.before, "before", 0, "only numbers smaller than this")
	return c
}

func (a *app) queueShow() *cobra.Command {
	var headers bool
	c := &cobra.Command{Use: "show NUMBER", Short: "Show one message with its whole history", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		ids, err := numbers(args)
		if err != nil {
			return err
		}
		return a.withStore(c.Context(), func(s *store.Store) error {
			e, err := s.Entry(c.Context(), ids[0])
			if err != nil {
				return err
			}
			tries, err := s.Attempts(c.Context(), e.ID)
			if err != nil {
				return err
			}
			var header []byte
			if headers {
				if header, err = s.Header(c.Context(), e.Message); err != nil {
					return err
				}
			}
			if a.json {
				return encode(a.Out, struct {
					entryView
					History []attemptView `json:"history"`
					Header  string        `json:"header,omitempty"`
				}{viewOf(e), attemptViews(tries), string(header)})
			}
			a.showEntry(viewOf(e), tries, header)
			return nil
		})
	}}
	c.Flags().BoolVar(&headers, "header", false, "with the message header")
	return c
}

func (a *app) showEntry(v entryView, tries []data.Attempt, header []byte) {
	a.sayf("Number     %d (message %d, %s, from %s)", v.ID, v.Message, v.Class, v.Source)
	a.sayf("To         %s", v.Recipient)
	a.sayf("Subject    %s", v.Subject)
	a.sayf("State      %s, since %s", v.Words, when(v.Changed))
	if v.Reason != "" {
		a.sayf("Why        %s", v.Reason)
	}
	if v.Remedy != "" {
		a.sayf("To do      %s", v.Remedy)
	}
	if !v.Due.IsZero() {
		a.sayf("Next try   %s", when(v.Due))
	}
	if v.File != "" {
		a.sayf("File       %q", v.File)
	}
	for i, t := range tries {
		a.sayf("Try %-3d    %s, %s (%s): %s", i+1, when(t.Started), data.ServerName(t.Server), t.Host, t.Outcome.Sentence)
		if t.Outcome.Line != "" {
			a.sayf("           the server said: %s", t.Outcome.Line)
		}
	}
	if len(header) > 0 {
		a.sayf("\n%s", strings.ReplaceAll(string(header), "\r\n", "\n"))
	}
}

func (a *app) queueExport() *cobra.Command {
	var f listFlags
	c := &cobra.Command{Use: "export", Short: "Write the list as CSV", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		q, err := f.query()
		if err != nil {
			return err
		}
		q.Limit = 500
		return a.withStore(c.Context(), func(s *store.Store) error {
			w := csv.NewWriter(a.Out)
			if err := w.Write([]string{"number", "message", "state", "recipient", "subject", "queued", "changed", "attempts", "reason", "code", "line"}); err != nil {
				return err
			}
			for {
				page, err := s.List(c.Context(), q)
				if err != nil {
					return err
				}
				for _, e := range page {
					v := viewOf(e)
					row := []string{
						strconv.FormatInt(v.ID, 10), strconv.FormatInt(v.Message, 10), v.State, plain(v.Recipient), plain(v.Subject),
						v.Queued.Format(time.RFC3339), v.Changed.Format(time.RFC3339), strconv.Itoa(v.Attempts), plain(v.Reason), strconv.Itoa(v.Code), plain(v.Line),
					}
					if err := w.Write(row); err != nil {
						return err
					}
				}
				if len(page) < q.Limit {
					break
				}
				q.Before = page[len(page)-1].ID
			}
			w.Flush()
			return w.Error()
		})
	}}
	f.add(c)
	return c
}

// plain keeps a spreadsheet from taking foreign text for a formula.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func (a *app) queueDo(name, short string, do func(*store.Store, *cobra.Command, []int64) (int64, error)) *cobra.Command {
	var all bool
	c := &cobra.Command{Use: name + " [--all | NUMBER...]", Short: short, RunE: func(c *cobra.Command, args []string) error {
		if all == (len(args) > 0) {
			return &data.Error{Code: data.CodeUsage, Sentence: "Give numbers or --all, one of the two.", Next: "smtp-gateway queue list shows the numbers."}
		}
		ids, err := numbers(args)
		if err != nil {
			return err
		}
		return a.withStore(c.Context(), func(s *store.Store) error {
			if all {
				ids = nil
			}
			n, err := do(s, c, ids)
			if err != nil {
				return err
			}
			if n > 0 {
				if err := s.Note(c.Context(), data.JournalLine{At: time.Now(), Kind: data.JournalPerson, Text: fmt.Sprintf("A person asked: %s, %d deliveries.", name, n)}); err != nil {
					return err
				}
			}
			if a.json {
				return encode(a.Out, map[string]int64{"changed": n})
			}
			a.sayf("%s: %d of %s.", name, n, asked(all, len(ids)))
			if !all && n < int64(len(ids)) {
				a.sayf("The others are in a state that does not allow it; smtp-gateway queue show NUMBER tells.")
				a.exit = exitNo
			}
			return nil
		})
	}}
	c.Flags().BoolVar(&all, "all", false, "every message this can be done to")
	return c
}

func asked(all bool, n int) string {
	if all {
		return "all"
	}
	return strconv.Itoa(n)
}

func (a *app) queueCopy() *cobra.Command {
	return &cobra.Command{Use: "copy NUMBER", Short: "Send a copy of a message as a new one", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		ids, err := numbers(args)
		if err != nil {
			return err
		}
		return a.withStore(c.Context(), func(s *store.Store) error {
			e, err := s.Entry(c.Context(), ids[0])
			if err != nil {
				return err
			}
			set, _, _, err := readSettings(c.Context(), s)
			if err != nil {
				return err
			}
			id, err := s.Copy(c.Context(), e.Message, set.From.Address, func(header []byte) ([]byte, string, error) {
				return mail.Copied(header, set.From, set.Server1.EHLO)
			})
			if err != nil {
				return err
			}
			if a.json {
				return encode(a.Out, map[string]int64{"message": id})
			}
			a.sayf("A copy waits to be sent as message %d.", id)
			return nil
		})
	}}
}

func numbers(args []string) ([]int64, error) {
	ids := make([]int64, len(args))
	for i, s := range args {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n < 1 {
			return nil, &data.Error{Code: data.CodeUsage, Sentence: fmt.Sprintf("%q is not the number of a message.", data.Clean(s, 40)), Next: "smtp-gateway queue list shows the numbers."}
		}
		ids[i] = n
	}
	return ids, nil
}
