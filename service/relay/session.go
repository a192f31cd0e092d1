package relay

import (
	"bufio"
	"errors"
	"fmt"
	"log/slog"
	"net/textproto"
	"strconv"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"smtpgateway/data"
)

// goodbye is how long a server may take to answer QUIT; nothing depends on it.
const goodbye = 5 * time.Second

// Session is one conversation with a server, signed in. Messages go one after the other; it is not for several
// goroutines.
type Session struct {
	timeouts   Timeouts
	sevenBit   SevenBit
	log        *slog.Logger
	server     data.Server
	client     *smtp.Client
	raw        *conn
	protection string

	out   *bufio.Writer // for bodies, made with the first one
	chunk []byte        // what is read of a body at a time

	alive   bool
	dirty   bool // a transaction was begun: RSET before the next
	pending bool // and not ended by an answer to its final dot
	taken   int  // messages this session has brought to an end
}

// Alive reports whether another message can be sent.
func (s *Session) Alive() bool { return s.alive }

// Protection says in words how the connection is protected.
func (s *Session) Protection() string { return s.protection }

// Close says goodbye and closes. Whatever goes wrong with that changes nothing any more.
func (s *Session) Close() {
	if s.alive {
		s.raw.within(min(goodbye, s.timeouts.Command))
		_ = s.client.Quit()
	}
	s.drop()
}

// drop closes without a word. After an error in the middle of a body it is the only safe way: anything said would first
// end the body with a dot, and the server would take half a message for a whole one.
func (s *Session) drop() {
	s.alive = false
	_ = s.raw.Close()
}

// command says one line and waits for the answer; want is the code or its first digit.
func (s *Session) command(wait time.Duration, want int, format string, args ...any) (string, error) {
	s.raw.within(wait)
	id, err := s.client.Text.Cmd(format, args...)
	if err != nil {
		return "", err
	}
	s.client.Text.StartResponse(id)
	defer s.client.Text.EndResponse(id)
	return s.answer(want)
}

// answer reads one reply. A bare code without text is one too (RFC 5321 4.2), which the standard library does not know:
// a "250" to the final dot must not be taken for silence.
func (s *Session) answer(want int) (string, error) {
	head, err := s.client.Text.R.Peek(4)
	if err == nil && (head[3] == '\r' || head[3] == '\n') {
		if code, err := strconv.Atoi(string(head[:3])); err == nil && code >= 100 {
			if _, err := s.client.Text.ReadLine(); err != nil {
				return "", fmt.Errorf("reading a reply: %w", err)
			}
			if code == want || code/100 == want {
				return "", nil
			}
			return "", &textproto.Error{Code: code}
		}
	}
	_, text, err := s.client.Text.ReadResponse(want)
	return text, err
}

// settled reports whether the connection is still in step after err: the server gave a proper refusal and stays.
// Anything else (silence, 421, an answer of the wrong kind) ends the session.
func settled(err error) bool {
	var reply *textproto.Error
	return errors.As(err, &reply) && reply.Code != 421 && (reply.Code/100 == 4 || reply.Code/100 == 5)
}

// reset ends the last transaction before the next begins. A server that refuses RSET after it took a message is
// believed to know what it does: there is nothing left to reset.
func (s *Session) reset() error {
	if !s.dirty {
		return nil
	}
	_, err := s.command(s.timeouts.Command, 2, "RSET")
	if err == nil || (!s.pending && settled(err)) {
		s.dirty, s.pending = false, false
		return nil
	}
	return err
}
