package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway"
)

func (a *app) noticesCommand() *cobra.Command {
	c := &cobra.Command{Use: "notices", Short: "Automatic notices: due soon, overdue, reminder", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(
		a.noticesRehearse(),
		&cobra.Command{Use: "run", Short: "Make the notices of today now", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return a.noticesRun(c.Context(), 0) }},
		a.noticesRuns(), a.noticesPrint(),
		&cobra.Command{Use: "approve [RUN]", Short: "Say yes to a waiting run; without a number end practice as well", Args: cobra.MaximumNArgs(1), RunE: a.noticesApprove},
		&cobra.Command{Use: "refuse [RUN]", Short: "Say no to a waiting run: it counts as told, nothing is sent", Args: cobra.MaximumNArgs(1), RunE: a.noticesRefuse},
		a.calendarCommand(), a.groupCommand(),
	)
	return c
}

func (a *app) noticesRehearse() *cobra.Command {
	var date string
	c := &cobra.Command{Use: "rehearse", Short: "Show what would go out on a day, and who gets nothing and why; nothing is sent", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		day := data.DateOf(time.Now())
		if date != "" {
			var err error
			if day, err = data.ParseDate(date); err != nil {
				return err
			}
		}
		return a.withMailer(c.Context(), func(_ *store.Store, m *mailing.Mailer, set *data.Settings) error {
			r, err := m.Rehearse(c.Context(), set, day)
			if err != nil {
				return err
			}
			return a.showRehearsal(r)
		})
	}}
	c.Flags().StringVar(&date, "date", "", "the day (2026-12-01); empty: today")
	return c
}

// decisionView is one loan and why somebody hears nothing of it, for programs. The names are part of the interface.
type decisionView struct {
	Patron string    `json:"patron"`
	Name   string    `json:"name"`
	Group  string    `json:"group"`
	Title  string    `json:"title"`
	Due    data.Date `json:"due"`
	Stage  string    `json:"stage"`
	Role   string    `json:"role"`
	Ruling string    `json:"ruling"`
	Why    string    `json:"why"`
}

func (a *app) showRehearsal(r *mailing.Rehearsal) error {
	views := make([]letterView, 0, len(r.Mails)+len(r.Print))
	for i := range r.Mails {
		views = append(views, letterViewOf(&r.Mails[i], mailing.ByMail))
	}
	for i := range r.Print {
		views = append(views, letterViewOf(&r.Print[i], mailing.OnPaper))
	}
	out := []decisionView{}
	for i := range r.Decisions {
		d := &r.Decisions[i]
		p := r.Patrons[d.Patron]
		if d.Ruling == data.RulingSend || d.Ruling == data.RulingAlong || p == nil {
			continue
		}
		out = append(out, decisionView{
			Patron: p.Key, Name: p.Name(), Group: p.Group, Title: d.Title, Due: d.Due, Stage: d.Stage, Role: string(d.Role), Ruling: string(d.Ruling), Why: mailing.Reason(d),
		})
	}
	if a.json {
		return encode(a.Out, map[string]any{
			"day": r.Day, "from": r.From, "practice": r.Practice, "state": r.State, "why": r.Why, "cannot_be_written": r.Lacks, "mails": len(r.Mails), "print": len(r.Print), "notices": views, "left_out": out,
		})
	}
	a.letterLines(views)
	if len(out) > 0 {
		a.sayf("\nNo notice:")
	}
	for _, v := range out {
		a.sayf("  %s  %s  %s  %s  %s", cut(v.Name, 24), cut(v.Group, 8), cut(v.Stage, 4), cut(v.Title, 30), v.Why)
	}
	a.sayf("\n%s: %d by e-mail, %d on paper, %d without a notice.", r.Day, len(r.Mails), len(r.Print), len(out))
	if r.Lacks != "" {
		a.sayf("%s", r.Lacks)
	}
	switch {
	case r.Closed:
		a.sayf("The library is closed on that day: they follow on the next open one.")
	case r.Why != "":
		a.sayf("They would wait: %s", r.Why)
	}
	if r.Practice {
		a.sayf("Practice: they would go to the Test to address, at most %d of them.", mailing.MostPractice)
	}
	return nil
}

