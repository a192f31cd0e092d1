package gateway

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/dispatch"
	"smtpgateway/service/dropfolder"
)

// Report is what one check did, for people.
type Report struct {
	Taken    int              `json:"files_taken"`
	Refused  int              `json:"files_refused"`
	NotReady int              `json:"files_not_finished"`
	Summary  dispatch.Summary `json:"queue"`
	Waiting  int64            `json:"waiting"`
	Settled  int              `json:"settled"`
}

// String is the report in one line.
func (r Report) String() string {
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(r.Taken, "files taken")
	add(r.Refused, "files refused")
	add(r.NotReady, "files not finished yet")
	add(r.Summary.Sent, "sent")
	add(r.Summary.Deferred, "put off")
	add(r.Summary.Uncertain, "uncertain")
	add(r.Summary.Failed, "failed")
	add(r.Summary.Held, "held")
	if len(parts) == 0 {
		parts = append(parts, "nothing to do")
	}
	return fmt.Sprintf("%s; %d waiting", strings.Join(parts, ", "), r.Waiting)
}

// Look takes in what lies in the folder, giving half-written files their two looks, and sends nothing.
func (g *Gateway) Look(ctx context.Context) error {
	g.scan(ctx, true)
	g.mu.Lock()
	defer g.mu.Unlock()
	if t, bad := g.troubles[troubleFolder]; bad {
		return &data.Error{Code: data.CodeNoAccess, Sentence: t.sentence, Next: t.remedy}
	}
	return nil
}

// Once runs one check now, with a budget of its own: what `once` and "Send now" do. Without a running service the
// settings are read first.
func (g *Gateway) Once(ctx context.Context) (Report, error) {
	if err := g.apply(ctx, true); err != nil {
		return Report{}, err
	}
	return g.CheckNow(ctx)
}

// CheckNow runs one check at once, with the settings in force and a budget of its own.
func (g *Gateway) CheckNow(ctx context.Context) (Report, error) {
	return g.check(ctx, dispatch.Ask{Fresh: true, Now: true}, true)
}

// Duties does whatever is due now: daily log, automatic notices, check, retention. It is the job of the timer.
func (g *Gateway) Duties(ctx context.Context) {
	now := g.o.Now()
	if _, err := g.settle.DailyLog(ctx, g.Settings(), now); err != nil {
		g.failed(ctx, err)
	}
	if !g.listsFirst(ctx) {
		g.dailyNotices(ctx)
	}
	pace, err := g.store.Pace(ctx)
	if err != nil {
		g.failed(ctx, err)
		return
	}
	g.mu.Lock()
	resume := g.resume
	g.resume = false
	g.mu.Unlock()
	if next := g.dispatch.NextCheck(g.Settings(), pace); !resume && next.After(g.o.Now()) {
		g.scanJob(ctx)
		return
	}
	if _, err := g.check(ctx, dispatch.Ask{}, false); err != nil {
		g.failed(ctx, err)
	}
	g.maintain(ctx)
}

// check is one check: folder, queue, and what follows from it.
func (g *Gateway) check(ctx context.Context, ask dispatch.Ask, patient bool) (Report, error) {
	var r Report
	if ask.Message == 0 {
		found := g.scan(ctx, patient)
		r.Taken, r.Refused, r.NotReady = found.Taken, found.Refused, found.Waiting
		if patient {
			g.takeLists(ctx) // asked for: on its own, a check follows a look at the lists
		}
		g.recheckLetters(ctx)
	}
	g.mu.Lock()
	lift := g.lift
	g.lift = false
	g.mu.Unlock()
	var err error
	if lift {
		if err = g.dispatch.Lift(ctx); err != nil {
			g.failed(ctx, err)
			return r, err
		}
	}
	s := g.Settings()
	r.Summary, err = g.dispatch.Check(ctx, s, ask)
	after := context.WithoutCancel(ctx) // what is sent is settled, stop or not
	if err != nil {
		g.failed(after, err)
	} else {
		g.clear(after, troubleStore, "The database can be written again.")
	}
	n, settleErr := g.settleAll(after, s)
	r.Settled = n
	g.serverTroubles(after)
	if e := g.raiseCounter(after); e != nil {
		g.o.Log.Error("counter cannot be raised", "error", e)
	}
	counts, countErr := g.store.Counts(after)
	if countErr == nil {
		r.Waiting = counts[data.Waiting]
	}
	if r.Summary.Handed > 0 || r.Taken > 0 || r.Refused > 0 {
		g.notef(after, data.JournalCheck, 0, "Check: %s.", r)
	}
	g.mu.Lock()
	g.beat.LastCheck = g.o.Now()
	g.resume = g.enough && r.Summary.Left && ask == (dispatch.Ask{})
	g.mu.Unlock()
	if e := g.writeBeat(after); e != nil && err == nil {
		err = e
	}
	if err == nil {
		err = settleErr
	}
	return r, err
}

// settleAll carries every ended delivery home.
func (g *Gateway) settleAll(ctx context.Context, s data.Settings) (int, error) {
	rep, err := g.settle.Settle(ctx, s, reportingHost(s))
	if err != nil {
		g.o.Log.Error("settling", "error", err)
	}
	return rep.Settled, err
}

