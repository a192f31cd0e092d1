package main

import (
	"context"
	"os"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/mail"
	"smtpgateway/data/store"
)

func (a *app) enqueueCommand() *cobra.Command {
	return &cobra.Command{Use: "enqueue FILE...", Short: "Put message files into the queue", Long: "Put message files (RFC 5322, as in the folder) into the queue. Each is taken or refused by itself; the files stay as they are.", Args: cobra.MinimumNArgs(1), RunE: func(c *cobra.Command, args []string) error {
		return a.withStore(c.Context(), func(s *store.Store) error { return a.enqueueAll(c.Context(), s, args) })
	}}
}

// enqueueAll takes or refuses each file by itself; the exit code is that of the first refusal.
func (a *app) enqueueAll(ctx context.Context, s *store.Store, names []string) error {
	set, _, _, err := readSettings(ctx, s)
	if err != nil {
		return err
	}
	if set.From.Address == "" {
		return &data.Error{Code: data.CodeNotConfigured, Sentence: "No From address is given yet.", Next: "smtp-gateway settings set from.address=library@your.school"}
	}
	views := make([]enqueued, len(names))
	for i, name := range names {
		v := &views[i]
		v.File = name
		if v.Message, v.Notes, err = a.enqueue(ctx, s, set, name); err != nil {
			v.Error = err.Error()
			a.sayf("%s: refused. %s", data.Clean(name, 200), v.Error)
			if a.exit == exitOK {
				a.exit = exitCode(err)
			}
			continue
		}
		a.sayf("%s: waits to be sent as message %d.", data.Clean(name, 200), v.Message)
		for _, n := range v.Notes {
			a.sayf("  %s", n)
		}
	}
	if a.json {
		return encode(a.Out, views)
	}
	return nil
}

// enqueued is what became of one file.
type enqueued struct {
	File    string   `json:"file"`
	Message int64    `json:"message,omitempty"`
	Notes   []string `json:"notes,omitempty"`
	Error   string   `json:"error,omitempty"`
}

func (a *app) enqueue(ctx context.Context, s *store.Store, set data.Settings, name string) (int64, []string, error) {
	f, err := os.Open(name) // #nosec G304 -- the person named it
	if err != nil {
		return 0, nil, &data.Error{Code: data.CodeNotFound, Sentence: "The file cannot be read.", Next: "Look at its name and rights.", Err: err}
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0, nil, &data.Error{Code: data.CodeBadMessage, Sentence: "It is not a file.", Next: "Give message files.", Err: err}
	}
	d, err := mail.Receive(f, info.Size(), mail.Rules{MaxBytes: set.MaxBytes(), From: set.From, Now: time.Now()})
	if err != nil {
		return 0, nil, err
	}
	m := &d.NewMessage
	m.Class, m.Door = data.ClassDropped, data.DoorEnqueue
	if set.Practice {
		copied, err := mail.ComposePractice(d, nil, m.Recipients, set.TestTo, set.From, time.Now())
		if err != nil {
			return 0, nil, err
		}
		copied.Class, copied.Door, copied.Practice = data.ClassDropped, data.DoorEnqueue, true
		id, err := s.Accept(ctx, copied)
		return id, append(d.Notes, "Practice mode: goes to "+set.TestTo+" instead."), err
	}
	id, err := s.Accept(ctx, m)
	return id, d.Notes, err
}
