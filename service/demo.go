package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"smtpgateway/assets"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/gateway"
)

// demoBatch is how many messages each check of the demo sends, as many as a fresh installation does.
const demoBatch = 10

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
	a.sayf("SMTP Gateway demo. Nothing is installed and nothing leaves this computer; everybody in it is invented.\n")
	box, err := openMailbox(ctx, received)
	if err != nil {
		return err
	}
	defer func() { _ = box.Close() }()
	a.sayf("1. A school's mail server listens on 127.0.0.1:%s (a real SMTP server, for this minute only).", box.port)

	if err := demoSettings(ctx, p, box.port); err != nil {
		return err
	}
	a.sayf("2. Settings saved: %s, From library@example.org, %d messages each check.", assets.SchoolName, demoBatch)

	d := &demoRun{app: a, box: box, live: isTerminal(a.Out), tally: make(map[data.State]int)}
	g := gateway.New(gateway.Options{Place: p, Version: version, Done: d.done})
	if err := g.Open(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	if err := g.Load(ctx); err != nil {
		return err
	}
	school := &demoSchool{app: a, store: g.Store(), settings: g.Settings(), dir: dir}
	if err := school.story(ctx); err != nil {
		return err
	}
	n, err := dropSamples(p.Folder)
	if err != nil {
		return err
	}
	a.sayf("7. The library program drops %d messages of its own into %s.", n, p.Folder)
	if err := d.drain(ctx, g); err != nil {
		return err
	}
	if err := d.tell(ctx, g.Store(), p); err != nil {
		return err
	}
	if a.json {
		school.told.Folder, school.told.Received, school.told.Data = p.Folder, received, p.Data
		school.told.Messages, school.told.States = box.count(), d.tally
		return encode(a.Out, school.told)
	}
	a.sayf("\nThe server took %d messages (one may go to several people). Open them: %s", box.count(), received)
	a.sayf("To print:      %s", school.told.Printed)
	a.sayf("Look further:  smtp-gateway --data %s queue list", p.Data)
	a.sayf("In the window: smtp-gateway-manager --data %s", p.Data)
	a.sayf("Remove all:    rm -r %s", dir)
	return nil
}

// demoSettings are those of a school that has finished with practice. Guardians of this one are told how many things there
// are, and no titles.
func demoSettings(ctx context.Context, p place.Place, port string) (err error) {
	s, err := house.Open(ctx, p, true, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	_, err = s.SaveSettings(ctx, map[string]string{
		"server1.host": "127.0.0.1", "server1.port": port, "server1.security": "none",
		"from.address": "library@example.org", "from.name": assets.SchoolName, "test_to": "librarian@example.org",
		"messages_each_check": strconv.Itoa(demoBatch), "log.daily_at": "",
		"library.name": assets.SchoolName, "library.phone": "extension 220", "library.address": "1 Invented Street\n00000 Nowhere",
		"library.signature": "With kind regards,\nMaple Hill School Library", "practice.letters": "false",
		"overdue.enabled": "true", "overdue.disclosure": string(data.DiscloseCount),
		"overdue.stages": "-3:due-soon:guardian-if-none,+1:overdue-first:guardian-if-none,+3:overdue-second:guardian-if-none",
	}, store.AnyRevision)
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
