// Package settle is in charge of carrying outcomes home: the file of a sent message goes, that of a failed one becomes
// .BAD with the reason beside it, the sender is told by one return mail or one digest, the journal says what happened,
// and once a day a mail sums it all up.
//
// Files are touched first, then one transaction marks the deliveries as settled and queues the return mail. Whatever is
// killed in between, the next call finds the same deliveries and finishes: a file that is gone already is no error,
// and there is one return mail.
package settle

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mail"
	"smtpgateway/data/mirror"
)

// Store is what settle asks of the queue.
type Store interface {
	// Unsettled gives messages with deliveries that ended and were not carried home, the oldest first.
	Unsettled(ctx context.Context, limit int) ([]data.Ended, error)
	// Settle marks deliveries as carried home, queues mails and writes the journal, all in one transaction.
	Settle(ctx context.Context, deliveries []int64, mails []*data.NewMessage, lines []data.JournalLine) error
	Message(ctx context.Context, id int64) (data.Message, error)
	Header(ctx context.Context, id int64) ([]byte, error)
	Deliveries(ctx context.Context, message int64) ([]data.Delivery, error)
	Attempts(ctx context.Context, delivery int64) ([]data.Attempt, error)
	OriginOf(ctx context.Context, message int64) (data.Origin, bool, error)
	SaveOrigin(ctx context.Context, o data.Origin) error
	OriginGone(ctx context.Context, key string, at time.Time) error
	Accept(ctx context.Context, m *data.NewMessage) (int64, error)
	Note(ctx context.Context, lines ...data.JournalLine) error
	Day(ctx context.Context, from, to time.Time) (data.Day, error)
	LogTold(ctx context.Context) (time.Time, error)
	SetLogTold(ctx context.Context, at time.Time) error
}

// Options is what a Settler needs.
type Options struct {
	Store Store
	Open  func() (*os.Root, error) // the drop folder; an error while it cannot be reached
	Now   func() time.Time         // nil: time.Now
	Log   *slog.Logger             // nil: none
}

// Settler carries outcomes home. Its methods may be called from any goroutine; they take turns.
type Settler struct {
	o Options

	mu     sync.Mutex
	stuck  map[string]data.Origin // files that could not be removed or renamed, by key: told of once, tried again
	logTry time.Time              // when the daily log failed last; zero: it did not
}

// New makes a Settler.
func New(o Options) *Settler {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Settler{o: o, stuck: map[string]data.Origin{}}
}

// Report is what one call did.
type Report struct {
	Settled int   // deliveries
	Removed int   // files
	Bad     int   // files set aside
	Returns int   // return mails queued, a digest counting once
	Folder  error // the folder could not be reached: its files wait for Finish; nil: it could
}

// Bounds of one round, and so of one digest: memory and mail stay small however much failed at once.
const (
	roundMessages = 200
	roundHeaders  = 2 << 20 // octets of original headers
)

// Settle carries home everything that ended. host is this computer's name for the reports (RFC 3464 Reporting-MTA).
// An error is the store's; what was not settled is found again by the next call.
func (s *Settler) Settle(ctx context.Context, settings data.Settings, host string) (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.begin()
	defer h.end()
	if err := h.tryStuck(ctx); err != nil {
		return h.Report, err
	}
	for ctx.Err() == nil {
		batch, err := s.o.Store.Unsettled(ctx, roundMessages)
		if err != nil || len(batch) == 0 {
			return h.Report, err
		}
		err = h.round(ctx, batch, settings, host)
		if data.CodeOf(err) == data.CodeConflict {
			return h.Report, nil // a person sent one of them again this moment; the next call sees what is left
		}
		if err != nil {
			return h.Report, err
		}
	}
	return h.Report, ctx.Err()
}

// Sent carries one message home whose deliveries were all sent, so that its file goes at once and not at the end of a
// check. It does nothing while something of it is open or has failed. That the file is gone is written down by the
// next look at the folder, not here, between two messages.
func (s *Settler) Sent(ctx context.Context, message int64) (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := s.o.Store.Deliveries(ctx, message)
	if err != nil {
		return Report{}, err
	}
	var ids []int64
	for i := range all {
		if all[i].State != data.Sent {
			return Report{}, nil
		}
		if !all[i].Settled {
			ids = append(ids, all[i].ID)
		}
	}
	if len(ids) == 0 {
		return Report{}, nil
	}
	h := s.begin()
	defer h.end()
	origin, known, err := s.o.Store.OriginOf(ctx, message)
	if err != nil {
		return h.Report, err
	}
	if known {
		if err := h.carry(ctx, origin, all); err != nil {
			return h.Report, err
		}
	}
	if err := s.o.Store.Settle(ctx, ids, nil, h.lines); err != nil && data.CodeOf(err) != data.CodeConflict {
		return h.Report, err
	}
	h.Settled = len(ids)
	return h.Report, nil
}

