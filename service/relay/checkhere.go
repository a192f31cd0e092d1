package relay

import (
	"errors"
	"fmt"
	"net/textproto"
	"strconv"
	"strings"

	"smtpgateway/data"
)

// checkHere settles what can be known before the server hears of the message: addresses that cannot stand in a command,
// a size the server does not take, letters it cannot handle. These recipients get their outcome; the others stay open.
func (t *transaction) checkHere(b data.Body) {
	if limit, ok := t.sizeLimit(); ok && t.size > limit {
		t.refuse(data.BlameMessage, fmt.Sprintf("The message is too large for %s: it has %s, the server takes %s.",
			t.server.Host, megabytes(t.size), megabytes(limit)), "Send it with smaller attachments.")
		return
	}
	if t.m.Sender != "" && !speakable(t.m.Sender) {
		t.refuse(data.BlameMessage, "The sender of the message is not an e-mail address.", "Look at the From address in the settings.")
		return
	}
	t.each(func(to string) bool { return !speakable(to) }, data.BlameRecipient, "%s is not an e-mail address.", "Look for a typing mistake.")
	if offered, _ := t.client.Extension("8BITMIME"); t.m.EightBit && !offered && t.sevenBit == nil {
		t.refuse(data.BlameMessage, "The message has letters that "+t.server.Host+" does not take (no 8BITMIME).", remedyBlocked)
		return
	}
	t.checkUTF8(b)
}

// checkUTF8 asks for SMTPUTF8 (RFC 6531) only where it is needed: a message sent with it fails at the next server that
// lacks it.
func (t *transaction) checkUTF8(b data.Body) {
	needed := t.m.UTF8 || !isASCII(t.m.Sender)
	for _, i := range t.open {
		needed = needed || !isASCII(t.to[i])
	}
	offered, _ := t.client.Extension("SMTPUTF8")
	if !needed || offered {
		t.utf8 = needed
		return
	}
	const remedy = "Use an address without accents or foreign letters, or ask IT for a server that takes them."
	some := len(t.open)
	t.each(func(to string) bool { return !isASCII(to) }, data.BlameRecipient, "The mail server does not take an address with such letters: %s.", remedy)
	switch {
	case !isASCII(t.m.Sender):
		t.refuse(data.BlameSettings, "The mail server "+t.server.Host+" does not take a sender with such letters.", remedy)
	case t.m.UTF8 && (some == len(t.open) || !plainHeader(b)):
		t.refuse(data.BlameMessage, "The message names an address with letters that "+t.server.Host+" does not take.", remedy)
	}
}

// plainHeader reports whether no field of the header needs SMTPUTF8.
func plainHeader(b data.Body) bool {
	header, err := readHeader(b)
	return err == nil && isASCII(string(header))
}

// sizeLimit is what the server said with SIZE (RFC 1870); 0 or nothing is no limit.
func (t *transaction) sizeLimit() (int64, bool) {
	_, said := t.client.Extension("SIZE")
	n, err := strconv.ParseInt(strings.TrimSpace(said), 10, 64)
	return n, err == nil && n > 0
}

// speakable reports whether an address can stand between the brackets of a command as it is.
func speakable(address string) bool {
	a, err := data.ParseAddress(address)
	return err == nil && a.String() != "" && !strings.ContainsAny(address, "<>\r\n")
}

// each gives the recipients that fit a permanent outcome, and takes them from the open ones.
func (t *transaction) each(fits func(to string) bool, blame data.Blame, sentence, remedy string) {
	var open []int
	for _, i := range t.open {
		if !fits(t.to[i]) {
			open = append(open, i)
			continue
		}
		t.out[i] = data.Outcome{
			Kind: data.KindPermanent, Phase: data.PhaseLocal, Blame: blame,
			Sentence: fmt.Sprintf(sentence, data.Clean(t.to[i], 100)), Remedy: remedy,
		}
	}
	t.open = open
}

// refuse gives every open recipient the same permanent outcome.
func (t *transaction) refuse(blame data.Blame, sentence, remedy string) {
	for _, i := range t.open {
		t.out[i] = data.Outcome{Kind: data.KindPermanent, Phase: data.PhaseLocal, Blame: blame, Sentence: sentence, Remedy: remedy}
	}
	t.open = nil
}

func megabytes(n int64) string {
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
}

func is421(err error) bool {
	var reply *textproto.Error
	return errors.As(err, &reply) && reply.Code == 421
}
