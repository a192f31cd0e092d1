package mail

import (
	"io"

	"smtpgateway/data"
)

// SevenBit re-encodes a stored message for a server without 8BITMIME (RFC 6152 3): leaves with 8-bit octets become
// quoted-printable or base64, multiparts and attached messages are gone through to a depth of 20. body is opened
// twice; the caller closes the new one. A DKIM signature goes, since the body changes. Errors in words are *data.Error:
// the header needs SMTPUTF8, or the message is signed, encrypted or not MIME enough to be touched.
func SevenBit(block []byte, body func() (io.ReadCloser, error)) (newHeader []byte, newBody io.ReadCloser, err error) {
	if !ascii(block) {
		return nil, nil, &data.Error{
			Code: data.CodeBadMessage, Sentence: "An address or header field of the message holds letters this mail server does not take.",
			Next: "Use an address of plain letters, or a mail server that knows SMTPUTF8.",
		}
	}
	h := parseHeader(block)
	first, err := body()
	if err != nil {
		return nil, nil, err
	}
	w := work{seven: true}
	err = w.plan(&h, first)
	if closed := first.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, nil, err
	}
	h.dropVoid(nil, true)
	second, err := body()
	if err != nil {
		return nil, nil, err
	}
	return h.bytes(), readCloser{w.rewrite(second), second}, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}