// noticesRun makes the notices, or lets the run go to which a person says yes; the running service does it, or we do where
// none runs.
func (a *app) noticesRun(ctx context.Context, yes int64) error {
	roomy()
	var run data.Run
	err := a.ownGateway(ctx, func(g *gateway.Gateway) error {
		err := g.Load(ctx)
		if err == nil {
			run, err = g.Notices(ctx, yes)
		}
		return err
	})
	if data.CodeOf(err) == data.CodeInUse {
		err = a.withStore(ctx, func(s *store.Store) error {
			done, err := a.ask(ctx, s, data.Request{Kind: data.RequestNotices, Server: int(yes)}, func(data.Step) {})
			if err != nil {
				return err
			}
			if !done.OK {
				return &data.Error{Code: data.CodeNotNow, Sentence: done.Result}
			}
			return json.Unmarshal(done.Details, &run)
		})
	}
	if err != nil {
		return err
	}
	if run.State != data.RunDone {
		a.exit = exitNo
	}
	if a.json {
		return encode(a.Out, run)
	}
	a.sayf("Run %d. %s", run.ID, mailing.Summary(run))
	if run.State == data.RunAwaiting || run.State == data.RunHeld {
		a.sayf("To let it go: smtp-gateway notices approve %d. To drop it: smtp-gateway notices refuse %d.", run.ID, run.ID)
	}
	return nil
}

func (a *app) noticesRuns() *cobra.Command {
	var limit int
	c := &cobra.Command{Use: "runs", Short: "List the runs, newest first", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		if err := between(limit, 1000); err != nil {
			return err
		}
		return a.withStore(c.Context(), func(s *store.Store) error {
			runs, err := s.Runs(c.Context(), limit)
			if err != nil {
				return err
			}
			if a.json {
				return encode(a.Out, append([]data.Run{}, runs...))
			}
			if len(runs) == 0 {
				a.sayf("No run yet.")
			}
			for _, r := range runs {
				a.sayf("%6d  %-9s %s", r.ID, r.State, mailing.Summary(r))
			}
			return nil
		})
	}}
	c.Flags().IntVar(&limit, "limit", 30, "at most this many, 1 to 1000")
	return c
}

func (a *app) noticesPrint() *cobra.Command {
	var f printFlags
	c := &cobra.Command{Use: "print [RUN]", Short: "Write the print pile of a run, those whom no e-mail reaches", Args: cobra.MaximumNArgs(1), RunE: func(c *cobra.Command, args []string) error {
		return a.withMailer(c.Context(), func(s *store.Store, m *mailing.Mailer, set *data.Settings) error {
			run, err := runNamed(c.Context(), s, args, func(data.Run) bool { return true })
			if err != nil {
				return err
			}
			b, err := m.Pile(c.Context(), set, run)
			if err != nil {
				return err
			}
			return a.printBatch(c.Context(), m, set, b, &f)
		})
	}}
	f.add(c)
	return c
}

// runNamed is the run an argument names, else the newest that fits.
func runNamed(ctx context.Context, s *store.Store, args []string, fits func(data.Run) bool) (data.Run, error) {
	if len(args) > 0 {
		id, err := strconv.ParseInt(args[0], 10, 64)
		if err != nil || id < 1 {
			return data.Run{}, &data.Error{Code: data.CodeUsage, Sentence: fmt.Sprintf("%q is not the number of a run.", data.Clean(args[0], 40)), Next: "smtp-gateway notices runs shows the numbers."}
		}
		return s.RunByID(ctx, id)
	}
	runs, err := s.Runs(ctx, 100)
	if err != nil {
		return data.Run{}, err
	}
	for _, r := range runs {
		if fits(r) {
			return r, nil
		}
	}
	sentence := "No run of notices waits for an answer."
	if len(runs) == 0 {
		sentence = "There was no run of notices yet."
	}
	return data.Run{}, &data.Error{Code: data.CodeNotFound, Sentence: sentence, Next: "smtp-gateway notices runs lists them."}
}