// Finish carries home files that still lie in the folder though nothing of their messages is open: left over by a
// crash or a power cut, or by a folder that was away.
func (s *Settler) Finish(ctx context.Context, origins []data.Origin) (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.begin()
	defer h.end()
	for _, o := range origins {
		all, err := s.o.Store.Deliveries(ctx, o.Message)
		if err != nil {
			return h.Report, err
		}
		if err := h.carry(ctx, o, all); err != nil {
			return h.Report, err
		}
	}
	return h.Report, h.finish(ctx)
}

// home is the way home of one call: the folder, opened when first needed, and what is to be written down.
type home struct {
	*Settler
	Report
	folder  *mirror.Folder
	tried   bool
	touched bool
	names   map[string]string // name by look, once somebody renamed a file; nil: not read
	lines   []data.JournalLine
	gone    []string // origins whose files were removed
}

func (s *Settler) begin() *home { return &home{Settler: s} }

func (h *home) end() {
	if h.folder != nil {
		if err := h.folder.Close(); err != nil {
			h.o.Log.Warn("closing the folder", "error", err)
		}
	}
}

// open gives the folder; nil while it cannot be reached.
func (h *home) open() *mirror.Folder {
	if h.tried {
		return h.folder
	}
	h.tried = true
	root, err := h.o.Open()
	if err == nil {
		h.folder, err = mirror.In(root)
	}
	if err != nil {
		h.Folder = err
		h.o.Log.Warn("the folder cannot be reached; its files wait", "error", err)
	}
	return h.folder
}

// round settles one batch in one transaction.
func (h *home) round(ctx context.Context, batch []data.Ended, settings data.Settings, host string) error {
	h.lines, h.gone = nil, nil
	var ids []int64
	var items []mail.ReturnItem
	octets := 0
	for i := range batch {
		e := &batch[i]
		var failed []data.Delivery
		for _, d := range e.Ended {
			if d.State == data.Failed {
				failed = append(failed, d)
			} else if e.Open > 0 {
				continue // the file's turn has not come
			}
			ids = append(ids, d.ID)
		}
		if e.Open == 0 && e.Origin != nil && e.Message.File != "" {
			all, err := h.o.Store.Deliveries(ctx, e.Message.ID)
			if err != nil {
				return err
			}
			if err := h.carry(ctx, *e.Origin, all); err != nil {
				return err
			}
		}
		if len(failed) == 0 {
			continue
		}
		h.tellFailed(e.Message, failed)
		if e.Message.NoReturn || e.Message.Class.Own() || settings.From.Address == "" {
			continue
		}
		item, err := h.item(ctx, e.Message, failed)
		if err != nil {
			return err
		}
		items = append(items, item)
		if octets += len(item.OriginalHeader); octets > roundHeaders {
			break
		}
	}
	if len(ids) == 0 {
		return fmt.Errorf("settling: %d messages have nothing to settle", len(batch))
	}
	mails := h.returns(items, settings, host)
	if h.touched {
		// Before the marks: a file that comes back after a power cut would otherwise be nobody's.
		if err := h.folder.Sync(); err != nil {
			h.o.Log.Warn("the folder cannot be synced", "error", err)
		}
		h.touched = false
	}
	if err := h.o.Store.Settle(ctx, ids, mails, h.lines); err != nil {
		return err
	}
	h.Settled += len(ids)
	h.Returns += len(mails)
	for _, key := range h.gone {
		if err := h.o.Store.OriginGone(ctx, key, h.o.Now()); err != nil {
			return err
		}
	}
	return nil
}

// finish writes down what was done outside a round.
func (h *home) finish(ctx context.Context) error {
	if h.touched {
		if err := h.folder.Sync(); err != nil {
			h.o.Log.Warn("the folder cannot be synced", "error", err)
		}
		h.touched = false
	}
	for _, key := range h.gone {
		if err := h.o.Store.OriginGone(ctx, key, h.o.Now()); err != nil {
			return err
		}
	}
	if len(h.lines) == 0 {
		return nil
	}
	return h.o.Store.Note(ctx, h.lines...)
}

func (h *home) linef(kind data.JournalKind, event int, message int64, format string, args ...any) {
	h.lines = append(h.lines, data.JournalLine{
		At: h.o.Now(), Kind: kind, Event: event, Message: message, Text: fmt.Sprintf(format, args...),
	})
}
