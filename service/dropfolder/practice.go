package dropfolder

import (
	"context"
	"fmt"

	"smtpgateway/data"
	"smtpgateway/data/mail"
)

// practise queues the practice copy of a dropped message and marks the message itself to be held: its file stays, and
// nobody it names gets anything.
func (f *Folder) practise(ctx context.Context, c chosen, opened File, draft *mail.Draft, key string, s data.Settings) error {
	if s.TestTo == "" {
		draft.Hold = "Practice mode: it was not sent, and no Test to address is set for a copy."
		return nil
	}
	draft.Hold = fmt.Sprintf("Practice mode: it was not sent; a copy went to %s.", s.TestTo)
	// Read a second time: what is attached is the message as it would have been sent, and its body is read only once.
	attached, err := mail.Receive(section(opened, c.id.Size), c.id.Size, stamp(f.o.Rules(), f.o.Now()))
	if err != nil {
		return err
	}
	practice, err := mail.ComposePractice(attached, nil, draft.Recipients, s.TestTo, s.From, f.o.Now())
	if err != nil {
		return err
	}
	practice.Class, practice.Door, practice.Practice, practice.File = data.ClassDropped, data.DoorFolder, true, ""
	practice.Origin = &data.Origin{Key: key + "-practice", Name: c.name}
	if _, err := f.store(ctx, practice, func() error { return f.unchanged(c, opened) }); err != nil {
		return err
	}
	return f.hidden(ctx, practice.Origin.Key)
}
