package settle

import (
	"context"
	"fmt"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/mail"
)

// item is what the sender is told about one message.
func (h *home) item(ctx context.Context, m data.Message, failed []data.Delivery) (mail.ReturnItem, error) {
	item := mail.ReturnItem{Message: m, Failed: failed}
	header, err := h.o.Store.Header(ctx, m.ID)
	switch code := data.CodeOf(err); {
	case err == nil:
		item.OriginalHeader = header
	case code == data.CodeNotFound || code == data.CodeDamaged:
		// Told without it: the news is the failure.
		h.o.Log.Warn("the header of a failed message cannot be read", "message", m.ID, "error", err)
	default:
		return item, err
	}
	tries, err := h.o.Store.Attempts(ctx, failed[0].ID)
	if err != nil {
		return item, err
	}
	for _, t := range tries {
		if t.Started.After(item.LastAttempt) {
			item.LastAttempt, item.ServerHost = t.Started, t.Host
		}
	}
	return item, nil
}

// returns makes the return mail: one message a report, several a digest. It always goes to the From of the settings,
// never to an address taken from a file (backscatter).
func (h *home) returns(items []mail.ReturnItem, settings data.Settings, host string) []*data.NewMessage {
	if len(items) == 0 {
		return nil
	}
	m, err := mail.ComposeReturn(mail.Return{
		From: settings.From, To: settings.From.Address, ReportingHost: host, Now: h.o.Now(), Items: items,
	})
	if err != nil {
		h.o.Log.Error("the return mail cannot be written", "error", err)
		h.linef(data.JournalMail, 0, 0, "The return mail about %d failed messages could not be written. They are listed in the queue.", len(items))
		return nil
	}
	m.Class, m.Door, m.NoReturn, m.File, m.Origin = data.ClassReturn, data.DoorOwn, true, "", nil
	return []*data.NewMessage{m}
}

// mostNamed is how many addresses of one message a line of the journal names.
const mostNamed = 3

// tellFailed writes one line of the journal for each failed message.
func (h *home) tellFailed(m data.Message, failed []data.Delivery) {
	what := fmt.Sprintf("Message %d", m.ID)
	if m.File != "" {
		what = fmt.Sprintf("The message in the file %q", m.File)
	}
	var who []string
	for i, d := range failed {
		if i == mostNamed {
			who = append(who, fmt.Sprintf("%d more", len(failed)-mostNamed))
			break
		}
		who = append(who, data.Clean(d.Recipient, 100))
	}
	h.linef(data.JournalFailed, 400, m.ID, "%s could not be sent to %s: %s", what, strings.Join(who, ", "), data.Clean(failed[0].Reason, 300))
}
