package relay

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"strings"

	"smtpgateway/data"
)

// MaxRecipients is the most recipients offered in one transaction: every server takes 100 (RFC 5321 4.5.3.1.8).
const MaxRecipients = 100

// Send hands m to the server for recipients and comes back with one outcome for each, in their order. handed is true
// once MAIL was spoken. KindUntouched means that this recipient was not offered, or not to the end, and nobody is to
// blame: it goes in another transaction, which is possible at once on this session if it is Alive, else on a new one.
// When ctx ends, so does the conversation: plainly before the final dot, uncertain after it.
func (s *Session) Send(ctx context.Context, m data.Message, recipients []string, b data.Body) (outcomes []data.Outcome, handed bool) {
	t := &transaction{Session: s, stopped: func() bool { return ctx.Err() != nil }, m: m, to: recipients, size: b.Size(), out: make([]data.Outcome, len(recipients))}
	for i := range recipients {
		t.out[i] = untouched("The connection ended before this recipient's turn.")
		if i < MaxRecipients {
			t.open = append(t.open, i)
		}
	}
	if !s.alive {
		return t.out, false
	}
	stop := context.AfterFunc(ctx, s.raw.cancel)
	defer func() {
		if !stop() {
			s.drop()
		}
	}()
	t.run(b)
	return t.out, t.handed
}

// transaction is one MAIL with its recipients and its body.
type transaction struct {
	*Session
	stopped  func() bool // the caller's context has ended
	m        data.Message
	to       []string
	out      []data.Outcome
	open     []int // recipients still without an outcome
	accepted []int // recipients the server took
	size     int64 // octets to come; negative: not known, because the message is written anew
	eight    bool  // BODY=8BITMIME
	utf8     bool  // SMTPUTF8
	handed   bool
}

func untouched(why string) data.Outcome {
	return data.Outcome{Kind: data.KindUntouched, Phase: data.PhaseLocal, Sentence: why, Remedy: remedyWait}
}

func (t *transaction) run(b data.Body) {
	t.checkHere(b)
	if len(t.open) == 0 {
		return
	}
	body, err := t.load(b)
	if err != nil {
		t.failHere(err)
		return
	}
	defer body.Close() //nolint:errcheck // only read
	if err := t.reset(); err != nil {
		t.lostIdle(err)
		return
	}
	if !t.mail() || !t.rcpt() {
		return
	}
	if t.dataCommand() && t.pour(body) {
		t.dot()
	}
}

func (t *transaction) mail() bool {
	line := "MAIL FROM:<" + t.m.Sender + ">"
	if ok, _ := t.client.Extension("SIZE"); ok && t.size >= 0 {
		line += fmt.Sprintf(" SIZE=%d", t.size)
	}
	if t.eight {
		line += " BODY=8BITMIME"
	}
	if t.utf8 {
		line += " SMTPUTF8"
	}
	if t.stopped() {
		t.lostIdle(errStopped)
		return false
	}
	t.handed, t.dirty = true, true
	_, err := t.command(t.timeouts.Command, 2, "%s", line)
	if err == nil {
		t.pending = true
		return true
	}
	if !answered(err) && t.taken > 0 && !errors.Is(err, errReplyTooLong) && !timedOut(err) {
		// Many servers close after so many messages; that is no trouble, the next connection takes this one.
		t.handed = false
		t.lostIdle(err)
		return false
	}
	t.conclude(t.open, data.PhaseMail, err)
	return false
}

// rcpt offers every recipient. It reports whether the body is to follow.
func (t *transaction) rcpt() bool {
	for n, i := range t.open {
		_, err := t.command(t.timeouts.Command, 2, "RCPT TO:<%s>", t.to[i])
		if err == nil {
			t.accepted = append(t.accepted, i)
			continue
		}
		o, name := t.judge(i, data.PhaseRcpt, err)
		switch {
		case !settled(err):
			// Who is to blame cannot be known: all that were offered share it, the rest were not touched.
			t.conclude(append(t.accepted, i), data.PhaseRcpt, err)
			return false
		case name == phraseTooManyRecipients && len(t.accepted) > 0:
			t.leave(t.open[n:], "The server takes only so many recipients in one message; the rest goes in the next.")
			return true
		case o.Kind == data.KindServer:
			t.out[i] = o
			t.leave(t.open[n+1:], "The server is in trouble; this recipient was not offered.")
			return len(t.accepted) > 0
		}
		t.out[i] = o
	}
	return len(t.accepted) > 0
}

func (t *transaction) dataCommand() bool {
	_, err := t.command(t.timeouts.Data, 354, "DATA")
	if err != nil {
		t.conclude(t.accepted, data.PhaseData, err)
	}
	return err == nil
}

// dot ends the body. From here on only the server's answer can say what became of the message.
func (t *transaction) dot() {
	t.raw.within(t.timeouts.Dot)
	text, err := t.answer(2)
	if err == nil {
		t.pending = false
		t.taken++
		o := data.Outcome{
			Kind: data.KindSent, Phase: data.PhaseDot, Code: 250, Line: cleanLine(text, t.server),
			Sentence: "The mail server " + t.server.Host + " took the message.",
		}
		o.Enhanced = enhancedCode(&textproto.Error{Code: 250, Msg: text})
		for _, i := range t.accepted {
			t.out[i] = o
		}
		return
	}
	if settled(err) {
		t.pending = false
		t.taken++
	}
	t.conclude(t.accepted, data.PhaseDot, err)
}

// conclude gives these recipients the outcome of err, and ends the session unless the server plainly refused and stays.
func (t *transaction) conclude(whom []int, phase data.Phase, err error) {
	for _, i := range whom {
		t.out[i], _ = t.judge(i, phase, err)
	}
	if !settled(err) {
		t.drop()
	}
}

func (t *transaction) judge(i int, phase data.Phase, err error) (data.Outcome, string) {
	if !answered(err) && t.stopped() {
		err = errStopped
	}
	return judge(place{phase: phase, server: t.server, from: t.m.Sender, to: t.to[i], nobody: t.m.Sender == ""}, err)
}

// lostIdle ends the session between two messages: none of them is touched by it.
func (t *transaction) lostIdle(err error) {
	why := "The server had closed the connection; the message goes over the next one."
	if t.stopped() {
		why = "The service was stopped before the message was handed over."
	}
	t.log.Debug("connection ended between messages", "server", t.server.Number, "answered", answered(err))
	t.leave(t.open, why)
	t.drop()
}

func (t *transaction) leave(whom []int, why string) {
	for _, i := range whom {
		t.out[i] = untouched(why)
	}
}

// failHere gives every open recipient an error of our own, from before the server heard of the message.
func (t *transaction) failHere(err error) {
	for _, i := range t.open {
		t.out[i], _ = t.judge(i, data.PhaseLocal, err)
	}
}

// answered reports whether err is an answer of the server, not a broken connection.
func answered(err error) bool {
	var reply *textproto.Error
	return errors.As(err, &reply)
}

// isASCII reports whether s needs no SMTPUTF8.
func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}
