package gateway

import (
	"context"
	"time"

	"smtpgateway/data"
)

// The store is asked whether somebody else wrote. Where the system tells of changes to its file, that is at once, but
// at most this often; where it does not, it is asked as often as a saved setting must be in force within two seconds.
const (
	noticeGap   = 100 * time.Millisecond
	noticePoll  = 1500 * time.Millisecond
	noticeQuiet = 30 * time.Second // beside the system's word, for the case that it misses one
)

// job is what the courier does next. One courier carries, so that no two checks meet.
type job func(ctx context.Context)

// dialGrace is how long a stop waits for a dial under way, before anything is handed over.
const dialGrace = 2 * time.Second

// Run carries mail until ctx ends. It returns nil after a clean stop and a *data.Error when the gateway must stop by
// itself; Open must have succeeded before.
func (g *Gateway) Run(ctx context.Context, host Host) error {
	g.beat = data.Heartbeat{Started: g.o.Now()}
	if err := g.apply(ctx, true); err != nil {
		g.stopped(ctx, err)
		return err
	}
	g.notef(ctx, data.JournalService, 0, "The service started (version %s).", g.o.Version)
	host.Ready()

	carry, cancelCarry := context.WithCancel(context.WithoutCancel(ctx))
	defer cancelCarry()
	jobs := make(chan job)
	idle := make(chan struct{}, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for j := range jobs {
			j(carry)
			idle <- struct{}{}
		}
	}()
	running, endRunning := context.WithCancel(ctx)
	err := g.loop(running, host, jobs, idle)
	endRunning()

	host.Status("Stopping")
	g.setEnough(true)
	close(jobs)
	grace := time.NewTimer(g.o.Grace)
	defer grace.Stop()
	look := time.NewTicker(dialGrace)
	defer look.Stop()
	for stopping := true; stopping; {
		select {
		case <-ended:
			stopping = false
		case <-idle:
		case <-look.C:
			if g.onlyDialling() {
				cancelCarry() // nothing was begun that could be finished: a sign-in service or a server does not answer
			}
		case <-grace.C:
			cancelCarry() // the connection is cut; before the dot the message simply waits, after it the message is uncertain
		}
	}
	g.handed.Wait()
	last := context.WithoutCancel(ctx)
	if e := g.dispatch.Flush(last); e != nil {
		g.o.Log.Error("the last outcome cannot be recorded: it will count as uncertain", "error", e)
	}
	g.stopped(last, err)
	return err
}

// loop decides what is to be done when; the courier does it.
func (g *Gateway) loop(ctx context.Context, host Host, jobs chan<- job, idle <-chan struct{}) error {
	writes, every := g.storeWrites(ctx)
	if most := host.AliveEvery(); most > 0 {
		every = min(every, most)
	}
	notice := time.NewTimer(every)
	defer notice.Stop()
	timer := time.NewTimer(0)
	defer timer.Stop()
	changes := g.folderChanges(ctx)
	listChanges, newLists := g.listChanges(ctx), false
	version, err := g.store.DataVersion(ctx)
	if ctx.Err() != nil {
		return nil // told to stop as soon as it ran: as clean a stop as any
	}
	if err != nil {
		return err
	}
	var queued []job // asked for and not begun; short: one of a kind
	busy := false
	next := func() {
		if busy || len(queued) == 0 {
			return
		}
		busy = true
		j := queued[0]
		queued = queued[1:]
		jobs <- j
	}
	soon := false
	look := true // requests may be waiting since before the start
	g.lookAtSignIns(ctx, true)
	for {
		host.Alive()
		if look {
			look = false
			more, err := g.asked(ctx, newLists)
			if err != nil {
				return err
			}
			newLists = false
			queued = append(queued, more...)
			if changes == nil {
				changes = g.folderChanges(ctx)
			}
			listChanges = g.listChanges(ctx)
			g.lookAtNotices(ctx, busy)
			g.setTimer(ctx, timer)
			next()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-idle:
			busy = false
			look = true
			g.setEnough(false)
			host.Status(g.line())
		case <-timer.C:
			if !busy && len(queued) == 0 {
				queued = append(queued, g.Duties)
			}
			next()
		case <-g.kick:
			look = true
		case _, open := <-changes:
			if !open {
				changes = nil
				continue
			}
			if !busy && len(queued) == 0 {
				queued = append(queued, g.scanJob)
			}
			next()
		case <-listChanges:
			newLists = true
			if busy {
				g.setEnough(true) // a book may be back: what waits is looked at before more leaves
			}
			look = true
		case <-writes:
			if !soon {
				soon = true
				notice.Reset(noticeGap)
			}
		case <-notice.C:
			soon = false
			notice.Reset(every)
			look = g.written(ctx, &version)
		}
	}
}

