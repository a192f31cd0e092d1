package data

import (
	"io"
	"time"
)

// Message is one mail in the queue. Its bytes are stored once, however many recipients it has.
type Message struct {
	ID        int64     // number of the message, never used again
	Class     Class     // decides who goes first
	Door      Door      // where it came in
	MessageID string    // Message-ID with its angle brackets; the same on every try
	Sender    string    // envelope sender as given to MAIL, without brackets; empty is the null sender
	NoReturn  bool      // never answered with a return mail: own mails, and files whose sender was <>
	From      string    // From for people, decoded and cleaned
	To        string    // To for people, decoded and cleaned
	Subject   string    // decoded and cleaned
	Size      int64     // octets on the wire: header and body with CRLF, without dot-stuffing and final dot
	SHA256    [32]byte  // over those octets
	EightBit  bool      // holds octets over 127: needs 8BITMIME
	UTF8      bool      // an address or header field needs SMTPUTF8 (RFC 6531)
	Practice  bool      // practice copy: goes to test_to, not to the person it names
	Queued    time.Time // when the door said yes
	File      string    // base name of the dropped file that mirrors it; empty: none
}

// NewMessage is what a door hands to the store.
type NewMessage struct {
	Message             // ID, Size, SHA256 and Queued are set by the store
	Recipients []string // envelope recipients, each once
	// BadRecipients stood where an address should and are none, cleaned. The others get the message; these are failed
	// deliveries from the beginning, so that the sender is told.
	BadRecipients []string
	Header        []byte    // the header block as it will be sent, CRLF, with the blank line that ends it
	Body          io.Reader // what follows, already canonical; nil: empty
	Hold          string    // not empty: stored held, with this sentence as the reason
	Origin        *Origin   // the dropped file it was read from; nil: none
}

// Body gives the octets of one stored message, header first. The store has checked length and SHA-256 before it hands
// one out.
type Body interface {
	// Size in octets.
	Size() int64
	// Open starts at the first octet; it may be called again for another try.
	Open() (io.ReadCloser, error)
}

// Origin ties a message to the very file it was read from, so that a file that could not be deleted, or that came back
// after a power cut, is known again. A copy is another file, a rename is not.
type Origin struct {
	Key     string // identity, size, time and hash of the file; never its name
	Name    string // base name when last seen
	Message int64  // message read from it; 0: the file was refused
	Gone    time.Time
}
