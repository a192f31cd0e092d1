package relay

import (
	"context"

	"smtpgateway/data"
)

// Probe looks at a server step by step, as far as it gets, and sends nothing: name, connection, protection with its
// certificate, greeting, sign-in, and whether it takes from as the sender. Every step is told to report as it ends, if
// it is not nil. The outcome is KindSent when all is well.
func (r *Relay) Probe(ctx context.Context, s data.Server, from string, report func(data.Step)) data.Outcome {
	session, o := r.Dial(ctx, s, report)
	if session == nil {
		return o
	}
	defer session.Close()
	stop := context.AfterFunc(ctx, session.raw.cancel)
	defer stop()
	d := &dialling{relay: r, server: s, from: from, report: report}
	if o, ok := d.take(ctx, step{stepSender, data.PhaseMail, func(context.Context) (text, detail string, err error) {
		return session.trySender(from)
	}}); !ok {
		return o
	}
	return data.Outcome{Kind: data.KindSent, Phase: data.PhaseMail, Sentence: "All is well with " + s.Host + ": " + session.protection + "."}
}

// trySender says MAIL and takes it back.
func (s *Session) trySender(from string) (text, detail string, err error) {
	if !speakable(from) {
		return "", "", &phaseError{data.PhaseLocal, &data.Error{Code: data.CodeBadAddress, Sentence: "The From address is not an e-mail address.", Next: "Look at it in the settings."}}
	}
	s.dirty, s.pending = true, true
	detail, err = s.command(s.timeouts.Command, 2, "MAIL FROM:<%s>", from)
	if err != nil {
		return "", "", err
	}
	if err := s.reset(); err != nil {
		s.drop() // the sender was taken; how the conversation ends does not matter
	}
	return "The server takes mail from " + data.Clean(from, 100) + ".", cleanLine(detail, s.server), nil
}