func waitsForYes(r data.Run) bool { return r.State == data.RunAwaiting || r.State == data.RunHeld }

// noticesApprove says yes to the run an argument names; without one it ends practice, and says yes to the run that waits.
func (a *app) noticesApprove(c *cobra.Command, args []string) error {
	ended := false
	var run data.Run
	err := a.withMailer(c.Context(), func(s *store.Store, m *mailing.Mailer, set *data.Settings) (err error) {
		if len(args) > 0 {
			run, err = runToApprove(c.Context(), s, args, set)
			return err
		}
		if ended = set.PracticeLetters; ended {
			if err := m.Approve(c.Context(), func(ctx context.Context, changes map[string]string) error { return saveQuietly(ctx, s, changes) }); err != nil {
				return err
			}
			a.sayPracticeEnded(set)
		}
		run, err = runNamed(c.Context(), s, args, func(r data.Run) bool { return waitsForYes(r) && r.Practice == set.Practice })
		if ended && data.CodeOf(err) == data.CodeNotFound {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	if run.ID == 0 {
		if a.json {
			return encode(a.Out, map[string]bool{"practice_ended": ended})
		}
		return nil
	}
	return a.noticesRun(c.Context(), run.ID)
}

// runToApprove finds the run a person names. Practice stays as it is: a number mistyped, or a yes to what is practice only,
// must let nothing leave for real.
func runToApprove(ctx context.Context, s *store.Store, args []string, set *data.Settings) (data.Run, error) {
	run, err := runNamed(ctx, s, args, nil)
	switch {
	case err != nil:
	case !waitsForYes(run):
		err = &data.Error{Code: data.CodeConflict, Sentence: fmt.Sprintf("Run %d does not wait for an answer any more.", run.ID), Next: "smtp-gateway notices runs shows which do."}
	case set.Practice && !run.Practice:
		err = &data.Error{Code: data.CodeNotNow, Sentence: fmt.Sprintf("Run %d would leave for real, and practice mode is on for everything.", run.ID), Next: "Switch it off first: smtp-gateway settings set practice=false."}
	case set.PracticeLetters && !run.Practice:
		err = &data.Error{Code: data.CodeNotNow, Sentence: fmt.Sprintf("Run %d would leave for real, and practice is on.", run.ID), Next: "End practice first: smtp-gateway notices approve without a number."}
	}
	return run, err
}

func (a *app) sayPracticeEnded(set *data.Settings) {
	switch {
	case a.json:
	case set.Practice:
		a.sayf("Practice for letters and notices is over, but practice mode is on for everything: nothing leaves for real before smtp-gateway settings set practice=false.")
	default:
		a.sayf("Practice for letters and notices is over: from now on they leave for real.")
	}
}

// saveQuietly stores settings that are known to be well.
func saveQuietly(ctx context.Context, s *store.Store, changes map[string]string) error {
	_, err := s.SaveSettings(ctx, changes, -1)
	return err
}

func (a *app) noticesRefuse(c *cobra.Command, args []string) error {
	return a.withMailer(c.Context(), func(s *store.Store, m *mailing.Mailer, set *data.Settings) error {
		run, err := runNamed(c.Context(), s, args, waitsForYes)
		if err != nil {
			return err
		}
		if run, err = m.Refuse(c.Context(), set, run.ID); err != nil {
			return err
		}
		if a.json {
			return encode(a.Out, run)
		}
		a.sayf("Run %d. %s", run.ID, mailing.Summary(run))
		return nil
	})
}