// written reports whether somebody wrote to the database since version, which it brings up to date.
func (g *Gateway) written(ctx context.Context, version *int64) bool {
	v, err := g.store.DataVersion(ctx)
	if err != nil {
		g.trouble(ctx, troubleStore, 205, sentence(err), "Look at the disk and the data folder.")
		return false
	}
	changed := v != *version
	*version = v
	return changed
}

// asked follows what others wrote: settings, what they ask for, and new lists. An error means that the gateway must stop.
func (g *Gateway) asked(ctx context.Context, newLists bool) ([]job, error) {
	g.lookAtSignIns(ctx, false)
	switch err := g.apply(ctx, false); {
	case data.CodeOf(err) == data.CodeDamaged:
		return nil, err
	case err != nil && ctx.Err() == nil: // a disk that is full or a lock that lasts may be over soon
		g.failed(ctx, err)
	}
	jobs := g.requests(ctx)
	if newLists {
		jobs = append(jobs, g.listsJob)
	}
	return jobs, nil
}

// stopped leaves the last word in the heartbeat, where window and status look when nobody answers.
func (g *Gateway) stopped(ctx context.Context, err error) {
	now := g.o.Now()
	text := "The service stopped."
	if err != nil {
		text = "The service stopped by itself: " + err.Error()
		g.mu.Lock()
		g.troubles[troubleSettings] = trouble{sentence: sentence(err), remedy: next(err), since: now}
		g.mu.Unlock()
	}
	g.mu.Lock()
	g.beat.Stopped = now
	g.mu.Unlock()
	g.notef(ctx, data.JournalService, 0, "%s", text)
	if e := g.writeBeat(ctx); e != nil {
		g.o.Log.Error("heartbeat cannot be written", "error", e)
	}
}

// setTimer sets the alarm for the next duty: check, look at the folder, daily log, notices, whichever is first.
func (g *Gateway) setTimer(ctx context.Context, timer *time.Timer) {
	pace, err := g.store.Pace(ctx)
	if err != nil {
		g.o.Log.Error("pace cannot be read", "error", err)
	}
	s := g.Settings()
	at := g.dispatch.NextCheck(s, pace)
	g.mu.Lock()
	told := g.beat.NextCheck.Equal(at) || !at.After(g.o.Now())
	g.beat.NextCheck = at
	again, resume, listsAgain := g.again, g.resume, g.listsAgain
	g.mu.Unlock()
	if !told {
		if err := g.writeBeat(ctx); err != nil {
			g.o.Log.Error("heartbeat cannot be written", "error", err)
		}
	}
	if resume {
		at = g.o.Now()
	}
	if !again.IsZero() && again.Before(at) {
		at = again
	}
	if log, ok := g.settle.NextDailyLog(ctx, s, g.o.Now()); ok && log.Before(at) {
		at = log
	}
	if !listsAgain.IsZero() && listsAgain.Before(at) {
		at = listsAgain
	}
	if notices, ok := g.noticesAt(ctx, s); ok && notices.Before(at) {
		at = notices
	}
	wait := at.Sub(g.o.Now())
	if most := time.Duration(s.MinutesBetweenChecks) * time.Minute; wait > most {
		wait = most // the clock was set back: an interval at most is lost
	}
	timer.Reset(max(wait, 0))
}
