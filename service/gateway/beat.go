package gateway

import (
	"context"
	"fmt"
	"os"
	"sort"
	"time"

	"smtpgateway/data"
)

// trouble is one thing that is wrong now.
type trouble struct {
	sentence string
	remedy   string
	since    time.Time
}

// The kinds of trouble a gateway can be in at one time, worst first.
const (
	troubleStore    = "1 store"
	troubleDisk     = "1b disk"
	troubleSettings = "2 settings"
	troubleServer1  = "3 server 1"
	troubleServer2  = "4 server 2"
	troubleFolder   = "5 folder"
	troubleLists    = "6 lists"
	troubleNotices  = "7 notices"
)

// trouble says once that something is wrong, in journal, log and heartbeat, and keeps saying it in the heartbeat.
func (g *Gateway) trouble(ctx context.Context, kind string, event int, sentence, remedy string) {
	g.mu.Lock()
	old, was := g.troubles[kind]
	if was && old.sentence == sentence {
		g.mu.Unlock()
		return
	}
	since := g.o.Now()
	if was {
		since = old.since
	}
	g.troubles[kind] = trouble{sentence: sentence, remedy: remedy, since: since}
	g.mu.Unlock()
	g.o.Log.Error("trouble", "event", event, "text", sentence, "remedy", remedy)
	if err := g.store.Note(ctx, data.JournalLine{At: g.o.Now(), Kind: data.JournalTrouble, Event: event, Text: sentence}); err != nil {
		g.o.Log.Error("journal cannot be written", "error", err)
	}
	if err := g.writeBeat(ctx); err != nil {
		g.o.Log.Error("heartbeat cannot be written", "error", err)
	}
}

// clear says that a trouble has ended.
func (g *Gateway) clear(ctx context.Context, kind, text string) {
	g.mu.Lock()
	_, was := g.troubles[kind]
	delete(g.troubles, kind)
	g.mu.Unlock()
	if !was {
		return
	}
	g.notef(ctx, data.JournalTrouble, 0, "%s", text)
	if err := g.writeBeat(ctx); err != nil {
		g.o.Log.Error("heartbeat cannot be written", "error", err)
	}
}

// worst is the trouble that matters most.
func (g *Gateway) worst() (trouble, bool) {
	kinds := make([]string, 0, len(g.troubles))
	for k := range g.troubles {
		kinds = append(kinds, k)
	}
	if len(kinds) == 0 {
		return trouble{}, false
	}
	sort.Strings(kinds)
	return g.troubles[kinds[0]], true
}

// writeBeat writes the heartbeat row. It is written at each check and change, not on a timer.
func (g *Gateway) writeBeat(ctx context.Context) error {
	g.mu.Lock()
	t, _ := g.worst()
	g.beat.PID, g.beat.Version = os.Getpid(), g.o.Version
	g.beat.Trouble, g.beat.Remedy = t.sentence, t.remedy
	b := g.beat
	g.mu.Unlock()
	return g.store.Beat(ctx, b)
}

func (g *Gateway) notef(ctx context.Context, kind data.JournalKind, message int64, format string, args ...any) {
	line := data.JournalLine{At: g.o.Now(), Kind: kind, Message: message, Text: fmt.Sprintf(format, args...)}
	g.o.Log.Info(line.Text, "kind", string(kind), "message", message)
	if err := g.store.Note(ctx, line); err != nil {
		g.o.Log.Error("journal cannot be written", "error", err)
	}
}

// sentence is what of an error a person may read.
func sentence(err error) string {
	what, _ := data.Words(err)
	return what
}

// next is what an error tells a person to do.
func next(err error) string {
	_, todo := data.Words(err)
	return todo
}