// reportingHost is the name of this computer in the reports of return mails (RFC 3464 2.2.2).
func reportingHost(s data.Settings) string {
	if s.Server1.EHLO != "" {
		return s.Server1.EHLO
	}
	if name, err := os.Hostname(); err == nil {
		return name
	}
	return "localhost"
}

// serverTroubles tells which server is left alone, and when one is well again.
func (g *Gateway) serverTroubles(ctx context.Context) {
	states, err := g.store.ServerStates(ctx)
	if err != nil {
		g.o.Log.Error("server states cannot be read", "error", err)
		return
	}
	kinds := [2]string{troubleServer1, troubleServer2}
	for i, st := range states {
		if st.Since.IsZero() {
			g.clear(ctx, kinds[i], fmt.Sprintf("%s takes mail again.", strings.ToUpper(data.ServerName(i + 1)[:1])+data.ServerName(i + 1)[1:]))
			continue
		}
		event := 302
		switch st.Outcome.Phase {
		case data.PhaseAuth:
			event = 300
		case data.PhaseTLS:
			event = 301
		default:
		}
		g.trouble(ctx, kinds[i], event, st.Outcome.Sentence, st.Outcome.Remedy)
	}
}

// raiseCounter raises the number beside the key after the store's own, so that a restored database is known by it.
func (g *Gateway) raiseCounter(ctx context.Context) error {
	n, err := g.store.Checks(ctx)
	if err != nil {
		return err
	}
	return g.o.Place.WriteCounter(n)
}

// recorded follows each commit of dispatch: the file of a sent message goes at once, as the tech note has it.
func (g *Gateway) recorded(ctx context.Context, r data.Result) {
	if g.o.Done != nil {
		g.o.Done(r)
	}
	if r.Claim == nil || r.Claim.Message.File == "" {
		return
	}
	for _, v := range r.Verdicts {
		if v.State != data.Sent {
			return // bad ends are settled at the end of the check: the breaker may still take them back
		}
	}
	if _, err := g.settle.Sent(ctx, r.Claim.Message.ID); err != nil {
		g.o.Log.Error("settling a sent message", "error", err)
	}
}

// failed tells of an error inside a check: full disk, locked or damaged database.
func (g *Gateway) failed(ctx context.Context, err error) {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return // the service stops: what was cut off is done at the next start, and is no trouble to be told
	}
	event := 0
	switch data.CodeOf(err) {
	case data.CodeDiskFull:
		event = 500
		g.dropBallast()
	case data.CodeDamaged:
		event = 205
	case data.CodeNoAccess:
		event = 204
	default:
	}
	g.o.Log.Error("check failed", "error", err, "cause", errors.Unwrap(err))
	g.trouble(ctx, troubleStore, event, sentence(err), next(err))
}

// scan looks at the folder; a folder that is gone is trouble, never a reason to lose or cancel anything.
func (g *Gateway) scan(ctx context.Context, patient bool) dropfolder.Report {
	if !g.spaceForIntake(ctx) {
		return dropfolder.Report{}
	}
	f := g.openFolder(ctx)
	if f == nil {
		return dropfolder.Report{}
	}
	rep, err := f.Scan(ctx, dropfolder.Patience{Both: patient})
	switch {
	case err != nil && f.Healthy() == nil: // the store's error; a folder opened anew would forget who closed what
		g.failed(ctx, err)
	case err != nil:
		g.closeFolder()
		g.trouble(ctx, troubleFolder, 0, sentence(err), next(err))
		return rep
	}
	if len(rep.Finished) > 0 {
		if _, err := g.settle.Finish(ctx, rep.Finished); err != nil {
			g.o.Log.Error("finishing files left over", "error", err)
		}
	}
	g.mu.Lock()
	g.again = rep.Again
	g.mu.Unlock()
	return rep
}

func (g *Gateway) scanJob(ctx context.Context) {
	rep := g.scan(ctx, false)
	if rep.Taken+rep.Refused > 0 {
		g.notef(ctx, data.JournalIntake, 0, "Folder: %d files taken, %d refused.", rep.Taken, rep.Refused)
	}
}

// maintain runs once a day: retention and a backup.
func (g *Gateway) maintain(ctx context.Context) {
	now := g.o.Now()
	if now.Sub(g.maintained) < 24*time.Hour {
		return
	}
	g.maintained = now
	s := g.Settings()
	day := 24 * time.Hour
	if _, err := g.store.Maintain(ctx, time.Duration(s.KeepBodiesDays)*day, time.Duration(s.KeepHistoryDays)*day); err != nil {
		g.failed(ctx, err)
		return
	}
	if _, err := g.settle.Sweep(ctx, s); err != nil {
		g.o.Log.Error("old .BAD files", "error", err)
	}
	if _, err := g.store.DailyBackup(ctx, g.o.Place.Backups, 3); err != nil {
		g.o.Log.Error("daily backup", "error", err)
	}
}
