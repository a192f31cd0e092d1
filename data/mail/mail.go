// Package mail is in charge of the bytes of a message and what they mean: it reads a dropped file, takes the envelope
// out of it, makes its bytes canonical once, sets the sender, composes the program's own mails, and re-encodes for a
// server that takes no 8-bit text. It opens nothing, dials nothing and stores nothing; bodies are streamed, so memory
// does not grow with the message.
package mail

import (
	"fmt"
	"time"

	"smtpgateway/data"
)

// Limits of what is taken. A header beyond them is no letter but an accident or an attack.
const (
	maxHeader     = 256 << 10 // octets of a header, X-Receiver lines not counted
	maxFields     = 1000      // fields of a header, X-Receiver lines not counted
	maxRecipients = 10000     // of one message
	maxReceivers  = 4 << 20   // octets of X-Receiver lines
	maxReceived   = 100       // this many Received fields are a mail loop (RFC 5321 6.3)
	maxLine       = 998       // octets of a line without its end (RFC 5322 2.1.1)
	maxShown      = 200       // characters of a text shown to people
)

// Rules is what Receive needs to know of the settings and the moment.
type Rules struct {
	MaxBytes int64     // largest message taken, octets; 0: no limit
	From     data.From // replaces the From of the file
	Now      time.Time // for a missing Date
	Host     string    // right side of a made-up Message-ID should From have no domain name
}

// Draft is a message read from a file, ready for the store.
type Draft struct {
	data.NewMessage
	OriginalFrom   string   // From as the file had it, for people; empty: none
	OriginalSender string   // X-Sender as the file had it: an address, "<>", or empty
	Notes          []string // for the journal, plain words
}

func (d *Draft) notef(format string, args ...any) {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
}

// refuse says why a message cannot be taken.
func refuse(next, format string, args ...any) *data.Error {
	return &data.Error{Code: data.CodeBadMessage, Sentence: fmt.Sprintf(format, args...), Next: next}
}

// Next steps that several refusals share.
const (
	nextWriter  = "Look at the program that wrote the file, or write the message anew."
	nextNotMail = "Save it as a mail message (.EML), or send it as an attachment of one."
)

// isRefusal reports whether err is about the message and not about reading it.
func isRefusal(err error) bool { return data.CodeOf(err) == data.CodeBadMessage }
