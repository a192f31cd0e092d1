package gateway

import (
	"context"

	"smtpgateway/data"
)

// Notices runs the automatic notices because a person asks; yes is the number of a run that waits for an answer, 0: none.
func (g *Gateway) Notices(ctx context.Context, yes int64) (data.Run, error) {
	run, err := g.notices.Now(ctx, g.Settings(), yes)
	g.noticesWait(ctx)
	return run, err
}

// dailyNotices makes today's notices if their time has come.
func (g *Gateway) dailyNotices(ctx context.Context) {
	if !g.spaceForIntake(ctx) {
		g.notices.PutOff()
		return
	}
	run, ran, err := g.notices.Daily(ctx, g.Settings())
	switch {
	case ctx.Err() != nil: // told to stop: the next start goes on
		return
	case err != nil:
		g.storeFailed(ctx, err)
	case ran:
		g.o.Log.Info("automatic notices", "run", run.ID, "state", string(run.State), "planned", run.Planned, "queued", run.Queued)
	}
	g.noticesWait(ctx)
}

// noticesWait makes trouble of what keeps notices from going out, and ends it when nothing does any more.
func (g *Gateway) noticesWait(ctx context.Context) {
	sentence, remedy, err := g.notices.Waits(ctx, g.Settings())
	switch {
	case err != nil:
		g.storeFailed(ctx, err)
	case sentence != "":
		g.trouble(ctx, troubleNotices, 0, sentence, remedy)
	default:
		g.clear(ctx, troubleNotices, "Nothing keeps automatic notices from going out any more.")
	}
}

// recheckLetters looks at what waits before anything leaves: a book may be back.
func (g *Gateway) recheckLetters(ctx context.Context) {
	if _, err := g.notices.Recheck(ctx, g.Settings()); err != nil && ctx.Err() == nil {
		g.o.Log.Error("waiting letters cannot be looked at", "error", err)
		g.storeFailed(ctx, err)
	}
}

// lookAtNotices follows what others wrote: a switch in the settings, an answer to a run, a list of loans. A check under way
// ends after the message in its hands where people or loans changed, and goes on after a look at what waits.
func (g *Gateway) lookAtNotices(ctx context.Context, busy bool) {
	if err := g.notices.Switched(ctx, g.Settings()); err != nil {
		g.storeFailed(ctx, err)
		return
	}
	changed, err := g.notices.Changed(ctx)
	if err != nil {
		g.storeFailed(ctx, err)
		return
	}
	if changed && busy {
		g.setEnough(true)
	}
	g.noticesWait(ctx)
}

// storeFailed makes trouble of an error that is the database's; any other is told where it belongs.
func (g *Gateway) storeFailed(ctx context.Context, err error) {
	switch data.CodeOf(err) {
	case data.CodeDiskFull, data.CodeDamaged, data.CodeBusy, data.CodeNoAccess:
		g.failed(ctx, err)
	default:
		g.o.Log.Error("automatic notices", "error", err)
	}
}
