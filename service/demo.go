package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/assets"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway"
)

// demoBatch is how many messages each check of the demo sends: few enough to see the batches.
const demoBatch = 5

func (a *app) demoCommand() *cobra.Command {
	return &cobra.Command{Use: "demo", Short: "The whole story in a minute, with nothing installed", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return a.demo(c.Context())
	}}
}

func (a *app) demo(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "smtp-gateway-demo-")
	if err != nil {
		return err
	}
	received := filepath.Join(dir, "received")
	if err := os.Mkdir(received, 0o700); err != nil {
		return err
	}
	p := place.At(filepath.Join(dir, "data"))
	a.sayf("SMTP Gateway demo. Nothing is installed and nothing leaves this computer.\n")
	box, err := openMailbox(ctx, received)
	if err != nil {
		return err
	}
	defer func() { _ = box.Close() }()
	a.sayf("1. A school's mail server listens on 127.0.0.1:%s (a real SMTP server, for this minute only).", box.port)

	if err := demoSettings(ctx, p, box.port); err != nil {
		return err
	}
	a.sayf("2. Settings saved: %d messages each check, From library@example.org.", demoBatch)

	d := &demoRun{app: a, box: box, live: isTerminal(a.Out), tally: make(map[data.State]int)}
	g := gateway.New(gateway.Options{Place: p, Version: version, Done: d.done})
	if err := g.Open(ctx); err != nil {
		return err
	}
	defer func() {
		if e := g.Close(); e != nil && err == nil {
			err = e
		}
	}()
	if err := g.Load(ctx); err != nil {
		return err
	}
	n, err := dropSamples(p.Folder)
	if err != nil {
		return err
	}
	a.sayf("3. The library program drops %d messages into %s.\n", n, p.Folder)
	if err := d.drain(ctx, g); err != nil {
		return err
	}
	if err := d.tell(ctx, g.Store(), p, received); err != nil {
		return err
	}
	if a.json {
		return encode(a.Out, map[string]any{"folder": p.Folder, "received": received, "messages": box.count(), "states": d.tally, "data": p.Data})
	}
	return nil
}

func demoSettings(ctx context.Context, p place.Place, port string) (err error) {
	s, err := house.Open(ctx, p, true, store.Options{})
	if err != nil {
		return err
	}
	defer func() {
		if e := s.Close(); e != nil && err == nil {
			err = e
		}
	}()
	_, err = s.SaveSettings(ctx, map[string]string{
		"server1.host": "127.0.0.1", "server1.port": port, "server1.security": "none",
		"from.address": "library@example.org", "from.name": "School Library", "test_to": "librarian@example.org",
		"messages_each_check": strconv.Itoa(demoBatch), "log.daily_at": "",
	}, -1)
	return err
}

// dropSamples writes as a careful program does: under another name, then renamed.
func dropSamples(folder string) (int, error) {
	samples := assets.Demo()
	names, err := fs.Glob(samples, "*.eml")
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		b, err := fs.ReadFile(samples, name)
		if err != nil {
			return 0, err
		}
		half := filepath.Join(folder, name+".part")
		if err := os.WriteFile(half, b, 0o600); err != nil {
			return 0, err
		}
		if err := os.Rename(half, filepath.Join(folder, strings.TrimSuffix(name, ".eml")+".TMP")); err != nil {
			return 0, err
		}
	}
	return len(names), nil
}

// demoRun watches the queue drain.
type demoRun struct {
	app   *app
	box   *mailbox
	live  bool // somebody watches: the bar moves
	total int
	ended int
	tally map[data.State]int
}

// done is told of each recorded result.
func (d *demoRun) done(r data.Result) {
	for _, v := range r.Verdicts {
		if v.State == data.Sent || v.State == data.Failed {
			d.ended++
		}
	}
	d.bar()
}

func (d *demoRun) bar() {
	if d.app.json || d.total == 0 || !d.live {
		return
	}
	const width = 40
	full := min(width, width*d.ended/d.total)
	_, _ = fmt.Fprintf(d.app.Out, "\r   [%s%s] %d of %d recipients ", strings.Repeat("#", full), strings.Repeat(".", width-full), d.ended, d.total)
}

// endBar leaves the bar of a check on a line of its own.
func (d *demoRun) endBar(check int, rep gateway.Report, took time.Duration) {
	live := d.live
	d.live = true
	d.bar()
	d.live = live
	d.app.sayf("\n   check %d: %s (%s)", check, rep, took.Round(time.Millisecond))
}

// drain runs checks until nothing waits: a school's gateway would run one every three minutes.
func (d *demoRun) drain(ctx context.Context, g *gateway.Gateway) error {
	for check := 1; check <= 20; check++ {
		if check == 1 {
			d.app.sayf("4. Check by check, as the service does every 3 minutes:")
		}
		began := time.Now()
		if check == 1 {
			if err := g.Look(ctx); err != nil {
				return err
			}
			counts, err := g.Store().Counts(ctx)
			if err != nil {
				return err
			}
			d.total = int(counts[data.Waiting])
		}
		rep, err := g.Once(ctx)
		if err != nil {
			return err
		}
		d.endBar(check, rep, time.Since(began))
		if rep.Waiting == 0 {
			return nil
		}
		// The return mail joins the queue at the end of a check.
		counts, err := g.Store().Counts(ctx)
		if err != nil {
			return err
		}
		d.total = d.ended + int(counts[data.Waiting])
	}
	return nil
}

func (d *demoRun) tell(ctx context.Context, s *store.Store, p place.Place, received string) error {
	counts, err := s.Counts(ctx)
	if err != nil {
		return err
	}
	for st, n := range counts {
		d.tally[st] = int(n)
	}
	d.app.sayf("\n5. What became of them: %d sent, %d could not be sent, %d waiting.", counts[data.Sent], counts[data.Failed], counts[data.Waiting])
	failed, err := s.List(ctx, data.ListQuery{States: []data.State{data.Failed}, Limit: 20})
	if err != nil {
		return err
	}
	for _, e := range failed {
		d.app.sayf("   %s: %s %s", e.Recipient, e.Reason, e.Remedy)
	}
	left, err := os.ReadDir(p.Folder)
	if err != nil {
		return err
	}
	for _, f := range left {
		d.app.sayf("   in the folder: %s", f.Name())
	}
	d.app.sayf("\nThe server took %d messages (one may go to several people). Open them: %s", d.box.count(), received)
	d.app.sayf("Look further:  smtp-gateway --data %s queue list", p.Data)
	d.app.sayf("Remove all:    rm -r %s", filepath.Dir(p.Data))
	return nil
}
