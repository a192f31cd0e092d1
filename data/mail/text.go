package mail

import (
	"fmt"
	"io"
	"mime"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"smtpgateway/data"
)

// wordDecoder decodes encoded words (RFC 2047) in any charset the web knows; schools have all of them.
var wordDecoder = mime.WordDecoder{CharsetReader: func(charset string, r io.Reader) (io.Reader, error) {
	e, err := htmlindex.Get(charset)
	if err != nil {
		return nil, fmt.Errorf("charset %q: %w", charset, err)
	}
	return e.NewDecoder().Reader(r), nil
}}

// decode gives header text as meant. What cannot be decoded stays as it stands. The result may hold anything, line
// breaks too: it goes through oneLine or shown before anybody sees it.
func decode(s string) string {
	if !strings.Contains(s, "=?") {
		return s
	}
	d, err := wordDecoder.DecodeHeader(s)
	if err != nil {
		return s
	}
	return d
}

// shown is header text for people: decoded, on one line, cut.
func shown(s string) string { return data.Clean(decode(s), maxShown) }
