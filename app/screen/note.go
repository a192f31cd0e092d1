package screen

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// NoteOnce writes a line about the window into the journal, as soon as the store is open. It is called on the window's
// goroutine.
func (d *Desk) NoteOnce(text string) {
	noted := false
	var try func()
	stop := d.Watch(func(Change) { try() })
	try = func() {
		if noted || d.facts.Problem != nil {
			return
		}
		noted = true
		GoStore(d, func(ctx context.Context, s *store.Store) (struct{}, error) {
			return struct{}{}, s.Note(ctx, data.JournalLine{Kind: data.JournalService, Text: text})
		}, func(_ struct{}, err error) {
			if noted = err == nil; noted {
				stop()
			}
		})
	}
}
