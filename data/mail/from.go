package mail

import (
	"slices"
	"strings"

	"smtpgateway/data"
)

// changes are the names, in lower case, of the fields that are not as they came.
type changes map[string]bool

func (c changes) add(name string) { c[strings.ToLower(name)] = true }

// sender is the From of the settings, read.
func sender(from data.From) (data.Address, error) {
	a, err := data.ParseAddress(from.Address)
	if err != nil {
		return a, &data.Error{
			Code: data.CodeBadSettings, Sentence: "The From address in the settings is missing or not an e-mail address.",
			Next: "Enter the library's e-mail address under From.", Err: err,
		}
	}
	return a, nil
}

// stampFrom makes the From of the settings the only one. Where no Reply-To is, the address that stood in From gets the
// answers, else the one of the settings. A From that says the same already is left as it is, so that a signature over
// it stays good. For a From of <> nobody wants answers.
func (h *header) stampFrom(from data.From, e envelope, c changes) error {
	a, err := sender(from)
	if err != nil {
		return err
	}
	var was *mailbox
	for i := range e.from {
		if e.from[i].err == nil {
			was = &e.from[i]
			break
		}
	}
	same := was != nil && was.addr.Key() == a.Key()
	if !same || len(e.from) > 1 || h.count("From") > 1 || from.Name != "" && oneLine(was.name) != oneLine(from.Name) {
		h.setFrom(from.Name, a, c)
	}
	if v, ok := h.get("Reply-To"); ok && v != "" || e.null {
		return nil
	}
	if was != nil && !same {
		h.set("Reply-To", fold("Reply-To", mailboxWords(was.name, was.addr)))
		c.add("Reply-To")
		return nil
	}
	return h.replyTo(from, c)
}

func (h *header) setFrom(name string, a data.Address, c changes) {
	raw := fold("From", mailboxWords(name, a))
	if h.count("From") == 1 {
		for _, f := range *h {
			if f.is("From") && string(f.raw) == string(raw) {
				return
			}
		}
	}
	h.set("From", raw)
	c.add("From")
}

func (h *header) replyTo(from data.From, c changes) error {
	if from.ReplyTo == "" {
		return nil
	}
	a, err := data.ParseAddress(from.ReplyTo)
	if err != nil {
		return &data.Error{
			Code: data.CodeBadSettings, Sentence: "The Reply-To address in the settings is not an e-mail address.",
			Next: "Correct it, or leave the field empty.", Err: err,
		}
	}
	h.set("Reply-To", fold("Reply-To", []string{a.String()}))
	c.add("Reply-To")
	return nil
}

// dropVoid removes each DKIM signature that covers a changed field, or any once the body has changed, and gives the
// names of the signing domains. A signature that fails is worse than none (RFC 6376 6.1 says else, receivers do not).
func (h *header) dropVoid(c changes, body bool) []string {
	var domains []string
	*h = slices.DeleteFunc(*h, func(f field) bool {
		if !f.is("DKIM-Signature") {
			return false
		}
		domain, void := "", body || c["dkim-signature"]
		for tag := range strings.SplitSeq(f.value(), ";") {
			k, v, _ := strings.Cut(tag, "=")
			switch strings.TrimSpace(k) {
			case "d":
				domain = data.Clean(v, maxShown)
			case "h":
				for name := range strings.SplitSeq(v, ":") {
					void = void || c[strings.ToLower(strings.TrimSpace(name))]
				}
			}
		}
		if void {
			domains = append(domains, domain)
		}
		return void
	})
	return domains
}

// Restamp replaces the From of a message that waits, after the setting was changed. The header is one that is in the
// queue, so its From is ours and gets no answers. Doing it twice changes nothing more. Errors have CodeBadSettings.
func Restamp(block []byte, from data.From) ([]byte, error) {
	h := parseHeader(block)
	a, err := sender(from)
	if err != nil {
		return nil, err
	}
	c := changes{}
	h.setFrom(from.Name, a, c)
	if v, ok := h.get("Reply-To"); !ok || v == "" {
		if err := h.replyTo(from, c); err != nil {
			return nil, err
		}
	}
	h.dropVoid(c, false)
	return h.bytes(), nil
}

// Copied makes the header of a message that was sent into that of another one with the same text: it has a Message-ID of
// its own, because mail services drop what bears one they have seen, and the From of today. Errors have CodeBadSettings.
func Copied(block []byte, from data.From, host string) (header []byte, messageID string, err error) {
	if block, err = Restamp(block, from); err != nil {
		return nil, "", err
	}
	h := parseHeader(block)
	messageID = newMessageID(from.Address, host)
	h.set("Message-ID", []byte("Message-ID: "+messageID+"\r\n"))
	h.dropVoid(changes{"message-id": true}, false)
	return h.bytes(), messageID, nil
}
