package mail

import (
	"slices"
	"strconv"
	"strings"

	"smtpgateway/data"
)

func itoa(n int) string { return strconv.Itoa(n) }

// envelope is who a message goes to and who sent it, as its file says.
type envelope struct {
	to     []data.Address // each once
	bad    []string       // entries that are no address, cleaned
	sender string         // X-Sender: an address, "<>", or empty
	from   []mailbox      // of the first From field
	null   bool           // X-Sender or From is <>: never answered
}

// envelopeFields are the fields that speak to us and to nobody after us.
var envelopeFields = []string{"X-Sender", "X-Receiver", "Bcc", "Resent-Bcc"}

// readEnvelope takes the recipients from the X-Receiver lines or, without any, from To, Cc and Bcc, and removes what
// must not be sent along. Errors: no recipient, only bad ones, or more than 10,000.
func (h *header) readEnvelope() (envelope, error) {
	var e envelope
	lists := h.all("X-Receiver")
	if len(lists) == 0 {
		lists = slices.Concat(h.all("To"), h.all("Cc"), h.all("Bcc"))
	}
	seen := map[string]bool{}
	for _, list := range lists {
		for _, m := range mailboxes(list) {
			key := m.addr.Key()
			if m.err != nil {
				key = m.text
			}
			if seen[key] {
				continue
			}
			seen[key] = true
			if m.err != nil {
				e.bad = append(e.bad, data.Clean(m.text, maxShown))
			} else {
				e.to = append(e.to, m.addr)
			}
			if len(seen) > maxRecipients {
				return e, refuse("Send it in several messages.", "The message has more than %d recipients.", maxRecipients)
			}
		}
	}
	if v, ok := h.get("X-Sender"); ok {
		if list := mailboxes(v); nobody(v) {
			e.sender, e.null = "<>", true
		} else if len(list) > 0 && list[0].err == nil {
			e.sender = list[0].addr.String()
		}
	}
	if v, ok := h.get("From"); ok {
		e.from = mailboxes(v)
		e.null = e.null || nobody(v)
	}
	for _, name := range envelopeFields {
		h.del(name)
	}
	switch {
	case len(e.to) > 0:
		return e, nil
	case len(e.bad) > 0:
		return e, &data.Error{
			Code: data.CodeBadAddress, Next: "Look for a typing mistake.",
			Sentence: "The message has no usable recipient: " + strconv.Quote(strings.Join(e.bad[:min(len(e.bad), 3)], ", ")) + " is not an e-mail address.",
		}
	}
	return e, refuse("Write an address into its To, Cc or Bcc field.", "The message has no recipient.")
}

// nobody reports whether an address field holds <>, the null sender of a report.
func nobody(v string) bool {
	i := strings.IndexByte(v, '<')
	return i >= 0 && strings.TrimSpace(v[i:]) == "<>"
}
