package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/control"
)

// statusView is what `status --json` gives. The names are part of the interface.
type statusView struct {
	State          string    `json:"state"`   // running, stopped, starting, stopping, restarting, failed, not installed, unknown
	Startup        string    `json:"startup"` // auto, manual, not installed
	Reason         string    `json:"reason,omitempty"`
	ExitCode       int       `json:"exit_code,omitempty"`
	PID            int       `json:"pid,omitempty"`
	Version        string    `json:"version"`
	Started        time.Time `json:"started,omitzero"`
	LastCheck      time.Time `json:"last_check,omitzero"`
	NextCheck      time.Time `json:"next_check,omitzero"`
	Revision       int64     `json:"settings_revision"`
	Trouble        string    `json:"trouble,omitempty"`
	Remedy         string    `json:"remedy,omitempty"`
	Waiting        int64     `json:"waiting"`
	Sending        int64     `json:"sending"`
	Held           int64     `json:"held"`
	Failed         int64     `json:"failed"`
	Sent           int64     `json:"sent"`
	EmptyAt        time.Time `json:"empty_at,omitzero"` // when the queue will be empty at this pace
	LastTestedOn   time.Time `json:"last_tested_on,omitzero"`
	LastTestOK     bool      `json:"last_test_ok"`
	LastTestResult string    `json:"last_test_result,omitempty"`
	DailyLog       time.Time `json:"daily_log,omitzero"` // up to when the daily log has told
	Practice       bool      `json:"practice,omitempty"`
	Folder         string    `json:"folder,omitempty"` // the one that is watched
	Data           string    `json:"data"`
	Store          string    `json:"store,omitempty"` // why the database cannot be read

	SignIns []signinView `json:"sign_ins,omitempty"` // of servers that take no password
	Library *libraryView `json:"library,omitempty"`
}

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{Use: "status", Short: "Tell how service and queue are doing", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		p := a.place()
		v := statusView{Version: version, Data: p.Data}
		if err := a.serviceStatus(c.Context(), p, &v); err != nil {
			v.State, v.Reason = "unknown", err.Error()
		}
		// The reason why a service stopped must be readable when the store is the broken part.
		if err := a.withStore(c.Context(), func(s *store.Store) error { return queueStatus(c.Context(), p, s, &v) }); err != nil {
			v.Store = err.Error()
		}
		if a.json {
			return encode(a.Out, v)
		}
		a.printStatus(v)
		return nil
	}}
}

// serviceStatus asks the system's service manager for the installed place, and the lock for one's own.
func (a *app) serviceStatus(ctx context.Context, p place.Place, v *statusView) error {
	if !p.Installed {
		v.State, v.Startup = "stopped", "by hand"
		if lock, err := p.Lock(ctx); data.CodeOf(err) == data.CodeInUse {
			v.State = "running"
		} else if err == nil {
			return lock.Unlock()
		}
		return nil
	}
	st, err := control.Query(ctx)
	if err != nil {
		return err
	}
	v.State, v.Startup, v.Reason, v.ExitCode, v.PID = string(st.State), string(st.Startup), st.Reason, st.ExitCode, st.PID
	return nil
}

func queueStatus(ctx context.Context, p place.Place, s *store.Store, v *statusView) error {
	beat, err := s.Heartbeat(ctx)
	if err != nil {
		return err
	}
	counts, err := s.Counts(ctx)
	if err != nil {
		return err
	}
	set, problems, _, err := readSettings(ctx, s)
	if err != nil {
		return err
	}
	v.Started, v.LastCheck, v.NextCheck, v.Revision = beat.Started, beat.LastCheck, beat.NextCheck, beat.Revision
	v.Trouble, v.Remedy = beat.Trouble, inTerminal(beat.Remedy, signinAny)
	if v.State == "running" && v.PID == 0 {
		v.PID = beat.PID
	}
	if v.State != "running" && v.Reason == "" {
		v.Reason = beat.Trouble
	}
	if v.Trouble == "" && problems.Refused() {
		v.Trouble, v.Remedy = problems.Error(), "Fill in the settings."
	}
	v.Waiting, v.Sending, v.Held = counts[data.Waiting], counts[data.Sending], counts[data.Held]
	v.Failed, v.Sent, v.Practice = counts[data.Failed], counts[data.Sent], set.Practice
	if v.EmptyAt, err = emptyAt(ctx, s, v, set); err != nil {
		return err
	}
	v.Folder = mailFolder(&set, p)
	if v.LastTestedOn, v.LastTestOK, v.LastTestResult, err = s.LastTest(ctx); err != nil {
		return err
	}
	if v.DailyLog, err = s.LogTold(ctx); err != nil {
		return err
	}
	if v.SignIns, err = signInViews(ctx, s, &set); err != nil {
		return err
	}
	v.Library, err = libraryStatus(ctx, s, &set, time.Now())
	return err
}

// emptyAt is when the queue will be empty at the pace of the settings; zero when nothing waits or nothing moves.
func emptyAt(ctx context.Context, s *store.Store, v *statusView, set data.Settings) (time.Time, error) {
	now := time.Now()
	due, _, err := s.NextDue(ctx)
	if err != nil {
		return time.Time{}, err
	}
	used, err := s.Used(ctx, 1, now.Add(-24*time.Hour))
	if err != nil {
		return time.Time{}, err
	}
	at, _ := data.EmptyAt(&set, data.Drain{
		Moving: v.State == "running" && v.Trouble == "", Waiting: v.Waiting, Now: now, Check: v.NextCheck, Due: due, Used: used,
	})
	return at, nil
}

func (a *app) printStatus(v statusView) {
	a.sayf("Service    %s (startup: %s)", v.State, v.Startup)
	if v.Reason != "" {
		a.sayf("Reason     %s", v.Reason)
	}
	if v.Store != "" {
		a.sayf("Database   %s", v.Store)
		return
	}
	if v.Trouble != "" && v.Trouble != v.Reason {
		a.sayf("Trouble    %s", v.Trouble)
	}
	if v.Remedy != "" {
		a.sayf("To do      %s", v.Remedy)
	}
	a.sayf("Queue      %d waiting, %d held, %d failed, %d sent", v.Waiting, v.Held, v.Failed, v.Sent)
	if !v.EmptyAt.IsZero() {
		a.sayf("           all sent by about %s", when(v.EmptyAt))
	}
	if v.State == "running" {
		a.sayf("Checks     last %s, next %s", when(v.LastCheck), when(v.NextCheck))
	}
	if !v.LastTestedOn.IsZero() {
		a.sayf("Last test  %s: %s", when(v.LastTestedOn), v.LastTestResult)
	}
	for i := range v.SignIns {
		a.sayf("Sign-in    %s", strings.TrimSpace(v.SignIns[i].Says+" "+v.SignIns[i].Next))
	}
	a.sayf("Folder     %s", v.Folder)
	if v.Practice {
		a.sayf("Practice   on: everything goes to the test address")
	}
	a.printLibrary(v.Library, time.Now())
	a.sayf("Data       %s", v.Data)
}
